from __future__ import annotations

import time
from pathlib import Path

import pytest

from tpwng_core.errors import ConfigError
from tpwng_core.nn import clip_download
from tpwng_core.nn.clip_download import locate_weights, openai_archive_sha256

DESCRIBED = {
    "url": "https://openaipublic.azureedge.net/clip/models/5806e77c/ViT-B-16.pt",
    "hf_hub": "nobody/no_such_clip/",
}


@pytest.fixture(autouse=True)
def _no_network_no_caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object) -> None:
        raise OSError("no network")

    monkeypatch.setattr("socket.create_connection", refuse)
    monkeypatch.setattr(clip_download, "getproxies", dict)
    monkeypatch.setattr(clip_download, "OPENAI_CACHE", tmp_path / "clip")


def never() -> str:
    raise AssertionError("downloaded")


def test_without_a_network_both_remedies_are_named_at_once():
    start_s = time.monotonic()
    with pytest.raises(ConfigError) as caught:
        locate_weights("ViT-B-16-quickgelu", "openai", DESCRIBED, never)
    assert time.monotonic() - start_s < 2
    assert "ViT-B-16-quickgelu:openai are not on this machine" in caught.value.message
    assert "connect to the internet" in caught.value.hint
    assert "--clip ViT-B-16-quickgelu:/path/to/weights.safetensors" in caught.value.hint


def test_a_download_that_fails_is_the_same_error(monkeypatch: pytest.MonkeyPatch):
    def broken() -> str:
        raise FileNotFoundError("Failed to download")

    monkeypatch.setattr(clip_download, "getproxies", lambda: {"https": "http://proxy"})
    with pytest.raises(ConfigError, match="cannot be downloaded"):
        locate_weights("X", "openai", DESCRIBED, broken)
    assert locate_weights("X", "openai", DESCRIBED, lambda: "/got/it") == Path("/got/it")


def test_the_archive_of_openais_own_package_is_used(tmp_path: Path):
    archive = tmp_path / "clip" / "ViT-B-16.pt"
    archive.parent.mkdir()
    archive.touch()
    assert locate_weights("X", "openai", DESCRIBED, never) == archive


def test_a_file_in_the_hub_cache_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(
        clip_download,
        "try_to_load_from_cache",
        lambda repo, file: f"/cache/{repo}/{file}" if file.endswith(".safetensors") else None,
    )
    found = locate_weights("X", "openai", DESCRIBED, never)
    assert found == Path("/cache/nobody/no_such_clip/open_clip_model.safetensors")


def test_the_hash_of_openais_archive_stands_in_its_address():
    assert openai_archive_sha256(DESCRIBED) == "5806e77c"
    assert openai_archive_sha256({"url": "https://example.org/5806/x.pt"}) is None
