import pytest
import torch
from safetensors.torch import load_file, save_file

from retargetbench.metrics.semantics.errors import LacksAbility, NotAJudge
from retargetbench.metrics.semantics.registry import find_judge
from retargetbench.metrics.semantics.scores import itm

from . import tiny_judges
from .tiny_judges import frames, slope_along

TEXTS = ["a person waves the left hand", "walks"]


@pytest.mark.parametrize("placeholder", [3, None])
def test_the_probability_is_that_of_the_models_own_forward_pass(placeholder, tmp_path):
    folder = tiny_judges.save_head(tmp_path / "head", image_token_index=placeholder)
    judge = find_judge("blip2-itm", folder).load()
    ours = judge.match(frames(2), TEXTS)
    assert ours.shape == (2,)
    for i, text in enumerate(TEXTS):
        ids = tiny_judges.tokenizer("[CLS]", "[SEP]")(text)["input_ids"]
        ids = torch.tensor([([] if placeholder is None else [placeholder] * 4) + ids])
        pixels = judge._parts.preprocessing(frames(2)[i : i + 1])
        with torch.no_grad():
            out = judge.model(pixels, ids, torch.ones_like(ids), use_image_text_matching_head=True)
        assert float(ours[i]) == pytest.approx(float(out.logits_per_image.softmax(-1)[0, 1]), rel=1e-4)


def test_text_and_picture_both_matter_and_the_gradient_is_right(saved):
    judge = find_judge("blip2-itm", saved["blip2-itm"], precision="float64").load()
    pictures = frames(2, dtype=torch.float64).requires_grad_()
    value = itm(judge, pictures, TEXTS[0])
    assert 0 < value.item() < 1
    assert abs((value - itm(judge, pictures, TEXTS[1])).item()) > 1e-4
    (gradient,) = torch.autograd.grad(value, pictures)
    way = frames(2, seed=9, dtype=torch.float64) - 0.5
    expected = slope_along(lambda x: float(itm(judge, x, TEXTS[0])), pictures.detach(), way)
    assert abs(expected) > 1e-6
    assert float((gradient * way).sum()) == pytest.approx(expected, rel=1e-4)


def test_itm_is_the_mean_over_pictures(saved):
    judge = find_judge("blip2-itm", saved["blip2-itm"]).load()
    alone = [float(itm(judge, frames(3)[i : i + 1], TEXTS[0])) for i in range(3)]
    assert float(itm(judge, frames(3), TEXTS[0])) == pytest.approx(sum(alone) / 3, rel=1e-5)
    assert len({round(value, 6) for value in alone}) == 3


def test_a_bare_head_cannot_embed(saved):
    with pytest.raises(LacksAbility, match="it can: match"):
        find_judge("blip2-itm", saved["blip2-itm"]).load().embed(frames(1), ["walks"])


def test_a_blip2_folder_may_bring_a_head_that_shares_its_picture_encoder(saved, tmp_path):
    folder = tiny_judges.save_blip2(tmp_path / "both", seed=2)
    head = tiny_judges.save_head(folder / "itm", seed=3)
    tensors = load_file(head / "model.safetensors")
    own = {name: tensor for name, tensor in tensors.items() if not name.startswith("vision_model.")}
    save_file(own, head / "model.safetensors", {"format": "pt"})
    judge = find_judge("blip2", folder).load()
    assert judge.abilities == {"embed", "answer", "match"}
    shared = judge.model.vision_model.state_dict()
    for name, tensor in judge._head.model.vision_model.state_dict().items():
        assert torch.equal(tensor, shared[name])
    value = judge.match(frames(2), TEXTS)

    for name, tensor in shared.items():
        own[f"vision_model.{name}"] = tensor.contiguous()
    complete = tiny_judges.save_head(tmp_path / "complete", seed=3)
    save_file(own, complete / "model.safetensors", {"format": "pt"})
    torch.testing.assert_close(value, find_judge("blip2-itm", complete).load().match(frames(2), TEXTS))

    bare = tiny_judges.save_blip2(tmp_path / "bare", seed=2)
    assert find_judge("blip2", bare).load().fingerprint != judge.fingerprint


def test_a_head_that_lacks_more_than_its_backbone_has_is_refused(tmp_path):
    folder = tiny_judges.save_blip2(tmp_path / "both")
    head = tiny_judges.save_head(folder / "itm")
    tensors = load_file(head / "model.safetensors")
    save_file({n: t for n, t in tensors.items() if "itm_head" not in n}, head / "model.safetensors", {"format": "pt"})
    with pytest.raises(NotAJudge, match=r"lack or contradict 2 tensors.*itm_head\.bias"):
        find_judge("blip2", folder).load()
