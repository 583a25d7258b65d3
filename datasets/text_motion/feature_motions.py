"""What a retrieval method is given of HumanML3D and KIT-ML: features, read when they are asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import NDArray

from .features import features_to_joints
from .folder import TextMotionFolder
from .items import TextMotionItem
from .layouts import find_layout


@dataclass(frozen=True, eq=False)
class FeatureMotion:
    """A motion as features."""

    features: NDArray[np.float32]
    """Not normalised, [frames, 263 or 251]."""
    layout: str
    """``humanml3d`` or ``kit-ml``: what the columns are (``layouts.find_layout``)."""

    @property
    def fps(self) -> float:
        """Frames per second."""
        return find_layout(self.layout).fps

    @property
    def frame_count(self) -> int:
        """Number of frames."""
        return len(self.features)

    @property
    def duration_s(self) -> float:
        """Seconds from the first to the last frame."""
        return (self.frame_count - 1) / self.fps

    def joints(self) -> NDArray[np.float32]:
        """Return the joints, [frames, 22 or 21, 3], in the data set's unit."""
        return features_to_joints(self.features, find_layout(self.layout))


@dataclass(frozen=True, eq=False)
class FeatureMotions(Sequence[FeatureMotion]):
    """The motions of a test, each read from disk when it is asked for: all of them together are large."""

    folder: TextMotionFolder
    items: tuple[TextMotionItem, ...]

    def __len__(self) -> int:
        return len(self.items)

    @overload
    def __getitem__(self, index: int) -> FeatureMotion: ...

    @overload
    def __getitem__(self, index: slice) -> "FeatureMotions": ...

    def __getitem__(self, index: int | slice) -> "FeatureMotion | FeatureMotions":
        """Return a motion, cut to the part that is meant.

        Raises:
            BadTextMotionFolder: If its file is missing or holds something else, or the part lies behind its end.
        """
        if isinstance(index, slice):
            return FeatureMotions(self.folder, self.items[index])
        item = self.items[index]
        layout = self.folder.layout
        features = self.folder.features(item.motion)[item.span.rows(layout.fps)]
        if not len(features):
            raise self.folder.refuse(f"the first caption of {item.motion} is about a part behind the motion's end")
        return FeatureMotion(features, layout.name)
