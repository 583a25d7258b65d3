"""Training: the loss falls, a stopped run ends as an undisturbed one, the weights are judges and small enough."""

import pytest
import torch

from retargetbench.metrics.semantics.scores import consistency, look_at_source
from retargetbench.metrics.semantics.source import JudgeSource
from retargetbench.reference_model.tiny_vlm.batches import Shown, draw_batch
from retargetbench.reference_model.tiny_vlm.errors import NoTrainedWeights
from retargetbench.reference_model.tiny_vlm.judges import load_tiny_blip2, load_tiny_clip
from retargetbench.reference_model.tiny_vlm.loop import Schedule, Task, run_steps
from retargetbench.reference_model.tiny_vlm.models import (
    Sizes,
    TinyBlip2,
    build_clip,
    parameter_count,
    save_blip2,
    save_clip,
)
from retargetbench.reference_model.tiny_vlm.picture_files import open_pictures
from retargetbench.reference_model.tiny_vlm.tokens import learn_pieces, tokenizer_of
from retargetbench.reference_model.tiny_vlm.trainees import Blip2Trainee, ClipTrainee
from retargetbench.reference_model.training.errors import OtherRun

from .small import SMALL


@pytest.fixture(scope="module")
def pieces(pictures):
    return learn_pieces((t for s in pictures.scenes for t in (*s.captions, s.hands, s.doing)), 300)


def blip2_task(pictures, pieces, folder, seed=0):
    torch.manual_seed(seed)
    shown = Shown.of(pictures)

    def draw(step):
        return draw_batch(shown, 8, [0, step], sight_only=step < 2)

    return Task(Blip2Trainee(SMALL, pieces), draw, folder, {"model": "blip2"})


def run(task, steps, **limits):
    losses = []
    schedule = Schedule(20, rate=3e-3, save_every=5)
    if steps < 20:
        original = task.draw

        def until(step):
            if step == steps:
                raise KeyboardInterrupt
            return original(step)

        object.__setattr__(task, "draw", until)
        with pytest.raises(KeyboardInterrupt):
            run_steps(task, schedule, tell=lambda _, parts: losses.append(parts), **limits)
    else:
        run_steps(task, schedule, tell=lambda _, parts: losses.append(parts), **limits)
    return losses


def test_the_loss_falls_and_a_killed_run_ends_with_the_same_numbers(pictures, pieces, tmp_path):
    whole = blip2_task(pictures, pieces, tmp_path / "whole")
    losses = run(whole, 20)
    assert {*losses[0]} == {"total", "maps"}  # sight before speech
    assert {*losses[-1]} == {*losses[0], "points", "slots", "contrast", "match", "answer"}
    assert sum(p["total"] for p in losses[-4:]) < 0.8 * sum(p["total"] for p in losses[2:6])
    assert sum(p["maps"] for p in losses[-4:]) < 0.9 * sum(p["maps"] for p in losses[:4])
    run(blip2_task(pictures, pieces, tmp_path / "killed"), 12)
    resumed = blip2_task(pictures, pieces, tmp_path / "killed", seed=5)  # what it starts from comes from the checkpoint
    later = run(resumed, 20)
    assert len(later) == 20 - 10
    assert later == losses[10:]
    for one, other in zip(whole.trainee.parameters(), resumed.trainee.parameters(), strict=True):
        assert torch.equal(one, other)


def test_a_folder_of_another_run_is_refused(pictures, pieces, tmp_path):
    run(blip2_task(pictures, pieces, tmp_path), 5)
    with pytest.raises(OtherRun, match="--out"):
        run_steps(blip2_task(pictures, pieces, tmp_path), Schedule(21, rate=3e-3), tell=lambda *_: None)


def test_a_run_stops_after_the_step_that_is_named_and_goes_on_without_it(pictures, pieces, tmp_path):
    task = blip2_task(pictures, pieces, tmp_path)
    assert run_steps(task, Schedule(3), until=2, tell=lambda *_: None) == 2
    told = []
    assert run_steps(task, Schedule(3), tell=lambda step, _: told.append(step)) == 3
    assert told == [3]


def test_time_that_is_over_stops_before_the_next_step(pictures, pieces, tmp_path):
    task = blip2_task(pictures, pieces, tmp_path)
    assert run_steps(task, Schedule(20), stop_after_s=-1.0, tell=lambda *_: None) == 0


def test_the_clip_learns_from_several_pictures_of_a_scene(pictures_folder, pieces, tmp_path):
    torch.manual_seed(1)
    shown = Shown.of(open_pictures(pictures_folder, "clip", ["val-0000"]))
    task = Task(ClipTrainee(SMALL, pieces, 2), lambda step: draw_batch(shown, 8, [1, step], group=2), tmp_path, {})
    losses = run(task, 20)
    assert sum(p["total"] for p in losses[-4:]) < 0.9 * sum(p["total"] for p in losses[:4])


def test_saved_models_are_judges_that_answer_match_and_pass_gradients(pieces, tmp_path):
    torch.manual_seed(0)
    count = len(tokenizer_of(pieces, begins=True))
    model = TinyBlip2(SMALL, count).eval()
    save_blip2(model, tmp_path / "mine", pieces)
    judge = load_tiny_blip2(JudgeSource(folder=tmp_path / "mine"))
    assert judge.name.startswith("tiny-blip2~")
    assert judge.abilities == {"embed", "answer", "match"}
    assert judge.looking.crop == "upper-body"
    frames = torch.rand(2, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    look = look_at_source(judge, frames)
    moved = (1 - frames).requires_grad_()
    consistency(judge, moved, look).backward()
    assert float(moved.grad.abs().max()) > 0
    words = tokenizer_of(pieces, begins=True)(["a person waves"], return_tensors="pt")
    with torch.no_grad():
        seen, _ = model.see(judge._pixels(frames))
        wanted = model.match_logits(seen, *(t.expand(2, -1) for t in (words["input_ids"], words["attention_mask"])))
    assert torch.allclose(judge.match(frames, ["a person waves"] * 2), wanted.softmax(dim=-1)[:, 1], atol=2e-3)


def test_the_clip_is_a_judge_too(pieces, tmp_path):
    torch.manual_seed(0)
    save_clip(build_clip(SMALL, len(tokenizer_of(pieces, begins=True))), tmp_path / "second", pieces)
    judge = load_tiny_clip(JudgeSource(folder=tmp_path / "second"))
    assert judge.image_embedding(torch.rand(2, 3, 32, 32)).shape == (2, 16)
    assert judge.text_embedding(["a", "the left hand"]).shape == (2, 16)


def test_weights_that_are_not_there_are_answered_with_the_command(tmp_path, monkeypatch):
    monkeypatch.setattr("retargetbench.reference_model.tiny_vlm.judges.files", lambda _: tmp_path)
    for load in (load_tiny_blip2, load_tiny_clip):
        with pytest.raises(NoTrainedWeights, match="retargetbench train tiny-vlm"):
            load(JudgeSource())
        with pytest.raises(NoTrainedWeights, match="owner/name"):
            load(JudgeSource("owner/name"))


def test_both_models_together_have_at_most_seven_million_parameters_and_twelve_mebibytes_in_fp16():
    sizes = Sizes()
    blip2, clip = TinyBlip2(sizes, sizes.pieces), build_clip(sizes, sizes.pieces)
    together = parameter_count(blip2) + parameter_count(clip)
    assert together <= 7_000_000
    assert 2 * together + 400_000 <= 12 * 2**20  # vocabularies and configurations beside the weights


def test_a_vocabulary_gives_sentences_back_letter_by_letter(pieces):
    words = tokenizer_of(pieces, begins=False)
    sentence = "The left hand is on the left hip, the right hand hangs down."
    assert words.decode(words(sentence)["input_ids"], skip_special_tokens=True) == sentence
    assert words(sentence)["input_ids"][-1] == words.eos_token_id
