import pytest

from retargetbench.benchmark.report import load_sources
from retargetbench.benchmark.report.numbers import decimals_for, written
from retargetbench.benchmark.report.scatter import HEIGHT, WIDTH, Point, _labelled, scatter_plots

from .made import write_all


@pytest.fixture(scope="module")
def plots(tmp_path_factory):
    return scatter_plots([s.run for s in load_sources([write_all(tmp_path_factory.mktemp("results"))])])


def test_contact_is_plotted_against_penetration_and_position(plots):
    assert [(p.x.key, p.y.key) for p in plots] == [
        ("goal_f1@1", "pen_limb@1[0.3%H]"),
        ("goal_f1@1", "mpjpe_cm@1[global]"),
    ]


def test_points_lie_where_their_values_are(plots):
    by_name = {p.name: p for p in plots[1].points}
    assert by_name["good"].x > by_name["copy"].x > by_name["rest-pose"].x
    assert by_name["good"].y > by_name["copy"].y > by_name["rest-pose"].y  # pixels count downwards
    assert all(0 < p.x < WIDTH and 0 < p.y < HEIGHT for p in plots[1].points)


def test_intervals_enclose_their_point(plots):
    for point in plots[0].points:
        assert point.x_span[0] <= point.x <= point.x_span[1]
        assert point.y_span[1] <= point.y <= point.y_span[0]


def test_labels_do_not_lie_on_each_other(plots):
    for plot in plots:
        boxes = []
        for p in plot.points:
            wide = 6.8 * len(p.name)
            start = p.label_x - wide if p.anchor == "end" else p.label_x
            boxes.append((start, start + wide, p.label_y))
        for i, a in enumerate(boxes):
            for b in boxes[i + 1 :]:
                assert not (a[0] < b[1] and b[0] < a[1] and abs(a[2] - b[2]) < 10)


def test_where_no_place_is_free_the_least_is_covered():
    ends = [("oracle:ground-truth", 492.0, 285.0), ("classical", 389.0, 287.0), ("copy", 170.0, 180.0)]
    points = [Point(name, "method", x, y, None, None, x, y, "start", "") for name, x, y in ends]
    placed = {p.name: p for p in _labelled(points)}
    assert abs(placed["oracle:ground-truth"].label_y - placed["classical"].label_y) > 8


def test_axes_have_a_few_round_ticks(plots):
    for plot in plots:
        assert 3 <= len(plot.x_ticks) <= 9
        assert plot.x_ticks[0].text.strip("0.") == ""


@pytest.mark.parametrize(
    ("values", "decimals"), [((0.0123, 0.02), 4), ((0.5,), 3), ((4.2, 9.9), 2), ((500.0, 800.0), 0), ((0.0,), 2)]
)
def test_a_column_has_three_significant_digits(values, decimals):
    assert decimals_for(values) == decimals


def test_numbers_are_written_for_people():
    assert written(-1234.5, 1) == "\N{MINUS SIGN}1\N{NARROW NO-BREAK SPACE}234.5"
    assert written(0.00001, 2) == "0"
    assert written(302.7014, 3) == "302.70"
    assert written(3.0e8, 2) == "3.00e+08"
