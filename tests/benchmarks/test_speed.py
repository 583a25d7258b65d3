"""Measured, never asserted: the cost of penetration, of forward kinematics and of skinning, beside other libraries.

Run with ``pytest tests/benchmarks -m slow --benchmark-enable --benchmark-columns=min,median,rounds``; the figures of
one such run stand in docs/metrics.md. Without ``--benchmark-enable`` every case runs once, which keeps it working.
"""

import time
from pathlib import Path

import igl
import numpy as np
import pytest
import torch
import trimesh
from smplx.lbs import lbs

from retargetbench.datasets.body.kinematics import SkinTensors, motion_vertices_m, quaternions_to_matrices
from retargetbench.datasets.body.limbs import limb_bodies
from retargetbench.datasets.intents.bodies import load_body
from retargetbench.metrics.geometry import geometry_scores

from ..datasets.body.messy import wiggle
from ..metrics.cases import pair_of

pytestmark = pytest.mark.slow

FRAMES = 60
RESOLUTIONS = ("small", "full")


def posed(resolution, frames):
    """The meshes that penetration asks about: per limb the capped body and the limb's points, in every frame."""
    character = load_body("average_man", resolution)
    vertices = motion_vertices_m(character, wiggle(character, frames=frames, scale=0.4))
    limbs = [(b, b.vertices_m(vertices), vertices[:, torch.from_numpy(b.counted)]) for b in limb_bodies(character)]
    for body, mesh, points in limbs:
        body.surface.query(mesh[:1], points[:1])  # kernels are loaded and trees built before anything is measured
    return limbs


def measured(benchmark, work, frames, rounds, points=0):
    """Run a benchmark and note the CPU time per frame (and per point), and how much memory it needs at most."""
    spent = []

    def timed():
        start = time.process_time()
        result = work()
        spent.append(time.process_time() - start)
        return result

    before = resident_mib("VmRSS", forget_peak=True)
    result = benchmark.pedantic(timed, rounds=rounds, warmup_rounds=1 if rounds > 1 else 0)
    benchmark.extra_info["peak_mib"] = round(resident_mib("VmHWM") - before, 1)
    benchmark.extra_info["cpu_ms_per_frame"] = round(1000 * min(spent) / frames, 3)
    if points:
        benchmark.extra_info["cpu_us_per_point"] = round(1e6 * min(spent) / points, 2)
    return result


def resident_mib(field, forget_peak=False):
    """Resident memory of this process now (VmRSS) or at its peak since it was last forgotten (VmHWM); Linux only."""
    if not Path("/proc/self/status").exists():
        return 0.0
    if forget_peak:
        Path("/proc/self/clear_refs").write_text("5")
    rows = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(rows[field].split()[0]) / 1024


def count_points(limbs):
    return sum(points.shape[0] * points.shape[1] for _, _, points in limbs)


@pytest.mark.parametrize("resolution", RESOLUTIONS)
def test_penetration_of_a_clip(benchmark, resolution):
    limbs = posed(resolution, FRAMES)

    def work():
        return sum(int(body.surface.query(mesh, points).inside.sum()) for body, mesh, points in limbs)

    benchmark.group = f"penetration, {resolution} body"
    assert measured(benchmark, work, FRAMES, 3 if resolution == "small" else 1, count_points(limbs)) >= 0


@pytest.mark.parametrize("resolution", RESOLUTIONS)
def test_penetration_by_libigls_exact_winding_number_and_distance(benchmark, resolution):
    frames = FRAMES if resolution == "small" else 2
    limbs = posed(resolution, frames)

    def work():
        inside = 0
        for body, mesh, points in limbs:
            for pose, asked in zip(mesh.double().numpy(), points.double().numpy(), strict=True):
                inside += int((igl.winding_number(pose, body.faces, asked) > 0.5).sum())
                igl.point_mesh_squared_distance(asked, pose, body.faces)
        return inside

    benchmark.group = f"penetration, {resolution} body"
    assert measured(benchmark, work, frames, 1, count_points(limbs)) >= 0


@pytest.mark.parametrize("resolution", RESOLUTIONS)
def test_penetration_by_trimeshs_signed_distance(benchmark, resolution):
    frames, every = (4, 1) if resolution == "small" else (1, 40)  # a full frame takes it a quarter of a minute
    limbs = [(body, mesh, points[:, ::every]) for body, mesh, points in posed(resolution, frames)]

    def work():
        inside = 0
        for body, mesh, points in limbs:
            for pose, asked in zip(mesh.numpy(), points.numpy(), strict=True):
                closed = trimesh.Trimesh(pose, body.faces, process=False)
                inside += int((trimesh.proximity.signed_distance(closed, asked) > 0).sum())
        return inside

    benchmark.group = f"penetration, {resolution} body"
    assert measured(benchmark, work, frames, 1, count_points(limbs)) >= 0


@pytest.mark.parametrize("resolution", RESOLUTIONS)
def test_kinematics_and_skinning(benchmark, resolution):
    character = load_body("average_man", resolution)
    motion = wiggle(character, frames=FRAMES)
    body = SkinTensors.of(character)
    rotations, root = torch.tensor(motion.local_rotations_wxyz), torch.tensor(motion.root_translation_m)
    benchmark.group = f"kinematics and skinning, {resolution} body"
    vertices = measured(benchmark, lambda: body.vertices_m(body.pose(rotations, root)), FRAMES, rounds=5)
    assert vertices.shape == (FRAMES, character.vertex_count, 3)


@pytest.mark.parametrize("resolution", RESOLUTIONS)
def test_kinematics_and_skinning_by_smplx(benchmark, resolution):
    character = load_body("average_man", resolution)
    motion = wiggle(character, frames=FRAMES)
    rest, joints = torch.tensor(character.rest_vertices_m), torch.tensor(character.skeleton.rest_positions_m)
    regressor = joints @ torch.linalg.pinv(rest)
    count, bones = len(rest), len(joints)
    inputs = {
        "betas": torch.zeros(FRAMES, 1), "v_template": rest, "shapedirs": torch.zeros(count, 3, 1),
        "posedirs": torch.zeros(9 * (bones - 1), 3 * count), "J_regressor": regressor,
        "parents": torch.tensor(character.skeleton.parents), "lbs_weights": torch.tensor(character.dense_weights),
    }  # fmt: skip

    def work():
        pose = quaternions_to_matrices(torch.tensor(motion.local_rotations_wxyz))
        return lbs(pose=pose, pose2rot=False, **inputs)[0]

    benchmark.group = f"kinematics and skinning, {resolution} body"
    assert measured(benchmark, work, FRAMES, rounds=2).shape == (FRAMES, count, 3)


def test_all_geometry_metrics_of_a_clip(benchmark):
    character = load_body("average_man")
    motion, truth = (wiggle(character, frames=75, seed=seed) for seed in (0, 1))
    pair = pair_of(character, motion, truths=(truth, motion), planted=np.ones((75, 2), bool))
    benchmark.group = "all geometry metrics, 75 frames, small body"
    assert len(measured(benchmark, lambda: geometry_scores(pair, motion), 75, rounds=3)) > 35
