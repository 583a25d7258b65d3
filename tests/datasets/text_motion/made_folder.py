"""A small folder in the layout of HumanML3D or KIT-ML: 12 originals with their mirror images."""

import numpy as np

from retargetbench.datasets.text_motion.features import features_to_joints, joints_to_features
from retargetbench.datasets.text_motion.layouts import HUMANML3D

from .cases import made_motion

SPLITS = {"train": ("000000", "000001", "000002", "000003"), "val": ("000004", "000005"),
          "test": ("000006", "000007", "000008", "000009", "000010", "000011")}  # fmt: skip
INDEX = (
    "./pose_data/CMU/1/walk.npy,0,100,000000.npy",
    "./pose_data/CMU/1/walk.npy,150,250,000001.npy",
    "./pose_data/KIT/2/run.npy,0,100,000002.npy",
    "./pose_data/humanact12/humanact12/jump.npy,0,-1,000003.npy",
    "./pose_data/KIT/3/sit.npy,0,50,000004.npy",
    "./pose_data/KIT/3/sit.npy,60,90,000005.npy",
    "./pose_data/CMU/1/walk.npy,50,150,000006.npy",  # 50 of its 100 frames in 000000, none in 000001
    "./pose_data/CMU/1/walk.npy,240,280,000007.npy",  # 10 of 40 in 000001
    "./pose_data/CMU/1/walk.npy,300,340,000008.npy",  # the same recording, another time
    "./pose_data/KIT/2/run.npy,0,100,000009.npy",  # 000002 itself
    "./pose_data/KIT/9/other.npy,0,100,000010.npy",
    "./pose_data/KIT/3/sit.npy,0,50,000011.npy",  # 000004, of val: not training
)
TEXTS = {
    "000006": "a person walks.#a/DET person/NOUN walk/VERB#0.0#0.0\nsomeone strolls#someone/PRON stroll/VERB#0#0\n",
    "M000006": "a person walks.#a/DET person/NOUN walk/VERB#0.0#0.0\n",
    "000007": "raises the left arm#raise/VERB#1.0#2.0\nwaves#wave/VERB#nan#nan\nlifts an arm#lift/VERB#2.0#1.0\n",
    "M000007": "raises the right arm#raise/VERB#1.0#2.0\n",
    "000010": "A person walks#a/DET#0.0#0.0\n",
}


def make_folder(path, layout=HUMANML3D, rows=50):
    """Write it all; the same for the same arguments."""
    for part in ("texts", "new_joint_vecs", "new_joints"):
        (path / part).mkdir(parents=True)
    features = joints_to_features(made_motion(layout, frames=rows + 1), layout)
    joints = features_to_joints(features, layout)
    for split, originals in SPLITS.items():
        ids = [*originals, *(f"M{motion}" for motion in originals)]
        (path / f"{split}.txt").write_text("\n".join(ids) + "\n")
        for motion in ids:
            (path / "texts" / f"{motion}.txt").write_text(TEXTS.get(motion, f"does {motion}#do/VERB#0.0#0.0\n"))
            np.save(path / "new_joint_vecs" / f"{motion}.npy", features)
            np.save(path / "new_joints" / f"{motion}.npy", joints)
    np.save(path / "Mean.npy", features.mean(axis=0))
    np.save(path / "Std.npy", features.std(axis=0))
    if layout is HUMANML3D:
        lines = ["source_path,start_frame,end_frame,new_name", *INDEX]
        (path.parent / "index.csv").write_text("\n".join(lines) + "\n")
    return path
