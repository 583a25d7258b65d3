"""The built-in bodies: what they promise to everything that is built on them."""

import shutil
import subprocess
import sys
import zipfile
from importlib.resources import files

import numpy as np
import pytest

from retargetbench.datasets.body import PARTS
from retargetbench.datasets.body.joint_names import STANDARD_JOINTS, require_joints
from retargetbench.datasets.body.limbs import uncounted_vertices
from retargetbench.datasets.intents import bodies
from retargetbench.datasets.intents.archive import to_grid, write_arrays
from retargetbench.datasets.intents.bake.keys import mirror_map, vertex_normals
from retargetbench.datasets.intents.bake.measures import measures
from retargetbench.datasets.intents.bodies import (
    body_info,
    body_names,
    key_vertices,
    load_body,
    sample_body,
    vertex_groups,
    write_body_manifest,
)
from retargetbench.datasets.manifest import DamagedData

HEIGHTS_M = {
    "toddler": (0.8, 1.05), "child": (1.1, 1.35), "schoolchild": (1.35, 1.5), "short": (1.3, 1.45), "tall": (2.1, 2.4),
    "big_head": (1.2, 1.5), "short_legs": (1.5, 1.7), "teenage_girl": (1.45, 1.6),
}  # fmt: skip
ADULT_M = (1.55, 1.95)
NEEDED_KEYS = (
    "palm", "hand_back", "index_tip", "middle_tip", "thumb_tip", "shoulder", "elbow", "hip", "waist", "thigh", "knee",
    "heel", "ball", "toe", "ear", "chest", "belly", "buttock", "lower_back",
)  # fmt: skip
DATA = files("retargetbench.datasets.intents") / "data"


def joints_of(character):
    return dict(
        zip(character.skeleton.joint_names, character.skeleton.rest_positions_m.astype(np.float64), strict=True)
    )


def angle_deg(vector, axis):
    return np.degrees(np.arccos(np.clip(vector @ np.asarray(axis) / np.linalg.norm(vector), -1, 1)))


def open_or_odd_edges(faces):
    """Directed edges that do not meet their opposite exactly once."""
    edges = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    counted = {}
    for start, end in edges.tolist():
        counted[start, end] = counted.get((start, end), 0) + 1
    return [edge for edge, count in counted.items() if count != 1 or counted.get(edge[::-1]) != 1]


def volume(vertices, faces):
    a, b, c = (vertices[faces[:, k]].astype(np.float64) for k in range(3))
    return float(np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6)


def fold_count(character):
    """How many faces point the other way than on the average man."""
    average = load_body("average_man")

    def normal(vertices):
        corners = vertices[average.faces].astype(np.float64)
        return np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])

    first, second = normal(average.rest_vertices_m), normal(character.rest_vertices_m)
    cosine = (first * second).sum(1) / np.maximum(np.linalg.norm(first, axis=1) * np.linalg.norm(second, axis=1), 1e-15)
    return int((cosine < -0.5).sum())


def test_the_splits_hold_as_many_bodies_as_promised_and_share_none():
    train, val, test = (body_names(split) for split in ("train", "val", "test"))
    assert len(train) >= 8
    assert len(val) >= 3
    assert len(test) >= 12
    assert len(set(body_names())) == len(body_names()) == len(train) + len(val) + len(test)
    assert {"toddler", "child", "tall", "short", "thin", "heavy", "belly", "muscular", "old"} <= set(test)
    for name in body_names():
        assert body_info(name).about.split()[0] in {"a", "an"}


@pytest.mark.parametrize("name", body_names())
def test_a_body_is_a_clean_t_posed_character(name):
    body = load_body(name)
    joints = joints_of(body)
    assert body.skeleton.joint_names == STANDARD_JOINTS
    assert require_joints(body.skeleton)["LeftHand"] == STANDARD_JOINTS.index("LeftHand")
    assert body.vertex_count == 1229
    assert body.rest_vertices_m[:, 1].min() == 0
    np.testing.assert_allclose(joints["Hips"][[0, 2]], 0, atol=1e-5)
    for side, sign in (("Left", 1), ("Right", -1)):
        for bone, end in (("Arm", "ForeArm"), ("ForeArm", "Hand"), ("Hand", "HandMiddle1")):
            assert angle_deg(joints[side + end] - joints[side + bone], (sign, 0, 0)) < 2
        for finger in ("Index", "Middle", "Ring", "Pinky"):
            for bone in (1, 2):
                along = joints[f"{side}Hand{finger}{bone + 1}"] - joints[f"{side}Hand{finger}{bone}"]
                assert abs(along[1]) < 0.01 * np.linalg.norm(along)
                assert angle_deg(along, (sign, 0, 0)) < 10
        for bone, end in (("UpLeg", "Leg"), ("Leg", "Foot")):
            assert angle_deg(joints[side + end] - joints[side + bone], (0, -1, 0)) < 4
        assert joints[f"{side}ToeBase"][2] > joints[f"{side}Foot"][2]  # it faces +z


@pytest.mark.parametrize("name", body_names())
def test_a_body_has_a_sane_height_and_volume(name):
    body = load_body(name)
    low, high = HEIGHTS_M.get(name, ADULT_M)
    assert low < body.height_m < high
    assert body_info(name).height_m == pytest.approx(body.height_m, abs=1e-6)
    litres_of_a_scaled_man = 1000 * volume(body.rest_vertices_m, body.faces) * (1.75 / body.height_m) ** 3
    assert 35 < litres_of_a_scaled_man < 175
    assert fold_count(body) <= 12  # creases of a cartoon-like face


def test_weights_are_few_symmetric_and_sum_to_one():
    body = load_body("average_man")
    assert body.weights.shape[1] <= 5
    np.testing.assert_allclose(body.dense_weights.sum(1), 1, atol=1e-6)
    mirror = mirror_map(body.rest_vertices_m.astype(np.float64))
    swapped = [n.replace("Left", "_").replace("Right", "Left").replace("_", "Right") for n in STANDARD_JOINTS]
    other = [STANDARD_JOINTS.index(name) for name in swapped]
    np.testing.assert_allclose(body.dense_weights, body.dense_weights[mirror][:, other], atol=2e-3)
    assert set(body.parts.tolist()) == set(range(len(PARTS)))


@pytest.mark.parametrize("resolution", ["small", "full"])
def test_the_mesh_is_one_closed_surface_that_faces_outwards(resolution):
    body = load_body("average_man", resolution)
    assert open_or_odd_edges(body.faces) == []
    edge_count = len(body.faces) * 3 // 2
    assert body.vertex_count - edge_count + len(body.faces) == 2  # a sphere
    assert len(np.unique(body.faces)) == body.vertex_count
    assert volume(body.rest_vertices_m, body.faces) > 0


def test_key_vertices_are_distinct_and_mirror_images_on_every_body():
    keys = key_vertices()
    assert len(keys) >= 40
    assert len(set(keys.values())) == len(keys)
    assert {f"{side}_{name}" for name in NEEDED_KEYS for side in ("left", "right")} <= keys.keys()
    assert {"crown", "forehead", "nose", "mouth", "chin", "head_back", "neck_back", "chest", "belly"} <= keys.keys()
    for name in body_names():
        vertices = load_body(name).rest_vertices_m
        for key, vertex in keys.items():
            if key.startswith("left_"):
                image = vertices[keys["right_" + key[5:]]] * [-1, 1, 1]
                np.testing.assert_allclose(vertices[vertex], image, atol=1e-4)
                assert vertices[vertex, 0] > 0
            elif not key.startswith("right_"):
                assert abs(vertices[vertex, 0]) < 1e-4


@pytest.mark.parametrize("name", body_names())
def test_key_vertices_are_where_their_names_say(name):
    body, keys, joints = load_body(name), key_vertices(), joints_of(load_body(name))
    normals = vertex_normals(body.rest_vertices_m.astype(np.float64), body.faces)
    at = {key: body.rest_vertices_m[vertex].astype(np.float64) for key, vertex in keys.items()}
    facing = {key: normals[vertex] for key, vertex in keys.items()}
    for key, axis in {
        "left_palm": (0, -1, 0), "left_hand_back": (0, 1, 0), "left_shoulder": (0, 1, 0), "left_elbow": (0, 0, -1),
        "left_hip": (1, 0, 0), "left_waist": (1, 0, 0), "left_thigh": (0, 0, 1), "left_knee": (0, 0, 1),
        "left_ball": (0, -1, 0), "left_heel": (0, 0, -1), "crown": (0, 1, 0), "chest": (0, 0, 1), "belly": (0, 0, 1),
        "lower_back": (0, 0, -1), "head_back": (0, 0, -1), "forehead": (0, 0, 1), "left_buttock": (0, 0, -1),
    }.items():  # fmt: skip
        assert angle_deg(facing[key], axis) < 50, key
    assert joints["LeftHand"][0] < at["left_palm"][0] < joints["LeftHandMiddle1"][0]
    for finger in ("Thumb", "Index", "Middle", "Ring", "Pinky"):
        last, tip = joints[f"LeftHand{finger}3"], at[f"left_{finger.lower()}_tip"]
        assert 0 < np.linalg.norm(tip - last) < 2.5 * np.linalg.norm(last - joints[f"LeftHand{finger}2"])
        assert tip[0] > last[0]
    heights = [at[key][1] for key in ("crown", "forehead", "nose", "mouth", "chin", "chest", "belly", "left_knee")]
    assert heights == sorted(heights, reverse=True)
    assert at["crown"][1] == pytest.approx(body.height_m, rel=0.01)
    assert at["left_toe"][2] > at["left_ball"][2] > at["left_heel"][2]
    assert at["left_heel"][1] < 0.03 * body.height_m
    assert max(abs(at["left_ear"][0]), abs(at["left_cheek"][0])) == abs(at["left_ear"][0])


def test_soles_stand_on_the_ground_and_hands_are_the_hand_parts():
    for resolution in ("small", "full"):
        body, groups = load_body("average_woman", resolution), vertex_groups(resolution)
        for side in ("left", "right"):
            sole = body.rest_vertices_m[groups[f"{side}_sole"]]
            assert len(sole) >= 15
            assert sole[:, 1].max() < 0.02
            assert np.ptp(sole[:, 2]) > 0.1 * body.height_m  # from heel to toes
            np.testing.assert_array_equal(groups[f"{side}_hand"], body.part_vertices(f"{side}_hand"))
            assert set(groups[f"{side}_palm"]) < set(groups[f"{side}_hand"])


def test_the_full_mesh_shares_skeleton_and_key_places():
    for name in body_names():
        if "full" not in body_info(name).resolutions:
            continue
        small, full = load_body(name), load_body(name, "full")
        assert full.vertex_count == 13348
        assert full.rest_vertices_m[:, 1].min() == 0
        np.testing.assert_array_equal(small.skeleton.rest_offsets_m, full.skeleton.rest_offsets_m)
        assert full.height_m == pytest.approx(small.height_m, rel=0.01)
        keys = key_vertices("full")
        assert keys.keys() == key_vertices().keys()
        for key, vertex in key_vertices().items():
            apart = np.linalg.norm(small.rest_vertices_m[vertex] - full.rest_vertices_m[keys[key]])
            assert apart < 0.02 * small.height_m, key


def test_the_list_of_uncounted_vertices_is_the_one_the_geometry_gives():
    for name in ("toddler", "belly"):
        body = load_body(name)
        np.testing.assert_array_equal(body.uncounted, uncounted_vertices(body))
        limbs = body.part_vertices("left_arm", "left_hand", "right_arm", "right_hand", "left_leg", "right_leg")
        assert 0 < body.uncounted[limbs].mean() < 0.25
        assert body.uncounted.sum() == body.uncounted[limbs].sum()


def test_training_bodies_lie_inside_the_basis_and_several_test_bodies_outside():
    basis, mesh = bodies._arrays("bodies_basis.npz"), bodies._arrays("bodies.npz")
    coefficients = basis["coefficients"].astype(np.float64)
    assert coefficients.shape[0] >= 300
    points = basis["mean_m"] + np.tensordot(coefficients, basis["components_m"].astype(np.float64), axes=1)
    drawn = [measures(bodies._character("drawn", mesh, p[:1229], p[1229:], None)) for p in points]
    low = {key: min(d[key] for d in drawn) for key in drawn[0]}
    high = {key: max(d[key] for d in drawn) for key in drawn[0]}

    def outside(name):
        return [key for key, value in measures(load_body(name)).items() if not low[key] <= value <= high[key]]

    assert [name for name in body_names("train") if outside(name)] == []
    assert sum(bool(outside(name)) for name in body_names("test")) >= 4
    assert outside("long_arms") == ["arm"]


def test_equal_seeds_sample_equal_bodies_and_others_do_not():
    first, again = sample_body(np.random.default_rng(3)), sample_body(np.random.default_rng(3))
    np.testing.assert_array_equal(first.rest_vertices_m, again.rest_vertices_m)
    np.testing.assert_array_equal(first.skeleton.rest_offsets_m, again.skeleton.rest_offsets_m)
    assert first.name == again.name
    other = sample_body(np.random.default_rng(4))
    assert np.abs(first.rest_vertices_m - other.rest_vertices_m).max() > 0.01


def test_sampled_bodies_are_always_valid():
    generator = np.random.default_rng(0)
    heights = []
    for _ in range(60):
        body = sample_body(generator)
        joints = joints_of(body)
        heights.append(body.height_m)
        assert 1.1 < body.height_m < 2.3
        assert abs(body.rest_vertices_m[:, 1].min()) < 1e-6
        np.testing.assert_allclose(joints["Hips"][[0, 2]], 0, atol=1e-4)
        for side, sign in (("Left", 1), ("Right", -1)):
            assert angle_deg(joints[f"{side}Hand"] - joints[f"{side}Arm"], (sign, 0, 0)) < 2
        assert 30 < 1000 * volume(body.rest_vertices_m, body.faces) * (1.75 / body.height_m) ** 3 < 150
        assert fold_count(body) <= 12
    assert np.std(heights) > 0.08


def test_a_wrong_name_is_answered_with_the_nearest_ones():
    with pytest.raises(bodies.UnknownBody, match=r"\[D101\].*'toddlr'.*'toddler'"):
        load_body("toddlr")
    with pytest.raises(bodies.UnknownBody, match=r"no full mesh.*average_man"):
        load_body("thin", "full")
    with pytest.raises(bodies.UnknownResolution, match=r"\[D102\].*'ful'.*'full'"):
        load_body("thin", "ful")
    with pytest.raises(bodies.UnknownResolution, match=r"'tset'.*'test'"):
        body_names("tset")


def test_loading_needs_numpy_only():
    code = (
        "import sys\n"
        "for name in ('anny', 'torch', 'scipy', 'warp', 'matplotlib'): sys.modules[name] = None\n"
        "from retargetbench.datasets.intents.bodies import load_body, sample_body\n"
        "import numpy as np\n"
        "print(load_body('belly').vertex_count, sample_body(np.random.default_rng(0)).vertex_count)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["1229", "1229"]


def test_the_data_is_small_and_its_bytes_depend_on_the_arrays_only(tmp_path):
    paths = [DATA / f"bodies{suffix}.npz" for suffix in ("", "_basis", "_full", "_uncounted")]
    assert sum(len(path.read_bytes()) for path in paths) < 2.5 * 2**20
    for path in paths:
        with path.open("rb") as stream, zipfile.ZipFile(stream) as archive:
            assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    arrays = {"b": np.arange(5.0), "a": np.array(["x"])}
    write_arrays(tmp_path / "one.npz", arrays)
    write_arrays(tmp_path / "two.npz", dict(reversed(arrays.items())))
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    assert to_grid(np.array([0.1234567])) == np.float32(8091 / 65536)


@pytest.fixture
def copied(monkeypatch, tmp_path):
    """A copy of the files of bodies, which is read in place of the package's."""
    (tmp_path / "data").mkdir()
    for name in ("bodies.npz", "bodies_basis.npz", "bodies_full.npz", "bodies_uncounted.npz", "bodies.manifest.json"):
        shutil.copy(DATA / name, tmp_path / "data")
    monkeypatch.setattr(bodies, "files", lambda _: tmp_path)
    return tmp_path / "data"


def test_one_changed_byte_of_the_shape_basis_is_refused(copied):
    assert "components_m" in bodies._arrays.__wrapped__("bodies_basis.npz")
    content = bytearray((copied / "bodies_basis.npz").read_bytes())
    content[len(content) // 2] ^= 1
    (copied / "bodies_basis.npz").write_bytes(content)
    with pytest.raises(DamagedData, match=r"bodies_basis\.npz"):
        bodies._arrays.__wrapped__("bodies_basis.npz")


def test_the_manifest_lists_what_was_baked(copied):
    listed = (copied / "bodies.manifest.json").read_bytes()
    (copied / "bodies.manifest.json").unlink()
    write_body_manifest(copied)
    assert (copied / "bodies.manifest.json").read_bytes() == listed


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_new_bake_gives_the_committed_data(tmp_path):
    pytest.importorskip("anny", reason="anny is missing; this runs after `pip install -e .[bake]`")
    from retargetbench.datasets.intents.bake.build import bake

    bake(tmp_path)
    for suffix in ("", "_basis", "_full", "_uncounted"):
        name = f"bodies{suffix}.npz"
        with np.load(tmp_path / name) as baked, (DATA / name).open("rb") as stream, np.load(stream) as committed:
            assert baked.files == committed.files
            for key in committed.files:
                if np.issubdtype(committed[key].dtype, np.floating):  # another machine may round the other way
                    np.testing.assert_allclose(baked[key], committed[key], atol=2e-3 if "basis" in name else 2e-5)
                else:
                    np.testing.assert_array_equal(baked[key], committed[key])
