import csv
import io
import subprocess
import sys

import pytest

from retargetbench.datasets.clip_set import CaptionedClips
from retargetbench.datasets.intents.build import pairs_of
from retargetbench.datasets.intents.clip_captions import captions_sha256, clip_captions
from retargetbench.datasets.intents.clip_captions_build import caption, captions_text
from retargetbench.datasets.intents.clips import VARIANTS, load_intents
from retargetbench.datasets.intents.mini_pairs import MINI_PAIRS


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_clip_has_one_sentence(variant):
    clips = load_intents(variant)
    assert isinstance(clips, CaptionedClips)
    assert clips.captions_sha256 == captions_sha256()
    for spec in clips.pairs:
        sentence = clips.caption(spec.clip_id)
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        assert len(sentence.split()) >= 3


def test_the_committed_sentences_of_mini_are_those_of_its_programs():
    programs = [pair.program() for pair in MINI_PAIRS]
    written = dict(csv.reader(io.StringIO(captions_text(programs, {p.name for p in programs}))))
    assert len(written) == len({program.name for program in programs})
    assert written.items() <= clip_captions().items()
    assert written["wave-right-2-1.1-18"] == caption(next(p for p in programs if p.intent == "wave"))
    assert "right hand" in written["wave-right-2-1.1-18"]


def test_reading_a_sentence_makes_no_program():
    code = (
        "import sys\n"
        "from retargetbench.datasets.intents.clips import load_intents\n"
        "clips = load_intents('mini')\n"
        "clips.caption(clips.pairs[0].clip_id)\n"
        "print([m for m in sys.modules if 'programs' in m or 'lexicon' in m or m == 'torch'])"
    )
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.slow
def test_all_committed_sentences_are_those_of_their_programs():
    programs = (pair.program() for variant in VARIANTS for pair in pairs_of(variant))
    text = captions_text(programs, clip_captions())
    assert dict(csv.reader(io.StringIO(text))) == clip_captions()
