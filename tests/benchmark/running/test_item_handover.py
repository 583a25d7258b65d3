import numpy as np

from retargetbench.benchmark.running.item_handover import read_items, write_items
from retargetbench.datasets.text_motion.feature_motions import FeatureMotion


def test_motions_that_are_features_arrive_as_they_were_sent(tmp_path):
    sent = [FeatureMotion(np.full((3 + n, 251), n, dtype=np.float32), "kit-ml") for n in range(3)]
    write_items(tmp_path, "motion", sent)
    arrived = read_items(tmp_path, "motion")
    assert [(motion.layout, motion.fps, motion.frame_count) for motion in arrived] == [
        ("kit-ml", 12.5, 3), ("kit-ml", 12.5, 4), ("kit-ml", 12.5, 5),
    ]  # fmt: skip
    for before, after in zip(sent, arrived, strict=True):
        np.testing.assert_array_equal(after.features, before.features)
