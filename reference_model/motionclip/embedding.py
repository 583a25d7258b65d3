"""Embedding the captions and rendered frames of shards with a CLIP; the same command goes on where it stopped."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray

from ...datasets.intents.motion_build import SHARD_MOTIONS
from ...datasets.intents.motion_jobs import body_of
from ...datasets.intents.motion_shards import read_entries
from ...datasets.intents.programs import Program
from ...datasets.intents.words.meaning import order_of
from ...metrics.semantics.registry import find_judge
from ..tiny_vlm.looks import Purpose
from ..tiny_vlm.picture_files import PictureSet, open_pictures, pictures_path
from ..tiny_vlm.render import programs_of
from ..tiny_vlm.scenes import Scene, scenes_of
from ..tiny_vlm.sides import mirrored
from ..training.errors import NoMotions
from ..training.motions import MotionShard
from .act_names import class_of, shown_names, sided_name
from .embedded_files import (
    Act,
    AlignedClip,
    EmbeddedShard,
    Span,
    digest,
    embedded_path,
    read_origin,
    write_embedded,
)
from .errors import NoEmbeddings, OtherClip
from .pose import leg_length_m

if TYPE_CHECKING:
    from ...metrics.semantics.twin_encoders import TwinEncoders

PURPOSE: Purpose = "clip"
"""Whose cameras and colours the frames are drawn with: those that the built-in CLIP knows."""
VERSION = 2
"""Part of what embeddings are made from: another version embeds anew."""
_AT_ONCE = 128


@dataclass(frozen=True)
class ClipName:
    """Which CLIP, as the user said it."""

    judge: str
    folder: Path | None = None
    device: str = "cpu"

    def load(self) -> "TwinEncoders":
        """Load it.

        Raises:
            OtherClip: If the judge has no space shared by pictures and texts.
            BenchError: If there is no such judge, or no weights of it.
        """
        found: Any = find_judge(self.judge, self.folder, device=self.device).load()
        if not {"images", "texts"} <= found.abilities:
            raise OtherClip(
                f"the judge {found.name} has no space shared by pictures and texts; expected a CLIP: tiny-clip, or "
                "clip:HUB-ID or openclip:HUB-ID."
            )
        return found


def embed_shards(
    shards: Sequence[MotionShard], pictures: Path, clip: "TwinEncoders", judge: str, folder: Path
) -> Iterator[str]:
    """Embed what is missing, and yield a line per shard, empty if it was embedded before.

    Args:
        shards: From ``find_shards``.
        pictures: Folder of rendered frames, as ``tiny_vlm.render.render_shards`` writes it.
        clip: The CLIP whose space it is.
        judge: What the user called it.
        folder: Where the embeddings go.

    Raises:
        NoPictures: If a shard has no rendered frames.
    """
    programs: Mapping[str, Program] = {}
    aligned = asdict(AlignedClip(judge, clip.name, clip.fingerprint))
    for shard in shards:
        drawn = open_pictures(pictures, PURPOSE, [shard.path.stem])
        labels = pictures_path(pictures, PURPOSE, shard.path.stem).with_suffix(".npz")
        origin = {
            "version": VERSION, "motions": digest(shard.path), "pictures": digest(labels), "clip": aligned,
        }  # fmt: skip
        path = embedded_path(folder, shard)
        if read_origin(path) == origin:
            yield ""
            continue
        programs = programs or _programs(shards)
        content = embed_shard(shard, programs, drawn, clip)
        write_embedded(path, content, origin)
        yield f"{shard.path.stem}: {len(content.texts)} captions and {len(content.image)} pictures embedded"


def embed_shard(
    shard: MotionShard, programs: Mapping[str, Program], pictures: PictureSet, clip: "TwinEncoders"
) -> EmbeddedShard:
    """Embed one shard.

    Raises:
        NoMotions: If the shard holds a motion that this version has no program of.
        NoEmbeddings: If the pictures are those of other clips.
    """
    said = read_entries(shard.path)
    if tuple(entry["body"] for entry in said["clips"]) != pictures.bodies:
        raise NoEmbeddings(f"the pictures of {shard.path.stem} were drawn of other motions; draw them again.")
    texts: dict[str, int] = {}
    acts: list[Act] = []
    first: list[int] = []
    scenes_by_motion: dict[str, tuple[Scene, ...]] = {}
    for number, entry in enumerate(said["clips"]):
        name = entry["motion"]
        if name not in programs:
            raise NoMotions(f"{shard.path} holds '{name}', which this version does not have; build the motions anew.")
        if name not in scenes_by_motion:
            scenes_by_motion[name] = scenes_of(programs[name], said["words"][name], shard.split)
        first.append(len(acts))
        for scene, (interval, done) in zip(scenes_by_motion[name], intervals_of(programs[name]), strict=True):
            acts.append(
                Act(
                    clip=number, motion=name, structure=programs[name].intent, body=entry["body"],
                    action=class_of(done[0]), sided=sided_name(done[0]), shows=shown_names(done),
                    interval=interval, active=scene.active,
                    texts=tuple(texts.setdefault(text, len(texts)) for text in scene.captions),
                )
            )  # fmt: skip
    return EmbeddedShard(
        acts=tuple(acts),
        texts=tuple(texts),
        legs=np.array([leg_length_m(body_of(entry["body"]).skeleton) for entry in said["clips"]], dtype=np.float64),
        text=embed_texts(clip, tuple(texts)),
        image=embed_images(clip, pictures),
        act=np.array([first[c] + s for c, s in zip(pictures.clip, _ordinals(pictures), strict=True)], dtype=np.int64),
        frame=pictures.frame.astype(np.int64),
    )


def intervals_of(program: Program) -> tuple[tuple[Span, tuple[Program, ...]], ...]:
    """Return the first and last frame of each intent's own time, in the order of ``scenes_of``, and what is done then.

    One act after another has two intervals; a single act, and one act over another, has the whole clip. Of two acts at
    the same time the upper one comes first.
    """
    last = program.frame_count - 1
    if order_of(program) != "then":
        return (((0, last), program.acts),)
    spans = [(round(begin * program.fps), round(end * program.fps)) for begin, end in program.part_spans_s]
    return tuple(
        ((max(begin, 0), min(end, last)), part.acts) for (begin, end), part in zip(spans, program.parts, strict=True)
    )


def embed_texts(clip: "TwinEncoders", texts: Sequence[str]) -> NDArray[np.float16]:
    """Return unit embeddings of texts and of what they say of the mirror image, float16 [texts, 2, width]."""
    both = [*texts, *map(mirrored, texts)]
    parts = [clip.text_embedding(both[at : at + _AT_ONCE]).cpu() for at in range(0, len(both), _AT_ONCE)]
    return torch.cat(parts).half().unflatten(0, (2, -1)).transpose(0, 1).numpy()


@torch.no_grad()
def embed_images(clip: "TwinEncoders", pictures: PictureSet) -> NDArray[np.float16]:
    """Return unit embeddings of pictures and of their mirror images, float16 [pictures, 2, width]."""
    parts = []
    for at in range(0, len(pictures), _AT_ONCE):
        chosen = np.arange(at, min(at + _AT_ONCE, len(pictures)))
        seen = torch.from_numpy(pictures.images(chosen)).float() / 255
        parts.append(torch.stack([clip.image_embedding(shown).cpu() for shown in (seen, seen.flip(-1))], dim=1))
    return torch.cat(parts).half().numpy()


def _ordinals(pictures: PictureSet) -> list[int]:
    """Which of its motion's scenes each picture shows, counted from 0."""
    first: dict[str, int] = {}
    for index, scene in enumerate(pictures.scenes):
        first.setdefault(scene.motion, index)
    return [int(scene) - first[pictures.scenes[scene].motion] for scene in pictures.scene]


def _programs(shards: Sequence[MotionShard]) -> Mapping[str, Program]:
    most = (1 + max(shard.number for shard in shards)) * SHARD_MOTIONS
    return programs_of(shards[0].split, most)
