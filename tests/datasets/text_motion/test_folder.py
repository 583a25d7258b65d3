"""Folders in the two layouts: read as they are, and every problem of a bad one told in one sentence."""

import numpy as np
import pytest

from retargetbench.datasets.text_motion.captions import Caption, parse_captions
from retargetbench.datasets.text_motion.errors import BadTextMotionFolder
from retargetbench.datasets.text_motion.folder import is_mirrored, original_of, read_folder
from retargetbench.datasets.text_motion.layouts import HUMANML3D, KIT_ML


def test_a_folder_gives_its_splits_captions_windows_and_arrays(humanml3d):
    folder = read_folder(humanml3d, HUMANML3D)
    assert {name: len(ids) for name, ids in folder.splits.items()} == {"train": 8, "val": 4, "test": 12}
    assert len(folder.captions) == 24
    assert len(folder.windows) == 12
    assert (folder.windows["000009"].recording, folder.windows["000009"].campaign) == (
        "./pose_data/KIT/2/run.npy",
        "KIT",
    )
    assert folder.features("M000006").shape == (50, 263)
    mean, std = folder.normalisation()
    assert mean.shape == std.shape == (263,)


def test_kit_ml_lies_the_same_way_with_251_numbers_and_no_index(kit_ml):
    folder = read_folder(kit_ml, KIT_ML, captioned=("test",))
    assert folder.features("000006").shape == (50, 251)
    assert len(folder.captions) == 12
    assert not folder.windows


def test_a_caption_has_its_words_their_kinds_and_the_part_it_is_about():
    captions, problems = parse_captions(
        "a man waves.#a/DET man/NOUN wave/VERB#1.5#4.0\n\nwaves#wave/VERB#0.0#0.0\n", "x"
    )
    assert problems == []
    assert captions == (
        Caption("a man waves.", ("a/DET", "man/NOUN", "wave/VERB"), (1.5, 4.0)),
        Caption("waves", ("wave/VERB",), None),
    )
    assert [caption.rows(20) for caption in captions] == [slice(30, 80), slice(None)]


@pytest.mark.parametrize(
    ("times", "span"),
    [
        ("nan#nan", None),
        ("nan#3.0", (0.0, 3.0)),
        ("4.0#1.0", (1.0, 4.0)),
        ("2.0#2.0", None),
        ("0.0#0.0", None),
    ],
)
def test_the_odd_times_of_real_files_are_read_as_tmr_reads_them(times, span):
    (caption,), problems = parse_captions(f"waves#wave/VERB#{times}", "x")
    assert (caption.span_s, problems) == (span, [])


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("waves#wave/VERB#0.0", "line 1 of x is not 'caption#tokens#start#end'"),
        ("ok#ok/X#0#0\nwaves#wave/VERB#soon#0.0", "line 2 of x is not"),
        ("waves#wave/VERB#-1#0.0", "line 1 of x is not"),
        (" #wave/VERB#0.0#0.0", "line 1 of x is not"),
        ("\n", "x holds no caption"),
    ],
)
def test_a_line_that_is_no_caption_is_named(content, complaint):
    assert complaint in parse_captions(content, "x")[1][0]


def test_a_mirrored_motion_knows_its_original():
    assert (original_of("M000012"), original_of("000012")) == ("000012", "000012")
    assert (is_mirrored("M000012"), is_mirrored("000012")) == (True, False)


def test_everything_that_is_wrong_with_a_folder_is_told_in_one_sentence(own_folder):
    (own_folder / "val.txt").unlink()
    (own_folder / "texts" / "000008.txt").unlink()
    (own_folder / "texts" / "000009.txt").write_text("waves\n")
    (own_folder / "texts" / "000010.txt").write_bytes(b"\xff\xfe")
    with (own_folder / "train.txt").open("a") as file:
        file.write("000006\n000099\n")
    with pytest.raises(BadTextMotionFolder) as caught:
        read_folder(own_folder, HUMANML3D)
    message = str(caught.value)
    assert message.startswith(f"[D210] the humanml3d folder '{own_folder}' has 6 problems: val.txt is missing; ")
    for part in (
        "1 motions of test.txt stand in train.txt too: 000006",
        "2 of 22 motions lack a file in texts/: 000099, 000008",
        "line 1 of texts/000009.txt is not 'caption#tokens#start#end'",
        "texts/000010.txt cannot be read",
        "1 of 11 motions lack a line in index.csv: 000099",
    ):
        assert part in message
    assert message.count("\n") == 0


def test_an_empty_folder_is_told_what_should_lie_in_it(tmp_path):
    with pytest.raises(BadTextMotionFolder, match=r"train.txt is missing; val.txt .*texts/ is missing; index.csv"):
        read_folder(tmp_path, HUMANML3D)


def test_many_problems_are_counted_and_cut(own_folder):
    for text in (own_folder / "texts").iterdir():
        text.write_text("nothing\n")
    with pytest.raises(
        BadTextMotionFolder, match=r"has 24 problems: .*; and 16 more. docs/text-motion-data.md"
    ) as caught:
        read_folder(own_folder, HUMANML3D)
    assert len(caught.value.problems) == 24


@pytest.mark.parametrize("line", ["a,b,c", "source_path,start_frame,end_frame,new_name\n./x.npy,zero,1,000000.npy"])
def test_an_index_of_another_form_is_named(own_folder, line):
    (own_folder / "index.csv").write_text(f"{line}\n1,2,3\n")
    with pytest.raises(BadTextMotionFolder, match=r"line 2 of index.csv is not 'source_path,start_frame"):
        read_folder(own_folder, HUMANML3D)


def test_a_list_with_an_id_twice_is_named(own_folder):
    (own_folder / "test.txt").write_text("000006\n000006\n")
    with pytest.raises(BadTextMotionFolder, match=r"test.txt lists 000006 2 times"):
        read_folder(own_folder, HUMANML3D)


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda path: path.unlink(), "new_joint_vecs/000006.npy is missing"),
        (lambda path: path.write_bytes(b"no array"), "new_joint_vecs/000006.npy is no NumPy file of numbers"),
        (lambda path: np.save(path, np.array([{}])), "is no NumPy file of numbers"),
        (lambda path: np.save(path, np.zeros((5, 251))), r"is float64 \[5, 251\], not floating \[rows, 263\]"),
        (lambda path: np.save(path, np.zeros((0, 263))), r"is float64 \[0, 263\], not floating"),
        (lambda path: np.save(path, np.full((5, 263), np.nan)), "holds NaN or infinity"),
    ],
)
def test_an_array_that_does_not_fit_is_named_when_it_is_asked_for(own_folder, spoil, complaint):
    folder = read_folder(own_folder, HUMANML3D, captioned=())
    spoil(own_folder / "new_joint_vecs" / "000006.npy")
    with pytest.raises(BadTextMotionFolder, match=complaint):
        folder.features("000006")


def test_a_missing_mean_is_named(own_folder):
    (own_folder / "Mean.npy").unlink()
    with pytest.raises(BadTextMotionFolder, match=r"has a problem: Mean.npy is missing"):
        read_folder(own_folder, HUMANML3D, captioned=()).normalisation()
