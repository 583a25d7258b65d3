import numpy as np

from retargetbench.datasets.body import Character, Skeleton
from retargetbench.datasets.body.bones import bone_vertices, joint_bones, vertex_bones
from retargetbench.datasets.body.joint_names import BODY_JOINTS
from retargetbench.datasets.intents.bodies import load_body

from .messy import capsule_person


def names(indices):
    return [BODY_JOINTS[index] for index in indices]


def test_fingers_belong_to_their_hand():
    skeleton = load_body("average_man").skeleton
    bones = dict(zip(skeleton.joint_names, names(joint_bones(skeleton)), strict=True))
    assert bones["LeftHandIndex3"] == "LeftHand"
    assert bones["RightForeArm"] == "RightForeArm"
    assert bones["Hips"] == "Hips"


def test_joints_without_a_meaning_belong_to_the_nearest_one_above_that_has_one():
    joints = ("control", "Hips", "LeftUpLeg", "twist", "LeftLeg", "LeftFoot", "Head", "hat")
    parents = (-1, 0, 1, 2, 3, 4, 1, 6)
    bones = names(joint_bones(Skeleton(joints, parents, np.zeros((8, 3)))))
    assert bones == ["Hips", "Hips", "LeftUpLeg", "LeftUpLeg", "LeftLeg", "LeftFoot", "Head", "Head"]


def test_a_vertex_belongs_to_the_bone_with_most_of_its_weight_fingers_added_up():
    skeleton = load_body("average_man").skeleton
    index = skeleton.index
    moved_by = [[index("LeftForeArm"), index("LeftHandIndex1"), index("LeftHandIndex2")]]
    vertex = Character("one", skeleton, [[0, 0, 0]], np.zeros((0, 3)), moved_by, [[0.4, 0.3, 0.3]])
    assert names(vertex_bones(vertex)) == ["LeftHand"]


def test_vertices_are_found_by_the_end_of_their_bones_name():
    person = capsule_person()
    arms = bone_vertices(person, "ForeArm", "Hand")
    places = person.rest_vertices_m[arms]
    assert np.abs(places[:, 0]).min() > 0.4
    assert (places[:, 0] > 0).sum() == (places[:, 0] < 0).sum() > 0
    assert len(bone_vertices(person, "LeftHand")) * 4 == len(arms)
    assert len(bone_vertices(person, "Tail")) == 0
