"""Saved tiny judges, one of each kind, shared by the tests of this folder."""

import pytest

from . import tiny_judges


@pytest.fixture(scope="session")
def saved(tmp_path_factory):
    """Kind -> folder with a saved tiny model of that kind."""
    root = tmp_path_factory.mktemp("judges")
    return {
        "blip2": tiny_judges.save_blip2(root / "small-blip2"),
        "instructblip": tiny_judges.save_instructblip(root / "small-instructblip"),
        "clip": tiny_judges.save_clip(root / "small-clip"),
        "blip2-itm": tiny_judges.save_head(root / "small-itm"),
    }
