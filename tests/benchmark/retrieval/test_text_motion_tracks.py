"""The tracks of a user's own folder, through the doors of every retrieval track."""

import json

import numpy as np
import pytest

from retargetbench.benchmark.cli.main import main
from retargetbench.benchmark.one_file.scoring import score_file
from retargetbench.benchmark.retrieval.folder import write_embeddings
from retargetbench.benchmark.retrieval.running import items_of
from retargetbench.benchmark.retrieval.scoring import RetrievalTask
from retargetbench.benchmark.submission.method_card import MethodCard
from retargetbench.benchmark.tracks import NeedsDataRoot, find_track, open_retrieval
from retargetbench.datasets.text_motion.items import VARIANTS
from retargetbench.datasets.text_motion.layouts import KIT_ML
from retargetbench.metrics.declarations import find_metric
from retargetbench.reference_model.baselines.retrieval.methods import CAPTION_LENGTH

from ...datasets.text_motion.made_folder import make_folder

TRACK = "retrieval/humanml3d"


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return make_folder(tmp_path_factory.mktemp("made") / "HumanML3D")


@pytest.fixture(scope="module")
def submission(root, tmp_path_factory):
    """Embeddings in which every caption finds its motion."""
    folder, data = tmp_path_factory.mktemp("made") / "mine", open_retrieval(TRACK, None, root)
    motion = np.eye(12, dtype=np.float32)
    write_embeddings(folder, MethodCard("mine", "1"), data, {"text": motion[data.items.caption_of], "motion": motion})
    return folder


def test_the_declared_variants_are_those_of_the_folder_and_the_declared_keys_are_keys():
    assert find_track(TRACK).variants == VARIANTS
    assert find_track("retrieval/kit-ml").variants == VARIANTS[:2]
    for track, motions in ((TRACK, 4384), ("retrieval/kit-ml", 830)):
        keys = find_track(track).metric_keys
        assert {find_metric(key).column.gallery for key in keys} == {motions}
        assert f"t2m/R@1@1[batches-32,{motions},seed=0,dropped={motions % 32}]" in keys


def test_without_a_folder_the_user_is_told_where_to_read_how_to_get_it():
    with pytest.raises(NeedsDataRoot, match=r"retrieval/humanml3d do not come .* build them as .*text-motion-data.md"):
        open_retrieval(TRACK)


def test_embeddings_are_scored_on_the_users_folder(root, submission, tmp_path):
    data = open_retrieval(TRACK, None, root)
    scored = score_file(submission, RetrievalTask(TRACK, "test", data), tmp_path)
    scores = scored.result.scores["all"]
    assert scores["t2m/R@1@1[all-strict,12]"].value == 100
    assert scores["m2t/R@1@1[all-strict,14,captions=all]"].value == 100
    assert scored.result.data == data.data_sha256
    assert {sample.motion_cluster for sample in scored.samples.samples} == set(data.structures)


def test_a_variant_is_other_data_and_stands_in_every_key(root, tmp_path):
    data = open_retrieval(TRACK, "clean", root)
    assert data.data_sha256 != open_retrieval(TRACK, None, root).data_sha256
    ones = {kind: np.ones((len(ids), 2), dtype=np.float32) for kind, ids in data.item_ids.items()}
    write_embeddings(tmp_path / "mine", MethodCard("mine", "1"), data, ones)
    scored = score_file(tmp_path / "mine", RetrievalTask(TRACK, "clean", data), tmp_path)
    assert scored.result.scores["all"]["m2t/R@1@1[all-strict,6,subset=clean]"].value == pytest.approx(100 / 6)
    assert all("subset=clean" in key for key in scored.result.scores["all"])


def test_check_and_verify_answer_on_the_users_folder(root, submission, capsys):
    assert main(["check", str(submission), "--track", TRACK, "--data-root", str(root)]) == 0
    assert "fine, embeddings of 14 text, 12 motion items" in capsys.readouterr().out
    assert main(["check", str(submission), "--track", TRACK, "--variant", "clean", "--data-root", str(root)]) == 1
    assert "has no text '000006.0'" in capsys.readouterr().out
    assert main(["data", "verify", "humanml3d", "--data-root", str(root), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["overlap"]["overlapping"], told["equal_captions"]["sharing"], told["splits"]["test"]["mirrored"]) == (
        3,
        2,
        6,
    )
    assert told["tests"]["clean"]["motions"] == 6
    assert main(["data", "verify", "humanml3d", "--data-root", str(root)]) == 0
    told = capsys.readouterr().out
    assert "3 overlap a training motion in time (median IoU 0.33, 1 identical)" in told
    assert "Arrays of 24 motions: all there; 1 read; joints and features agree to " in told


def test_verify_needs_the_folder_and_tells_what_is_wrong_with_it(tmp_path, capsys):
    assert main(["data", "verify", "kit-ml"]) != 0
    assert "say where yours is with --data-root" in capsys.readouterr().err
    assert main(["data", "verify", "kit-ml", "--data-root", str(tmp_path)]) != 0
    assert "[D210] the kit-ml folder" in capsys.readouterr().err


def test_a_folder_without_arrays_is_verified_with_a_complaint(tmp_path, capsys):
    root = make_folder(tmp_path / "KIT-ML", KIT_ML)
    for path in (root / "new_joints").iterdir():
        path.unlink()
    test = root / "test.txt"
    test.write_text(test.read_text().replace("000006\n", "", 1))
    assert main(["data", "verify", "kit-ml", "--data-root", str(root)]) == 1
    told = capsys.readouterr().out
    assert "23 have no joints (000000, 000001, 000002 and 20 more)" in told
    assert "test: 1 of the mirrored motions lack their original there (M000006)." in told
    assert "overlaps of test and training cannot be counted" in told


def test_a_method_gets_features_and_the_floors_read_their_duration(root):
    motions = items_of(open_retrieval(TRACK, None, root), "motion")
    embedded = CAPTION_LENGTH.embed_motion(list(motions), seed=0)
    assert len(embedded) == 12
    assert len({motion.duration_s for motion in motions}) == 2
