"""The semantics consistency loss: skinned mesh, renderer, frozen judge, ``scl``; the very functions that score it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ...datasets.body.joint_names import BODY_PARENTS
from ...datasets.body.kinematics import Pose, forward_kinematics
from ...datasets.rendering import Renderer
from ...metrics.semantics.errors import LacksAbility
from ...metrics.semantics.judge import Embedding, Judge, Looking
from ...metrics.semantics.question_judge import QuestionJudge
from ...metrics.semantics.questions import GUIDING_QUESTIONS
from ...metrics.semantics.scores import SourceLook, consistency, scl
from ...metrics.semantics.showing import show, shown_frames, stage
from .figure import Figure, figures
from .fine_tuning import FineTuning, SemanticsForm
from .source_looks import SourceLooks
from .sources import Window


@dataclass(frozen=True, eq=False)
class Critic:
    """A frozen judge that says how far a result means something else than its source.

    The source is asked the guiding questions, its own answers go into the prompts of both, and its embedding is kept on
    disk. Gradients reach the pixels, from there the mesh and the rotations; the judge's weights take none.
    """

    judge: Judge
    looking: Looking
    """The judge's own crop and size, the profile's views and number of pictures."""
    renderer: Renderer
    looks: SourceLooks
    form: SemanticsForm

    def loss(self, source: Window, target: Figure, pose: Pose) -> Tensor:
        """Return how far a result is from its source, a number.

        Args:
            source: Whose meaning is to be kept; its rig is a figure.
            target: Who does the result.
            pose: The result at all frames of the window, with gradients: [frames, 22, ...].
        """
        at = list(self.frames(len(source.root_m)))
        few = Pose(pose.rotations[at], pose.positions_m[at])
        pictures = self.pictures(target, few)
        look = self._look(source, pictures.device)
        if self.form == "sum":
            return squared_distance(self.judge.embed(pictures, look.prompts), look.embedding)
        return consistency(self.judge, pictures, look)

    def spread(self, sources: Sequence[Window]) -> float:
        """Return what ``scl`` would be between two pictures of sources drawn at random, from the same view.

        Over the query tokens, which all pictures have: twice the variance of each number. 1 for a single picture.

        Args:
            sources: Some of training's windows, as long as each other.
        """
        looks = [self._look(source, torch.device("cpu")).embedding.pictures_only().states for source in sources]
        # [sources, views * frames, ...]: views are told apart, for they differ more than motions do
        states = torch.stack(looks).float().unflatten(1, (len(self.looking.views), -1)).transpose(0, 1).flatten(1, 2)
        return 2 * float(states.var(dim=1, correction=0).mean()) if states.shape[1] > 1 else 1.0

    def frames(self, count: int) -> tuple[int, ...]:
        """Return which of so many frames are drawn, as the scores choose them."""
        return shown_frames(count, self.looking)

    def pictures(self, figure: Figure, pose: Pose) -> Tensor:
        """Return the pictures of some poses, [views * frames, 3, size, size], differentiable in them."""
        return show(figure.posed_m(pose), figure.character, self.looking, self.renderer)

    def _look(self, source: Window, device: torch.device) -> SourceLook:
        (figure,) = figures([source.rig])
        at = list(self.frames(len(source.root_m)))
        motion = (source.rotations_wxyz[at], source.root_m[at])
        body = (figure.vertices_m, figure.vertex_weights, figure.rest_m, figure.character.faces)
        shown = [np.ascontiguousarray(array).tobytes() for array in (*motion, *body)]

        def drawn() -> Tensor:
            """The source's pictures."""
            rotations, root = (torch.from_numpy(np.array(a)).float().to(device) for a in motion)
            offsets = torch.from_numpy(np.array(figure.offsets_m)).float().to(device)
            with torch.no_grad():
                return self.pictures(figure, forward_kinematics(BODY_PARENTS, offsets, rotations, root))

        look = self.looks.look(shown, drawn)
        kept = look.embedding
        here = Embedding(kept.states.to(device), kept.counted.to(device), kept.query_count)
        return replace(look, embedding=here)


def critic_of(judge: Judge, tuning: FineTuning, folder: Path) -> Critic:
    """Return a judge as the critic that a profile asks for.

    Args:
        judge: Who looks; one that cannot answer is asked nothing.
        tuning: Says from where, how often, with which questions, which embedding is compared and in which form.
        folder: Where embeddings of sources are kept.

    Raises:
        LacksAbility: If image features are to take the place of a language model's states, and it has none.
    """
    if tuning.embedding == "image":
        judge = _pictures_alone(judge)
    looking = replace(judge.looking, views=tuning.views, frames=tuning.pictures)
    questions = GUIDING_QUESTIONS if tuning.guided else GUIDING_QUESTIONS[-1:]
    looks = SourceLooks(judge, looking, questions, folder)
    return Critic(judge, looking, stage(looking), looks, tuning.semantics_form)


def _pictures_alone(judge: Judge) -> Judge:
    if not isinstance(judge, QuestionJudge):
        raise LacksAbility(
            f"the judge {judge.name} has no language model that could be left out; expected BLIP-2 or InstructBLIP. "
            "Take --judge tiny-blip2, or leave out --without language."
        )
    return judge.pictures_alone()


def squared_distance(target: Embedding, source: Embedding) -> Tensor:
    """Return the mean over pictures of ``|E_target - E_source|^2``, padding left out: the paper's form of ``scl``.

    Raises:
        WrongEmbeddings: If the two have other shapes, or other tokens are padding.
    """
    total = target.states.new_zeros(())
    for row in range(len(target.states)):
        one = slice(row, row + 1)
        pair = [Embedding(e.states[one], e.counted[one], e.query_count) for e in (target, source)]
        total = total + scl(pair[0], pair[1]) * source.counted[one].sum() * source.states.shape[-1]
    return total / max(len(target.states), 1)
