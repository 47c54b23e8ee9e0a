"""What is wrong with a video file is told before it is opened, and asked only once."""

from __future__ import annotations

import os
from fractions import Fraction
from importlib import import_module
from pathlib import Path

import pytest

from tpwng_core.files import asset
from tpwng_studio.project.scanning import (
    VideoScan,
    duplicates,
    is_current,
    read_scans,
    scan_video,
    write_scans,
)

VIDEO = asset("demo/miniature/videos/test_fire_001.mp4")


def test_a_plain_file_has_frames_and_no_badge() -> None:
    scan = scan_video(VIDEO)
    assert (scan.num_frames, scan.rate, scan.badge) == (224, Fraction(12), "")
    assert is_current(scan, VIDEO)


def test_missing_and_corrupt_files_get_a_badge_and_a_remedy(tmp_path: Path) -> None:
    missing = scan_video(tmp_path / "gone.mp4")
    assert missing.badge == "missing"
    assert "relink" in missing.note
    assert missing.rate is None
    (tmp_path / "bad.mp4").write_bytes(b"no video at all" * 1000)
    corrupt = scan_video(tmp_path / "bad.mp4")
    assert corrupt.badge == "corrupt"
    assert "bad.mp4" in corrupt.note
    half = VIDEO.read_bytes()
    (tmp_path / "half.mp4").write_bytes(half[: len(half) // 2])
    assert scan_video(tmp_path / "half.mp4").badge in ("corrupt", "cut off")


def test_a_file_that_goes_while_it_is_read_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(VIDEO.read_bytes())

    def gone(path: Path) -> None:
        path.unlink()
        raise FileNotFoundError(path)

    monkeypatch.setattr(import_module("tpwng_core.video.health"), "health", gone)
    assert scan_video(path).badge == "missing"


def test_a_variable_rate_is_told(real_data: Path) -> None:
    scan = scan_video(real_data / "odd" / "exoplayer_sample_android_slow_motion.mp4")
    assert scan.badge == "vfr"
    assert "evenly" in scan.note


def test_copies_are_told_by_content() -> None:
    one, other = VideoScan(fingerprint="a"), VideoScan(fingerprint="b")
    unread = VideoScan()
    scans = {"x": one, "y": other, "z": one, "u": unread, "v": unread}
    assert duplicates(scans) == {"z": "x"}


def test_scans_are_kept_until_the_file_changes(tmp_path: Path) -> None:
    copy = tmp_path / "a.mp4"
    copy.write_bytes(VIDEO.read_bytes())
    scan = scan_video(copy)
    write_scans(tmp_path, {"a": scan})
    assert read_scans(tmp_path) == {"a": scan}
    assert is_current(scan, copy)
    os.utime(copy, ns=(1, 1))
    assert not is_current(scan, copy)
    assert not is_current(scan, tmp_path / "gone.mp4")


def test_an_unreadable_list_of_scans_only_costs_time(tmp_path: Path) -> None:
    for text in ("", "{", "[]", '{"a": {"frames": 3}}', '{"a": 3}'):
        (tmp_path / "scan.json").write_text(text)
        assert read_scans(tmp_path) == {}
    (tmp_path / "file").write_text("in the way")
    write_scans(tmp_path / "file", {"a": VideoScan()})
