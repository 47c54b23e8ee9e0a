"""Weights that have a tag: found on this machine, or downloaded, or one clear error.

In comes open_clip's description of a tag, out goes a file. open_clip alone would retry for
three quarters of a minute without a network before it says so. Called by ``nn.clip`` alone.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies

from huggingface_hub import constants, try_to_load_from_cache

from tpwng_core.errors import ConfigError

OPENAI_CACHE = Path("~/.cache/clip")
_HUB_FILES = ("open_clip_model.safetensors", "open_clip_pytorch_model.bin")
_REACH_TIMEOUT_S = 5.0


def locate_weights(
    name: str, tag: str, described: Mapping[str, Any], download: Callable[[], str]
) -> Path:
    """File of ``name:tag``, from a cache where it lies, else downloaded.

    Args:
        name: open_clip's architecture.
        tag: the pretrained tag.
        described: open_clip's entry of the tag (``hf_hub``, ``url``).
        download: open_clip's download of that entry; returns the path.

    Raises:
        ConfigError: the weights are not here and cannot be fetched; names both remedies.
    """
    found = _in_hub_cache(described) or _in_openai_cache(described)
    if found is not None:
        return found
    try:
        _check_reachable(described)
        return Path(download())
    except (OSError, RuntimeError) as error:
        raise ConfigError(
            f"the weights of CLIP {name}:{tag} are not on this machine and cannot be downloaded",
            "connect to the internet once, or fetch them on another machine and pass the file: "
            f"--clip {name}:/path/to/weights.safetensors; to try the program on drawn videos, "
            "--clip demo needs none",
        ) from error


def openai_archive_sha256(described: Mapping[str, Any]) -> str | None:
    """SHA-256 of the archive OpenAI publishes under this tag; it stands in its address."""
    url = str(described.get("url", ""))
    return url.split("/")[-2] if "openaipublic" in url else None


def _in_hub_cache(described: Mapping[str, Any]) -> Path | None:
    repository, _, file = str(described.get("hf_hub", "")).rpartition("/")
    if not repository:
        return None
    for candidate in (file,) if file else _HUB_FILES:
        cached = try_to_load_from_cache(repository, candidate)
        if isinstance(cached, str):
            return Path(cached)
    return None


def _in_openai_cache(described: Mapping[str, Any]) -> Path | None:
    """The archive that OpenAI's own package keeps; opened only if its hash is right."""
    if openai_archive_sha256(described) is None:
        return None
    path = OPENAI_CACHE.expanduser() / str(described["url"]).rsplit("/", 1)[-1]
    return path if path.is_file() else None


def _check_reachable(described: Mapping[str, Any]) -> None:
    """Raise OSError at once where there is no network; a proxy is left to open_clip."""
    if getproxies():
        return
    address = urlsplit(constants.ENDPOINT if described.get("hf_hub") else str(described["url"]))
    port = address.port or (443 if address.scheme == "https" else 80)
    socket.create_connection((str(address.hostname), port), _REACH_TIMEOUT_S).close()
