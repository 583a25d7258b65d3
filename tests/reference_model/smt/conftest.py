"""A small set of training motions, made up: bodies and swaying, under names that no network may learn of."""

import numpy as np
import pytest

from retargetbench.datasets.body import Motion
from retargetbench.datasets.intents.motion_jobs import body_of
from retargetbench.datasets.intents.motion_shards import write_shard

BODIES = ("average_man", "sampled:5", "stocky_man", "sampled:5")


def swaying(body, frames=40, seed=0, fps=30.0):
    """Every joint turns a little and slowly, the arms more; the hips wander."""
    generator = np.random.default_rng(seed)
    skeleton = body_of(body).skeleton if isinstance(body, str) else body.skeleton
    times = np.arange(frames) / fps
    axes = generator.normal(size=(skeleton.joint_count, 3))
    axes /= np.linalg.norm(axes, axis=1, keepdims=True)
    size = np.array([0.6 if name.endswith("Arm") else 0.1 for name in skeleton.joint_names])
    half = size * np.sin(2 * times[:, None] + generator.uniform(0, 6, skeleton.joint_count))
    rotations = np.concatenate([np.cos(half)[..., None], np.sin(half)[..., None] * axes], axis=-1)
    root = np.stack([0.5 * times, 0.02 * np.sin(3 * times), 0.1 * np.cos(times)], axis=1)
    return Motion(skeleton, rotations, root + skeleton.rest_offsets_m[0], fps)


def write_motions(folder, said="wave"):
    """A folder as `data build intents --part train` writes it; ``said``: what the shard says of its clips."""
    motions = [swaying(body, seed=number) for number, body in enumerate(BODIES)]
    solved = [{"motion": f"{said}-{number // 2}", "intent": said, "body": body, "kept": True, "goals": said}
              for number, body in enumerate(BODIES)]  # fmt: skip
    write_shard(folder / "train-0000.npz", (), solved, motions)
    return folder


@pytest.fixture(scope="session")
def motions_folder(tmp_path_factory):
    return write_motions(tmp_path_factory.mktemp("motions"))
