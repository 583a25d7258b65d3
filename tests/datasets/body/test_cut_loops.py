import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from retargetbench.datasets.body.cut_loops import boundary_loops, net_edges


def edges_of(loops):
    return sorted((int(a), int(b)) for loop in loops for a, b in zip(loop, np.roll(loop, -1), strict=True))


def test_a_closed_mesh_has_no_open_edge_and_a_missing_face_opens_three():
    tetrahedron = np.array([[0, 2, 1], [0, 1, 3], [1, 2, 3], [2, 0, 3]])
    assert not net_edges(tetrahedron)
    assert sorted(net_edges(tetrahedron[1:])) == [(0, 1), (1, 2), (2, 0)]


def test_a_degenerate_face_and_no_face_open_nothing():
    assert not net_edges(np.array([[1, 1, 2]]))
    assert not net_edges(np.zeros((0, 3), dtype=int))


def test_an_edge_of_three_faces_is_open_once():
    fan = np.array([[0, 1, 2], [0, 1, 3], [1, 0, 4]])
    assert net_edges(fan)[(0, 1)] == 1


def test_a_square_is_one_loop_in_order():
    (loop,) = boundary_loops(np.array([[2, 3], [0, 1], [3, 0], [1, 2]]))
    assert edges_of([loop]) == [(0, 1), (1, 2), (2, 3), (3, 0)]


def test_a_figure_of_eight_becomes_two_loops():
    loops = boundary_loops(np.array([[0, 1], [1, 2], [2, 0], [0, 3], [3, 4], [4, 0]]))
    assert sorted(len(loop) for loop in loops) == [3, 3]


def test_an_open_chain_is_closed_by_a_straight_edge():
    (loop,) = boundary_loops(np.array([[5, 6], [6, 7], [7, 8]]))
    assert loop.tolist() == [5, 6, 7, 8]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(0, 12), min_size=3, max_size=8, unique=True), min_size=1, max_size=5))
def test_closed_walks_come_back_edge_for_edge(walks):
    edges = [(a, b) for walk in walks for a, b in zip(walk, walk[1:] + walk[:1], strict=True)]
    loops = boundary_loops(np.array(sorted(edges)))
    # Loops of two vertices are an edge there and back; as faces they cancel, as edges they are kept.
    assert edges_of(loops) == sorted(edges)
