"""The command ``generate``. Imports nothing that computes, so that help and mistakes come at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tyro

from ..training.counting import Counting
from .weights import find_weights


@dataclass(frozen=True)
class Generate:
    """Make a motion from words, for any character.

    Two seconds at 30 frames per second, from the origin, facing +z. The motion is made for a standard body and carried
    onto the character: bones point the same way, the path is scaled by the ratio of leg lengths, fingers rest. The
    built-in CLIP knows the words of Intents and no others; open vocabulary needs weights that were trained on a CLIP
    from the hub.

    Examples:
        retargetbench generate "a person kicks with the left leg" --character toddler --out kick.glb
        retargetbench generate --texts prompts.txt --out twenty.glb --sheet twenty.png
        retargetbench generate "a person walks" --to "a person runs" --stops 5 --out between.glb
        retargetbench generate "a person waves with the left hand" --without "left hand" --plus "right hand"
        retargetbench generate --motion walk.bvh --plus "a person waves" --character knight.glb --out wave.glb
    """

    text: tyro.conf.Positional[str | None] = None
    """What is done, as a sentence."""
    character: str = "average_man"
    """A built-in body (docs/bodies.md lists them), or a character file (.glb, .gltf, .fbx)."""
    out: Path = Path("generated.glb")
    """File to write: .glb (with the mesh), .bvh or .npz."""
    texts: Path | None = None
    """File with a text a line, in place of one text: an animation each, in one .glb."""
    sheet: Path | None = None
    """Also draw a picture (.png, .jpg): a row of frames for each animation."""
    motion: Path | None = None
    """Begin with this file's motion (.bvh, .glb, .gltf, .fbx) in place of a text."""
    without: str | None = None
    """Words to take away."""
    plus: str | None = None
    """Words to add."""
    to: str | None = None
    """Interpolate to this text; one animation per stop."""
    stops: int = 5
    """How many animations an interpolation has, both ends included."""
    frames: int | None = None
    """Length at 30 frames per second; the model was trained on 60 and other lengths are a guess."""
    weights: Path | None = None
    """Folder that `train motionclip` wrote, in place of the built-in weights."""
    judge_folder: Path | None = None
    """Folder of the CLIP that the weights were trained with, if it is neither built in nor on the hub."""
    json: bool = False
    """Print what was written as JSON."""

    def carry_out(self, counting: Counting) -> Mapping[str, Any]:
        """Do it, and return what came out: ``lines`` for people, ``next`` for the next command, and values for JSON.

        Args:
            counting: Not used: it takes a moment.

        Raises:
            BenchError: If weights or the CLIP are missing, or what was asked does not go together.
        """
        find_weights(self.weights)  # the commonest mistake is told before torch is loaded
        from . import generation
        from .model import load_model

        first = generation.Request(self.text, self.motion, self.without, self.plus, self.to, self.stops, self.frames)
        asked = generation.requests(first, self.texts)
        generation.check_output(self.out, self.stops if self.to is not None else len(asked))
        generation.check_sheet(self.sheet)
        character = generation.find_character(self.character)
        model = load_model(self.weights, self.judge_folder)
        made = [named for request in asked for named in generation.generated(model, request).items()]
        names = [f"{k + 1}. {name}" if self.texts else name for k, (name, _) in enumerate(made)]
        motions = {name: generation.onto(one, character) for name, (_, one) in zip(names, made, strict=True)}
        generation.write_motions(self.out, character, motions)
        if self.sheet is not None:
            generation.draw_sheet(self.sheet, character, motions)
        frames = next(iter(motions.values())).frame_count
        lines = [f"{self.out}: {len(motions)} of {frames} frames on {character.name}, CLIP {model.clip.name}"]
        if unknown := dict.fromkeys(word for request in asked for word in generation.unknown_words(model, request)):
            lines.append(
                f"no caption of training has the words {', '.join(unknown)}: a small CLIP can only guess at them"
            )
        return {
            "lines": lines,
            "next": f"open {self.out} in Blender or another viewer, or retargetbench generate --help",
            "out": str(self.out),
            "motions": list(motions),
            "frames": frames,
            "clip": model.clip.name,
            "unknown_words": list(unknown),
        }
