"""From a hub id or a folder to the files of a saved model, with one clear sentence where there are none.

Weights are read from safetensors only: a pickle runs code when it is opened.
"""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ...datasets.errors import shorten, suggestion
from .errors import NoJudgeFolder, NotAJudge, NotAtHand
from .source import JudgeSource

_WANTED = ["*.json", "*.safetensors", "*.txt", "*.model", "*/*.json", "*/*.txt", "*/*.model", "itm/*.safetensors"]
"""What is fetched of a hub repository: configuration, vocabularies, safetensors."""


def find_checkpoint(source: JudgeSource, kind: str, default_id: str) -> Path:
    """Return the folder with a judge's files, fetching them from the hub if need be.

    Args:
        source: What the user named.
        kind: Kind of judge, for the message.
        default_id: Hub id that is meant when neither a folder nor weights are named.

    Raises:
        NoJudgeFolder: If the named folder is missing or is no folder.
        NotAtHand: If a hub id is neither in the cache nor to be had.
    """
    if source.folder is not None:
        return existing_folder(source.folder)
    return _fetched(source.weights or default_id, kind)


def read_config(folder: Path, name: str = "config.json") -> dict[str, Any]:
    """Return the configuration of a saved model.

    Raises:
        NotAJudge: If there is none, it is damaged, or the weights beside it are missing or pickled.
    """
    path = folder / name
    if not path.is_file():
        inside = shorten(sorted(p.name for p in folder.iterdir() if (p / name).is_file()))
        hint = f" These folders in it do: {inside}." if inside else ""
        raise NotAJudge(f"{folder} holds no {name}; expected a folder that a model was saved into.{hint}")
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise NotAJudge(f"{path} is no JSON: {error}; expected the configuration of a saved model.") from None
    if not isinstance(config, dict):
        raise NotAJudge(f"{path} holds a {type(config).__name__}; expected the configuration of a saved model.")
    if not any(folder.glob("*.safetensors")):
        found = "only pickled weights (.bin)" if any(folder.glob("*.bin")) else "no weights"
        raise NotAJudge(
            f"{folder} holds {found}; expected *.safetensors (pickles are never opened: load the model where you "
            "trust it and call save_pretrained)."
        )
    return config


def expect(folder: Path, config: dict[str, Any], model_type: str, architecture: str) -> None:
    """Refuse a saved model of another kind.

    Raises:
        NotAJudge: Saying what was found and which judge reads it.
    """
    found_type = config.get("model_type", "nothing")
    found = config.get("architectures") or []
    if found_type != model_type:
        raise NotAJudge(f"{folder} holds a model of type '{found_type}'; expected '{model_type}'.{_reader(found)}")
    if found and architecture not in found:
        raise NotAJudge(f"{folder} holds a {found[0]}; expected a {architecture}.{_reader(found)}")


def label_of(source: JudgeSource, default_id: str) -> str:
    """Return a short name for the weights: the folder's, or the hub id's last part, with letters, digits, ``._-``."""
    named = source.folder.resolve().name if source.folder else (source.weights or default_id).partition("@")[0]
    return "".join(c if c.isalnum() or c in "._-" else "-" for c in named.rpartition("/")[2])


_READ_BY = {
    "Blip2ForConditionalGeneration": "blip2",
    "Blip2ForImageTextRetrieval": "blip2-itm",
    "InstructBlipForConditionalGeneration": "instructblip",
    "CLIPModel": "clip",
}


def _reader(architectures: Sequence[str]) -> str:
    readers = [_READ_BY[name] for name in architectures if name in _READ_BY]
    return f" The judge '{readers[0]}' reads it." if readers else ""


def existing_folder(folder: Path) -> Path:
    """Return a folder that is there.

    Raises:
        NoJudgeFolder: If it is missing or is no folder; with the nearest names.
    """
    if folder.is_dir():
        return folder
    if folder.exists():
        raise NoJudgeFolder(f"{folder} is a file; expected the folder that a model was saved into.")
    parent = folder.parent
    near = suggestion(folder.name, [p.name for p in parent.iterdir() if p.is_dir()]) if parent.is_dir() else ""
    raise NoJudgeFolder(f"there is no folder {folder}; expected one that a model was saved into.{near}")


def _fetched(named: str, kind: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import GatedRepoError, HFValidationError, RepositoryNotFoundError, RevisionNotFoundError

    hub_id, _, revision = named.partition("@")
    try:
        return Path(snapshot_download(hub_id, revision=revision or None, allow_patterns=_WANTED))
    except HFValidationError:
        folder = f" Is it a folder? Write --judge {kind} --judge-folder {named}." if os.sep in named else ""
        raise NotAtHand(f"'{named}' is no hub id; expected owner/name or owner/name@revision.{folder}") from None
    except GatedRepoError:
        raise NotAtHand(f"{hub_id} asks for a login: accept its terms on the hub and run `hf auth login`.") from None
    except RevisionNotFoundError:
        raise NotAtHand(f"the hub has no revision '{revision}' of {hub_id}.") from None
    except RepositoryNotFoundError:
        raise NotAtHand(f"the hub has no model {hub_id}, or it is private; check the spelling.") from None
    except (OSError, ValueError) as error:  # offline, cut off or not in the cache; httpx errors become OSErrors here
        raise _not_at_hand(hub_id, revision, kind) from error


def _not_at_hand(hub_id: str, revision: str, kind: str) -> NotAtHand:
    at = f" --revision {revision}" if revision else ""
    return NotAtHand(
        f"the weights {hub_id} are not on this machine and the hub cannot be reached; on a machine with network run "
        f"`hf download {hub_id}{at} --local-dir FOLDER`, bring the folder here and write "
        f"--judge {kind} --judge-folder FOLDER (with network here, the same command runs as it is)."
    )
