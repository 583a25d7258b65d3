import html.parser
import re
from dataclasses import replace

import pytest

from retargetbench.benchmark.comparison import NoSuchResult
from retargetbench.benchmark.records import Failures, MethodIdentity
from retargetbench.benchmark.report import ReportOptions, load_sources, tables, write_report
from retargetbench.benchmark.report.page import NothingToReport, report_html

from .made import LEVELS, SPLITS, result, table, write, write_all

ATTACK = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


class Reader(html.parser.HTMLParser):
    """Every tag with its attributes, and the text of every element."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.text = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text.append(data)


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    return report_html(load_sources([write_all(tmp_path_factory.mktemp("results"))]))


@pytest.fixture(scope="module")
def rows(page):
    """Method -> its row of the first table."""
    body = page[page.index("<tbody>") : page.index("</tbody>")]
    named = {}
    for row in body.split("<tr ")[1:]:
        named[re.search(r'class="name">(.+?)</span>', row)[1].replace("<wbr>", "")] = row
    return named


def test_every_method_has_its_row_ceiling_first_and_floors_last(rows):
    assert list(rows) == ["oracle:ground-truth", "good", "copy", "rest-pose", "random"]


def test_floors_and_ceilings_are_marked(rows):
    assert ">ceiling<" in rows["oracle:ground-truth"]
    assert all(">floor<" in rows[name] for name in ("rest-pose", "random"))
    assert "tag" not in rows["good"]


def test_a_floor_that_is_not_there_is_missed_in_the_table(tmp_path):
    shown = report_html(load_sources([write_all(tmp_path, names=("copy", "rest-pose"))]))
    first = shown[: shown.index("</tbody>")]
    assert first.count("not among these results") == 2
    assert "random" in first
    assert "oracle:<wbr>ground-truth" in first


def test_values_units_and_directions_stand_in_the_table(page, rows):
    assert "goal_<wbr>f1@1\N{NO-BREAK SPACE}\N{UPWARDS ARROW}" in page
    assert "skate_<wbr>mean@1\N{NO-BREAK SPACE}\N{DOWNWARDS ARROW}" in page
    assert "leg/s" in page
    values = [float(v) for v in re.findall(r"<b>([0-9.]+)</b>", rows["good"])]
    assert values == pytest.approx(LEVELS["good"][:4], rel=0.1)


def test_the_leader_of_a_metric_has_rank_1_and_ground_truth_has_none(rows):
    assert rows["good"].count('class="leader"') == 4
    assert 'class="rank"' not in rows["oracle:ground-truth"]


def test_methods_that_cannot_be_told_apart_share_a_rank(rows):
    cells = [re.findall(r"<td.*?</td>", rows[name], re.DOTALL)[3] for name in ("good", "copy")]
    assert all(">1</span>" in cell for cell in cells), cells


def test_rest_pose_is_shown_but_not_ranked_where_doing_nothing_wins(rows):
    assert rows["rest-pose"].count("not ranked") == 2  # penetration and skate, not contact and position
    assert "not ranked" not in rows["copy"]


def test_a_missing_interval_says_why(page):
    assert "n/a: fewer than 8 clusters" not in page[: page.index("</tbody>")]
    splits = page[page.index("</tbody>") :]
    assert ">n/a<" in splits
    assert "interval n/a: fewer than 8 clusters" in splits


def test_without_intervals_nobody_has_a_rank(tmp_path):
    for name in ("good", "copy", "rest-pose"):
        samples = table(LEVELS[name], clips=8, bodies=3)
        write(tmp_path / name, samples, result(samples, name))
    assert 'class="rank"' not in report_html(load_sources([tmp_path]))


def test_there_is_a_table_per_split(page):
    assert [t for t, a in Reader(page).tags if t == "input"] == ["input"] * (1 + len(SPLITS))
    for split in SPLITS:
        assert f'aria-label="{split}"' in page


def test_every_metric_is_defined_and_every_link_leads_there(page):
    reader = Reader(page)
    ids = {attributes["id"] for _, attributes in reader.tags if "id" in attributes}
    links = {attributes["href"][1:] for tag, attributes in reader.tags if tag == "a"}
    assert links <= ids
    assert "s1-skate_mean@1" in ids
    assert "mean horizontal speed of the feet while they are planted" in "".join(reader.text)


def test_a_metric_that_failed_its_audit_says_so_at_its_head_and_in_its_definition(tmp_path, monkeypatch):
    failed = {"pen_limb@1[0.3%H]": "failed its audit on <penetration>"}
    monkeypatch.setattr(tables, "warning_of", failed.get)
    warned = report_html(load_sources([write_all(tmp_path)]))
    assert "Warning: failed its audit on &lt;penetration&gt;" in warned
    heads = [line for line in warned.splitlines() if line.startswith('<th scope="col"><a href=')]
    assert {("pen_" in line and "0.3" in line) for line in heads if "\u26a0" in line} == {True}
    assert any("\u26a0" not in line for line in heads)


def test_the_page_says_how_its_numbers_were_made(page):
    text = "".join(Reader(page).text)
    assert "ab" * 32 in text
    assert "retargetbench run good --track retarget/made" in text


def test_the_page_loads_nothing_and_runs_nothing(page):
    reader = Reader(page)
    assert not {tag for tag, _ in reader.tags} & {"script", "link", "iframe", "object", "embed", "base", "form"}
    for tag, attributes in reader.tags:
        assert not [name for name in attributes if name.startswith("on")], tag
        assert all(str(attributes.get(name, "data:")).startswith("data:") for name in ("src", "srcset", "poster"))
        assert attributes.get("href", "#").startswith("#")
    assert "http:" not in page
    assert "https:" not in page
    assert "url(" not in page
    assert "@import" not in page
    assert "default-src 'none'" in page


def test_without_predictions_the_page_says_that_there_are_no_pictures(page):
    assert "<img" not in page
    assert "no picture: the predictions of this run were not given" in page


def test_every_submitted_word_is_escaped(tmp_path):
    samples = table(LEVELS["copy"])
    hostile = result(
        samples,
        ATTACK,
        track=ATTACK,
        variant=ATTACK,
        command=ATTACK,
        failures=Failures(count=1, ids=(ATTACK,)),
        method=MethodIdentity(
            name=ATTACK,
            version=ATTACK,
            commit=ATTACK,
            weights_sha256=ATTACK,
            trained_on=(ATTACK,),
            trained_on_metrics=(ATTACK,),
        ),
    )
    write(tmp_path / "a", samples, hostile)
    page = report_html(load_sources([tmp_path]), options=ReportOptions(title=ATTACK))
    reader = Reader(page)
    assert not {tag for tag, _ in reader.tags} & {"script", "img"}
    assert not [a for _, attributes in reader.tags for a in attributes if a.startswith("on")]
    assert "".join(reader.text).count(ATTACK) >= 8


def test_hostile_clip_ids_are_escaped_too(tmp_path):
    samples = table(LEVELS["copy"])
    rows = [replace(sample, clip_id=ATTACK + sample.clip_id, split=ATTACK) for sample in samples.samples]
    renamed = replace(samples, samples=tuple(rows))
    write(tmp_path / "a", renamed, result(renamed, "copy"))
    reader = Reader(report_html(load_sources([tmp_path])))
    assert not {tag for tag, _ in reader.tags} & {"script", "img"}


def test_each_version_of_the_data_has_its_own_section(tmp_path):
    for name, data in (("copy", "11" * 32), ("good", "22" * 32)):
        samples = table(LEVELS[name])
        write(tmp_path / name, samples, result(samples, name, data=data))
    page = report_html(load_sources([tmp_path]))
    assert page.count("<h2") == 2
    assert '<a href="#s2">' in page


def test_the_same_results_always_give_the_same_page(tmp_path, page):
    write_report(load_sources([write_all(tmp_path / "results")]), tmp_path / "new" / "page.html")
    assert (tmp_path / "new" / "page.html").read_text() == page


def test_a_report_of_nothing_says_so(tmp_path):
    with pytest.raises(NothingToReport, match="C060"):
        report_html([])
    with pytest.raises(NoSuchResult, match="no result"):
        load_sources([tmp_path])
