"""Which files a person means, and their ids."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import pytest

from tpwng_core.errors import InputError
from tpwng_core.video import VideoFile, find_videos, fingerprint


def _touch(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    return path


def _ids(videos: Sequence[VideoFile]) -> list[str]:
    return [video.video_id for video in videos]


def test_folders_are_searched_recursively_in_order(tmp_path):
    for name in ["b.mp4", "deep/er/a #1 ü.AVI", "notes.txt", ".hidden.mp4", ".trash/c.mp4"]:
        _touch(tmp_path / name)
    found = find_videos([tmp_path])
    assert _ids(found) == ["b", "a #1 ü"]
    assert found[1].path == tmp_path / "deep/er/a #1 ü.AVI"


def test_shared_stems_get_a_hash_of_the_relative_path(tmp_path):
    _touch(tmp_path / "one/cam.mp4")
    _touch(tmp_path / "two/cam.mp4")
    _touch(tmp_path / "two/other.mp4")
    expected = [
        f"cam-{hashlib.sha1(name.encode()).hexdigest()[:8]}"
        for name in ("one/cam.mp4", "two/cam.mp4")
    ]
    assert _ids(find_videos([tmp_path])) == [*expected, "other"]


def test_ids_are_unique_even_where_relative_paths_are_equal(tmp_path):
    one, two = _touch(tmp_path / "one/cam.mp4"), _touch(tmp_path / "two/cam.mp4")
    assert len(set(_ids(find_videos([one, two])))) == 2
    assert len(set(_ids(find_videos([one.parent, two.parent])))) == 2


def test_a_named_file_is_taken_whatever_its_suffix_and_once(tmp_path):
    path = _touch(tmp_path / "export.dat")
    film = _touch(tmp_path / "film.mp4")
    assert _ids(find_videos([path, film, tmp_path, film])) == ["export", "film"]


def test_missing_or_empty_inputs_are_named(tmp_path):
    with pytest.raises(InputError, match=r"no file or folder .*nowhere"):
        find_videos([tmp_path / "nowhere"])
    with pytest.raises(InputError, match="holds no video"):
        find_videos([tmp_path])


def test_fingerprint_sees_size_head_and_tail(tmp_path):
    path = tmp_path / "big.bin"
    content = bytearray(3 << 20)
    path.write_bytes(content)
    first = fingerprint(path)
    assert first.startswith("sha1:")
    assert first.endswith(f"-{3 << 20}")
    for position in (0, len(content) - 1):
        changed = bytearray(content)
        changed[position] = 1
        path.write_bytes(changed)
        assert fingerprint(path) != first
    path.write_bytes(content + b"\0")
    assert fingerprint(path) != first
    with pytest.raises(InputError, match="there is no file"):
        fingerprint(tmp_path / "missing")
