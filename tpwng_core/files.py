"""Whole files or none: atomic writes, hashes, and the assets that come with the package.

Every artifact of the project is written through :func:`atomic_write`, so that a crash, a full
disk or Ctrl-C never leaves half a file and never harms the file that was there before.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tpwng_core.errors import ArtifactError, OutputError

_PACKAGE = Path(__file__).resolve().parent
# It can only be read by setting it, which is safe at import, before there are threads.
_UMASK = os.umask(0)
os.umask(_UMASK)
# What is said of a path that goes through a file; the last one by Windows.
_IN_THE_WAY = (errno.EEXIST, errno.ENOTDIR, errno.ENOENT)
_REMEDIES = {
    errno.ENOSPC: "free some space",
    errno.EDQUOT: "free some space",
    errno.EFBIG: "free some space",
    errno.EACCES: "change the permissions there",
    errno.EPERM: "change the permissions there",
    errno.EROFS: "make the disk writable",
    errno.ENAMETOOLONG: "give a shorter name",
}


@contextmanager
def atomic_write(target: Path) -> Iterator[Path]:
    """Give a temporary path beside ``target``; what is written there replaces ``target``.

    The temporary file keeps the suffix of the target, because some writers choose their format
    by it. Parent folders are created. Only writing belongs into the body: an ``OSError`` in it
    counts as a failure to write ``target``.

    Args:
        target: the final path.

    Yields:
        The path to write to.

    Raises:
        OutputError: the folder or file cannot be written (full disk, no permission).
    """
    temporary = target.with_name(f".{target.stem[:40]}.{secrets.token_hex(4)}.tmp{target.suffix}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        _sync(temporary)
        # Some writers make their files private; an artifact gets what any new file gets.
        temporary.chmod(0o666 & ~_UMASK)
        temporary.replace(target)
    except OSError as error:
        raise _cannot_write(target, error) from error
    finally:
        with suppress(OSError):
            temporary.unlink()


def write_bytes(target: Path, data: bytes) -> None:
    """Write ``data`` to ``target`` atomically.

    Artifacts whose library would write the file itself (safetensors, torch) go through here too:
    those tell a full disk as errors of their own, which no one could tell from damage.
    """
    with atomic_write(target) as temporary:
        temporary.write_bytes(data)


def write_text(target: Path, text: str) -> None:
    """Write ``text`` as UTF-8 with ``\\n`` line ends to ``target`` atomically."""
    write_bytes(target, text.encode("utf-8"))


def write_json(target: Path, value: Any) -> None:
    """Write ``value`` as indented JSON to ``target`` atomically."""
    write_text(target, json.dumps(value, indent=1, ensure_ascii=False, default=str) + "\n")


def why_not_written(target: Path, error: OSError) -> tuple[str, str]:
    """Why ``target`` cannot be written, and what to do about it beside writing it elsewhere.

    Args:
        target: the final path.
        error: what the system said.

    Returns:
        Reason and remedy, for a person.
    """
    with suppress(OSError):  # not even to be looked at: then the first error says it
        above = next((one for one in target.parents if one.exists()), target)
        if error.errno in _IN_THE_WAY and above.is_file():
            return f"{above} is a file, not a folder", f"rename the file {above}"
        if target.is_dir():
            return "it is a folder, not a file", f"rename the folder {target}"
    reason = error.strerror or type(error).__name__
    return reason, _REMEDIES.get(error.errno or 0, "check the disk")


def sha256_of_file(path: Path) -> str:
    """SHA-256 of a file's content, as 64 hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def asset(relative: str) -> Path:
    """Path of a packaged asset, e.g. ``asset("presets/demo.toml")``.

    In a wheel the assets lie inside the package, in a checkout beside it.

    Raises:
        ArtifactError: the asset is missing, so the installation is broken.
    """
    for root in (_PACKAGE / "assets", _PACKAGE.parent / "assets"):
        if (root / relative).exists():
            return root / relative
    raise ArtifactError(f"packaged file assets/{relative} is missing", "reinstall tpwng-studio")


def _sync(path: Path) -> None:
    with path.open("rb") as stream:
        os.fsync(stream.fileno())


def _cannot_write(target: Path, error: OSError) -> OutputError:
    reason, remedy = why_not_written(target, error)
    return OutputError(f"cannot write {target}: {reason}", f"{remedy} or choose another --out")
