"""Which bodies there are: the named ones of each split, and the distribution of the shape basis."""

import numpy as np

from .anny_model import LOCAL_CHANGES, Shape

MALE, FEMALE = 0.0, 1.0


def _shape(
    gender: float, age: float, build: tuple[float, float, float], proportions: float = 0.5, **local: float
) -> Shape:
    """Abbreviate a shape; ``build`` is muscle, weight, height."""
    muscle, weight, height = build
    phenotypes = {
        "gender": gender, "age": age, "muscle": muscle, "weight": weight, "height": height, "proportions": proportions,
    }  # fmt: skip
    return Shape(phenotypes, dict(local))


# Age 0 is a small child, 1/3 a child, 2/3 a young adult, 1 an old person.
NAMED: dict[str, dict[str, Shape]] = {
    "train": {
        "average_man": _shape(MALE, 0.67, (0.5, 0.5, 0.4)),
        "average_woman": _shape(FEMALE, 0.67, (0.5, 0.5, 0.45)),
        "slim_man": _shape(MALE, 0.62, (0.4, 0.2, 0.47), waist=-0.5, thigh_girth=-0.4),
        "sturdy_woman": _shape(FEMALE, 0.75, (0.6, 0.75, 0.42), hips_girth=0.7, waist=0.7, upper_arm_fat=0.6),
        "strong_man": _shape(MALE, 0.7, (0.85, 0.6, 0.45), v_shape=0.6, arm_girth=0.5, shoulder_muscle=0.5),
        "lanky_woman": _shape(FEMALE, 0.63, (0.35, 0.3, 0.6), upper_arm_length=0.5, forearm_length=0.5),
        "stocky_man": _shape(
            MALE, 0.78, (0.6, 0.8, 0.3), waist=0.7, neck_girth=0.6, torso_width=0.6, thigh_length=-0.4
        ),
        "teenage_girl": _shape(FEMALE, 0.5, (0.45, 0.4, 0.45)),
        "teenage_boy": _shape(MALE, 0.48, (0.5, 0.5, 0.45), foot_size=0.5, hand_size=0.3),
        "senior_woman": _shape(FEMALE, 0.92, (0.4, 0.65, 0.42), belly=0.25, waist=0.6, bust=0.5),
    },
    "val": {
        "runner": _shape(FEMALE, 0.68, (0.7, 0.3, 0.5), 0.7, thigh_length=0.5, hips_girth=-0.4),
        "uncle": _shape(MALE, 0.84, (0.45, 0.85, 0.42), waist=1.0, belly=0.4, torso_depth=0.5, head_fat=0.5),
        "schoolchild": _shape(0.5, 0.36, (0.5, 0.5, 0.5)),
        "swimmer": _shape(MALE, 0.66, (0.75, 0.45, 0.5), 0.6, v_shape=0.9, hand_size=0.5, upper_arm_length=0.5),
    },
    "test": {
        "toddler": _shape(0.5, 0.12, (0.5, 0.5, 0.5)),
        "child": _shape(FEMALE, 0.28, (0.5, 0.45, 0.5)),
        "tall": _shape(MALE, 0.67, (0.55, 0.45, 0.88)),
        "short": _shape(FEMALE, 0.7, (0.5, 0.55, 0.12)),
        "thin": _shape(
            FEMALE, 0.65, (0.1, 0.0, 0.55), waist=-0.7, hips_girth=-0.8, thigh_girth=-0.7, arm_girth=-0.8,
            calf_girth=-0.5, torso_depth=-0.3,
        ),
        "heavy": _shape(
            FEMALE, 0.72, (0.4, 1.0, 0.5), hips_girth=1.0, thigh_girth=1.3, upper_arm_fat=1.5, waist=2.2, bust=1.5,
            hip_width=0.8, calf_girth=0.8, forearm_fat=0.8, head_fat=1.0, buttocks=1.0,
        ),
        "belly": _shape(
            MALE, 0.75, (0.35, 1.0, 0.45), waist=2.2, bust=1.6, torso_depth=0.8, hip_depth=1.2, torso_width=1.0,
            hip_width=1.2, belly=0.3, belly_tone=-1.0, hips_girth=0.4,
            upper_arm_fat=1.2, thigh_girth=1.0, head_fat=1.0, neck_girth=0.8,
        ),
        "muscular": _shape(
            MALE, 0.68, (1.0, 0.75, 0.5), shoulder_muscle=1.5, pectorals=1.5, v_shape=1.0, arm_girth=1.5,
            thigh_girth=1.0, calf_girth=0.8, neck_girth=1.0,
        ),
        "old": _shape(MALE, 1.0, (0.2, 0.4, 0.38), thigh_girth=-0.5),
        "pregnant": _shape(FEMALE, 0.67, (0.45, 0.5, 0.45), belly=1.2),
        "long_arms": _shape(MALE, 0.67, (0.45, 0.4, 0.42), upper_arm_length=2.5, forearm_length=2.5, hand_size=1.0),
        "short_legs": _shape(
            MALE, 0.7, (0.6, 0.7, 0.4), thigh_length=-2.0, shin_length=-2.0, torso_height=0.8, torso_width=0.8
        ),
        "big_head": _shape(
            FEMALE, 0.45, (0.45, 0.45, 0.5), head_height=3.5, head_width=4.0, head_depth=4.0, thigh_length=-1.5,
            shin_length=-1.5, upper_arm_length=-0.8, forearm_length=-0.8,
        ),
        "big_hands": _shape(
            MALE, 0.7, (0.7, 0.5, 0.4), hand_size=3.0, foot_size=2.0, forearm_fat=2.0, forearm_length=0.8,
            head_height=1.2, head_width=1.2, head_depth=1.2, shoulder_width=1.0, thigh_length=-1.0,
        ),
    },
}  # fmt: skip
"""Split -> name -> shape. ``train`` stays within the range of the basis; most of ``test`` is at its edge or outside."""

ABOUT: dict[str, str] = {
    "average_man": "an adult man of average build",
    "average_woman": "an adult woman of average build",
    "slim_man": "a slim man",
    "sturdy_woman": "a sturdy, rather short woman",
    "strong_man": "a tall, strong man",
    "lanky_woman": "a slim, tall woman with longish arms",
    "stocky_man": "a short, broad man",
    "teenage_girl": "a teenage girl",
    "teenage_boy": "a teenage boy with large feet",
    "senior_woman": "an older, rather heavy woman",
    "runner": "a lean, athletic woman with long thighs",
    "uncle": "a middle-aged man with a paunch",
    "schoolchild": "a child of about ten years",
    "swimmer": "an athletic man with broad shoulders and longish arms",
    "toddler": "a small child",
    "child": "a child of about seven years",
    "tall": "a very tall man",
    "short": "a very short adult woman",
    "thin": "a very thin woman",
    "heavy": "a very heavy woman",
    "belly": "a very heavy man whose belly is in the way of his arms",
    "muscular": "a body builder",
    "old": "an old, frail man",
    "pregnant": "a pregnant woman",
    "long_arms": "a man whose arms are half as long again",
    "short_legs": "a man with very short legs",
    "big_head": "a cartoon-like figure with a large head and short limbs",
    "big_hands": "a cartoon-like figure with large hands and feet and thick forearms",
}
"""What people are told about each named body."""

FULL_RESOLUTION = ("average_man", "average_woman", "toddler", "belly")
"""The named bodies that also come with the full mesh."""

BASIS_BODIES = 384
BASIS_SEED = 20240417

_NATURAL = dict.fromkeys(LOCAL_CHANGES, 0.35) | {
    "upper_arm_length": 0.5, "forearm_length": 0.5, "thigh_length": 0.5, "shin_length": 0.5, "belly": 0.45,
    "waist": 0.6, "hips_girth": 0.5, "bust": 0.5, "thigh_girth": 0.5, "hand_size": 0.45, "torso_depth": 0.45,
    "head_height": 0.4, "head_width": 0.4, "head_depth": 0.4, "shoulder_width": 0.5,
}  # fmt: skip
"""Standard deviation of each local change in the basis; drawn values are kept within twice that."""


def random_shape(generator: np.random.Generator) -> Shape:
    """Draw one body of the basis.

    Gender is male, female or in between (2 : 2 : 1). Age is uniform from a twelve-year-old's 0.4 to 0.95, muscle and
    weight are normal around 0.5 with deviation 0.25, cut to [0.1, 0.9], height around 0.45 with 0.13, cut to [0.2,
    0.68], proportions uniform in [0.2, 0.8], local changes normal with ``_NATURAL``. Small children, the heaviest, the
    thinnest, the tallest and the cartoon-like bodies of the test split lie outside.
    """
    gender = (MALE, FEMALE, MALE, FEMALE, generator.uniform(0.2, 0.8))[int(generator.integers(5))]
    muscle, weight = np.clip(generator.normal(0.5, 0.25, 2), 0.1, 0.9)
    height = np.clip(generator.normal(0.45, 0.13), 0.2, 0.68)
    local = {
        name: float(np.clip(generator.normal(0.0, deviation), -2 * deviation, 2 * deviation))
        for name, deviation in _NATURAL.items()
    }
    age, proportions = generator.uniform(0.4, 0.95), generator.uniform(0.2, 0.8)
    return _shape(gender, age, (float(muscle), float(weight), float(height)), proportions, **local)
