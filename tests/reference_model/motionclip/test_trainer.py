"""The trainer from embeddings to a card: the loss falls, a stopped run ends as one that was not, mistakes are told."""

import csv
import json
from contextlib import contextmanager
from dataclasses import replace

import pytest
from safetensors.torch import load_file

from retargetbench.datasets.files import write_atomically
from retargetbench.metrics.semantics.errors import NoJudgeFolder
from retargetbench.reference_model.motionclip.errors import NoEmbeddings, OtherClip
from retargetbench.reference_model.motionclip.model import load_model
from retargetbench.reference_model.motionclip.presets import PRESETS
from retargetbench.reference_model.motionclip.zero_shot import drawn_out
from retargetbench.reference_model.tiny_vlm.errors import NoPictures
from retargetbench.reference_model.trained_weights import NoWeights
from retargetbench.reference_model.training.errors import OtherRun, TrainedOnTest

from ...metrics.semantics import tiny_judges
from .conftest import Counter, counting


@contextmanager
def pulled_plug(*_):
    """Progress during which somebody pulls the plug at the 17th step."""

    class Plug(Counter):
        def advance(self, note=""):
            super().advance(note)
            if len(self.notes) == 17:
                raise KeyboardInterrupt

    yield Plug()


def test_the_loss_falls_and_what_was_trained_is_told(options, trained):
    assert trained["steps"] == PRESETS["quick"].steps
    with (options.run_folder / "losses.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert {row["part"] for row in rows} == {"total", "rotations", "vertices", "differences", "text", "image"}
    totals = [float(row["mean"]) for row in rows if row["part"] == "total"]
    assert totals[-1] < 0.8 * totals[0]  # running means, so it fell further
    said = json.loads((options.run_folder / "run.json").read_text())
    assert said["command"].startswith("retargetbench train motionclip --preset quick")
    assert (said["seed"], said["part"], said["steps"]) == (1, "val", 30)


def test_a_run_that_was_stopped_ends_with_the_same_numbers(options, trained):
    other = replace(options, name="again")
    with pytest.raises(KeyboardInterrupt):
        other.carry_out(pulled_plug)
    other.carry_out(counting)
    weights = [load_file(o.weights_folder / "model.safetensors") for o in (options, other)]
    assert all(bool((weights[0][name] == weights[1][name]).all()) for name in weights[0])


def test_another_run_in_the_same_folder_is_refused(options, trained):
    for change in ({"steps": 31}, {"text_weight": 0.0}, {"seed": 2}):
        with pytest.raises(OtherRun):
            replace(options, **change).carry_out(counting)


def test_embedding_again_embeds_nothing_and_another_clip_anew(options, tmp_path):
    again = replace(options, action="embed")
    assert again.carry_out(counting)["embedded"] == 0
    other = tiny_judges.save_clip(tmp_path / "other-clip", seed=5)
    drawn = options.out / "pictures-val"
    anew = replace(again, judge_folder=other, out=tmp_path / "run", pictures=drawn).carry_out(counting)
    assert (anew["embedded"], (tmp_path / "run" / "pictures-val").exists()) == (1, False)
    with pytest.raises(NoPictures):
        replace(again, out=tmp_path / "none", pictures=tmp_path / "nothing").carry_out(counting)


def test_evaluation_writes_a_card(options, trained, windows):
    found = replace(options, action="evaluate").carry_out(counting)
    card = json.loads((options.weights_folder / "card.json").read_text())
    assert card["scores"] == found["scores"]
    prompts = (options.run_folder / "captions.txt").read_text().splitlines()
    assert len(prompts) == len(windows) < 100
    assert prompts[0] == windows.captions[windows.items[0].texts[0]]
    assert "--preset quick" in card["trained"]["command"]
    scores = found["scores"]
    assert scores["reconstruction, cm"] > 0
    # what is measured was trained on here, so that the neighbours find each motion itself
    assert scores["neighbours, top1"] == scores["raw-pose neighbours, top1"] == 100.0
    assert scores["class texts, top5"] >= scores["class texts, top1"]
    assert -1 <= scores["text cosine"] <= 1


def test_a_run_says_what_it_never_saw_and_is_measured_on_it(options, windows, captures):
    held_out = drawn_out(windows.shown)
    assert held_out
    assert set(held_out) < set(windows.shown)
    apart = replace(options, zero_shot=True, real=captures, real_unseen=("8",), steps=2)
    found = apart.carry_out(counting)
    assert found["acts"] == len(windows.without(held_out)) < len(windows)
    assert found["folder"].endswith("motionclip-quick-zero-shot")
    assert f"--name {apart.run_name}" in found["next"]
    said = json.loads((apart.run_folder / "run.json").read_text())
    assert (tuple(said["held_out"]), said["mirrored"], said["real_trained"]) == (held_out, False, ["7"])
    assert said["command"].endswith("--mirror --zero-shot")
    config = json.loads((apart.weights_folder / "config.json").read_text())
    assert config["trained_on"] == ["intents val", "motion capture of CMU's subject 7"]
    scores = replace(apart, action="evaluate", classifier="recognition-random").carry_out(counting)["scores"]
    assert 0 <= scores["generated, recognised by recognition-random"] <= 100
    assert scores["zero-shot classes"] == sum(" with the " not in name for name in held_out)
    assert scores["real, unseen subjects, cm"] == scores["real, subject 8, cm"] > 0
    assert "real, subject 7 (trained on), cm" in scores


def test_what_is_missing_is_said(options, trained, tmp_path):
    with pytest.raises(TrainedOnTest, match="--part train"):
        replace(options, part="test").carry_out(counting)
    with pytest.raises(NoEmbeddings, match="motionclip embed"):
        replace(options, out=tmp_path).carry_out(counting)
    with pytest.raises(NoWeights, match="train motionclip"):
        replace(options, out=tmp_path, action="evaluate").carry_out(counting)
    with pytest.raises(NoJudgeFolder):
        replace(options, action="embed", judge_folder=tmp_path / "none").carry_out(counting)
    blip = tiny_judges.save_blip2(tmp_path / "small-blip2")
    with pytest.raises(OtherClip, match="no space shared"):
        replace(options, action="embed", judge="blip2", judge_folder=blip).carry_out(counting)


def test_weights_of_another_version_or_clip_are_told(options, trained, tmp_path):
    stranger = load_model(options.weights_folder, tiny_judges.save_clip(tmp_path / "other-clip", seed=5))
    with pytest.raises(OtherClip, match="were aligned to"):
        stranger.embed_text(["a person waves"])
    for name in ("config.json", "model.safetensors"):
        write_atomically(tmp_path / name, (options.weights_folder / name).read_bytes())
    write_atomically(tmp_path / "model.safetensors", b"torn")
    with pytest.raises(NoWeights, match="damaged"):
        load_model(tmp_path)
    write_atomically(tmp_path / "config.json", b'{"format": "other/9"}')
    with pytest.raises(NoWeights, match="another version"):
        load_model(tmp_path)
