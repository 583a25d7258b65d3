from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from retargetbench.datasets.errors import UnknownName
from retargetbench.datasets.rendering import PictureStyle, SheetRow, SheetStyle, contact_sheet, sheet_image
from retargetbench.datasets.rendering.contact_sheet import shown_frames

from .figures import figure, resting

SMALL = SheetStyle(frames=3, size_px=48, aspect=0.75, look=PictureStyle(samples=1))


@pytest.fixture(scope="module")
def rows():
    small, tall = figure("small", 0.6), figure("tall", 1.3)
    return [SheetRow("source: small", small, resting(small)), SheetRow("copy: tall", tall, resting(tall))]


def test_a_sheet_has_a_row_per_motion_and_a_column_per_frame(rows):
    assert sheet_image(rows, SMALL).shape == (2 * 48, 3 * 36, 3)


def test_a_sheet_is_written_as_png_or_jpeg(rows, tmp_path):
    for name, kind in (("a.png", "PNG"), ("a.jpg", "JPEG")):
        contact_sheet(rows, tmp_path / name, SMALL)
        with Image.open(tmp_path / name) as image:
            assert (image.format, image.size) == (kind, (108, 96))


def test_the_shown_frames_go_from_the_first_to_the_last():
    assert shown_frames(61, SheetStyle(frames=4)) == [0, 20, 40, 60]
    assert shown_frames(1, SheetStyle(frames=3)) == [0, 0, 0]


def test_frame_numbers_are_written_only_where_they_are_wanted(rows):
    unlabelled = [SheetRow("", r.character, r.motion) for r in rows]
    changed = (sheet_image(unlabelled, SMALL) != sheet_image(unlabelled, replace(SMALL, numbered=False))).any(axis=-1)
    assert changed[33:48].any()
    assert not changed[:33].any()


def test_chosen_frames_beyond_the_end_show_the_last_one():
    assert shown_frames(10, SheetStyle(at=(2, 9, 50))) == [2, 9, 9]


def test_bodies_of_all_sizes_fill_the_picture(rows):
    image = sheet_image([SheetRow("", r.character, r.motion, (1.0, 0.0, 0.0)) for r in rows], SMALL)
    red = image[..., 0].astype(int) - image[..., 1] > 50
    small, tall = red[:48].any(axis=1).sum(), red[48:].any(axis=1).sum()
    assert small > 28
    assert abs(int(small) - int(tall)) <= 2


def test_a_raised_character_is_raised_in_the_picture(rows):
    row = rows[1]
    tops = []
    for rise in (0.0, 0.3):
        raised = SheetRow("", row.character, resting(row.character, rise_m=rise), (1.0, 0.0, 0.0))
        image = sheet_image([raised], SMALL).astype(int)
        tops.append(np.flatnonzero((image[..., 0] - image[..., 1] > 50).any(axis=1))[0])
    assert tops[1] < tops[0] - 3


def test_nothing_is_cut_off_however_far_a_hand_or_a_jump_reaches(rows):
    for row in rows:
        for rise in (0.0, 1.0):
            raised = SheetRow("", row.character, resting(row.character, rise_m=rise), (1.0, 0.0, 0.0))
            for view in ("front", "left"):
                style = replace(SMALL, frames=1, size_px=240, aspect=0.4, view=view)
                image = sheet_image([raised], style).astype(int)
                red = image[..., 0] - image[..., 1] > 50
                assert red.any()
                assert not red[[0, -1]].any()
                assert not red[:, [0, -1]].any()


def test_all_rows_are_seen_from_the_same_distance_in_body_heights(rows):
    colour = (1.0, 0.0, 0.0)
    low = SheetRow("", rows[0].character, rows[0].motion, colour)
    high = SheetRow("", rows[1].character, resting(rows[1].character, rise_m=1.5), colour)
    alone, beside = (sheet_image(chosen, SMALL)[:48].astype(int) for chosen in ([low], [low, high]))
    tall, small = (np.flatnonzero((i[..., 0] - i[..., 1] > 50).any(axis=1)) for i in (alone, beside))
    assert len(small) < len(tall) - 5


def test_no_rows_give_an_empty_picture():
    assert sheet_image([]).size == 0


def test_an_unknown_view_names_the_nearest(rows):
    with pytest.raises(UnknownName, match="Did you mean 'front'"):
        sheet_image(rows, SheetStyle(view="frnt"))
