"""Fetch a collection's public files from where their authors published them, each checked before it is kept."""

import hashlib
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable
from pathlib import Path

from ..errors import BenchError
from ..files import write_atomically
from .data_root import PublicFile

PUBLIC_FILES = "https://raw.githubusercontent.com"
MAX_BYTES = 256 * 2**20


class FetchFailed(BenchError):
    """A public file that could not be fetched, or that is no longer the declared one."""

    rule = "D203"


def fetch_files(
    files: Iterable[PublicFile],
    folder: Path,
    *,
    base_url: str = PUBLIC_FILES,
    done: Callable[[PublicFile], None] = lambda _: None,
) -> int:
    """Fetch the files that ``folder`` lacks and return how many were fetched.

    A file that is there with the declared SHA-256 is left alone, so that the same call resumes. A file is written when
    its checksum is right, as a whole: an interrupted fetch never leaves a half file.

    Args:
        files: What is needed, from a collection's ``files.csv``.
        folder: The data root.
        base_url: Where ``owner/repository/commit/path`` is served.
        done: Called after each file that is in place.

    Raises:
        FetchFailed: If a file cannot be had, is larger than 256 MiB, or has another checksum.
    """
    fetched = 0
    for file in files:
        target = folder / file.path
        if not (target.is_file() and hashlib.sha256(target.read_bytes()).hexdigest() == file.sha256):
            content = _download(f"{base_url}/{_url_path(file.source)}", file)
            write_atomically(target, content)
            fetched += 1
        done(file)
    return fetched


def _url_path(source: str) -> str:
    """``owner/repository@commit:path`` -> ``owner/repository/commit/path``, percent-encoded."""
    repository, _, rest = source.partition("@")
    commit, _, path = rest.partition(":")
    return urllib.parse.quote(f"{repository}/{commit}/{path}")


def _download(url: str, file: PublicFile) -> bytes:
    try:
        with urllib.request.urlopen(url, timeout=60) as response:
            content: bytes = response.read(MAX_BYTES + 1)
    except (urllib.error.URLError, OSError) as error:
        raise FetchFailed(
            f"'{file.path}' could not be fetched from {url}: {error}. Try again, or copy it by hand."
        ) from None
    found = hashlib.sha256(content).hexdigest()
    if len(content) > MAX_BYTES or found != file.sha256:
        raise FetchFailed(
            f"{url} gave {len(content)} bytes with SHA-256 {found[:12]}..., expected {file.sha256[:12]}...; "
            "the public file changed or the transfer broke. Nothing was written."
        )
    return content
