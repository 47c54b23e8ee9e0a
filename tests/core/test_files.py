"""Atomic writes: whole files or none."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from pathlib import Path

import pytest

from tpwng_core.errors import ArtifactError, OutputError
from tpwng_core.files import (
    asset,
    atomic_write,
    sha256_of_file,
    why_not_written,
    write_json,
    write_text,
)


def listing(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_written_file_is_whole_and_alone(tmp_path: Path) -> None:
    write_text(tmp_path / "new" / "a.txt", "ünï\n")
    assert (tmp_path / "new" / "a.txt").read_bytes() == "ünï\n".encode()
    assert listing(tmp_path / "new") == ["a.txt"]


def test_the_temporary_file_keeps_the_suffix(tmp_path: Path) -> None:
    with atomic_write(tmp_path / "a.mp4") as temporary:
        assert temporary.suffix == ".mp4"
        assert temporary.parent == tmp_path
        temporary.write_bytes(b"x")


def test_a_failed_write_leaves_the_old_file_and_no_litter(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    write_text(target, "old")
    with pytest.raises(RuntimeError), atomic_write(target) as temporary:
        temporary.write_text("half")
        raise RuntimeError("power cut")
    assert target.read_text() == "old"
    assert listing(tmp_path) == ["a.txt"]


def test_ctrl_c_while_writing_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    write_text(target, "old")
    with pytest.raises(KeyboardInterrupt), atomic_write(target) as temporary:
        temporary.write_text("half")
        raise KeyboardInterrupt
    assert target.read_text() == "old"
    assert listing(tmp_path) == ["a.txt"]


def test_a_full_disk_is_one_clear_error_and_nothing_half_written(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    with (
        pytest.raises(OutputError, match=r"cannot write .*a\.txt: No space left"),
        atomic_write(target) as temporary,
    ):
        temporary.write_text("half")
        raise OSError(28, "No space left on device")
    assert listing(tmp_path) == []


@pytest.mark.parametrize("name", ["file/a.txt", "file/deeper/a.txt"])
def test_a_file_where_a_folder_is_wanted_is_to_be_renamed(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="file is a file, not a folder") as caught:
        write_text(tmp_path / name, "x")
    assert caught.value.hint == f"rename the file {tmp_path / 'file'} or choose another --out"


def test_a_folder_where_a_file_is_wanted_is_to_be_renamed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").mkdir()
    with pytest.raises(OutputError, match="it is a folder, not a file") as caught:
        write_text(tmp_path / "a.txt", "x")
    assert caught.value.hint.startswith(f"rename the folder {tmp_path / 'a.txt'}")
    assert listing(tmp_path) == ["a.txt"]


@pytest.mark.parametrize(
    ("number", "remedy"),
    [
        (errno.ENOSPC, "free some space"),
        (errno.EACCES, "change the permissions there"),
        (errno.EROFS, "make the disk writable"),
        (errno.EIO, "check the disk"),
    ],
)
def test_the_remedy_is_that_of_what_went_wrong(tmp_path: Path, number: int, remedy: str) -> None:
    error = OSError(number, os.strerror(number))
    assert why_not_written(tmp_path / "new/a.txt", error) == (os.strerror(number), remedy)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may look anywhere")
def test_a_folder_that_may_not_be_entered_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "shut").mkdir(mode=0o000)
    with pytest.raises(OutputError, match=r"a\.txt: Permission denied \(change the permissions"):
        write_text(tmp_path / "shut/new/a.txt", "x")


def test_files_that_a_writer_made_private_get_the_usual_permissions(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    with atomic_write(tmp_path / "a.txt") as temporary:
        temporary.touch(mode=0o600)
    usual = (tmp_path / "usual").stat().st_mode
    assert (tmp_path / "a.txt").stat().st_mode == usual


def test_json_keeps_unicode_readable(tmp_path: Path) -> None:
    write_json(tmp_path / "a.json", {"name": "Überfall", "path": Path("x")})
    text = (tmp_path / "a.json").read_text(encoding="utf-8")
    assert "Überfall" in text
    assert json.loads(text) == {"name": "Überfall", "path": "x"}


def test_hash_of_a_file_is_that_of_its_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc" * 100_000)
    assert sha256_of_file(tmp_path / "a") == hashlib.sha256(b"abc" * 100_000).hexdigest()


def test_presets_are_packaged() -> None:
    assert asset("presets/demo.toml").is_file()


def test_a_missing_asset_says_to_reinstall() -> None:
    with pytest.raises(ArtifactError, match="reinstall"):
        asset("presets/none.toml")
