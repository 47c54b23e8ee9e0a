"""What a file is that stands where another should."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tpwng_core.checkpoint import read_checkpoint_meta
from tpwng_core.errors import CheckpointError
from tpwng_core.file_kinds import kind_of_file, text_at_start
from tpwng_core.files import asset

DEMO = asset("demo/miniature")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("manifest.csv", 'a CSV table ("video,label,split")'),
        ("annotations.txt", "text"),
        ("videos/test_fire_001.mp4", "a video (MP4)"),
        ("scores/test_fire_001.scores.npz", "a zip archive"),
        ("run/checkpoint.safetensors", "a safetensors file"),
        ("run/metrics.jsonl", "JSON"),
    ],
)
def test_files_of_a_project_are_known(name: str, kind: str) -> None:
    assert kind_of_file(DEMO / name).startswith(kind)


def test_what_is_unknown_is_not_guessed(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "noise").write_bytes(bytes(range(128, 256)) * 40)
    np.save(tmp_path / "a.npy", np.zeros(3))
    assert kind_of_file(tmp_path / "empty") == "empty"
    assert kind_of_file(tmp_path / "noise") == ""
    assert kind_of_file(tmp_path / "missing") == ""
    assert kind_of_file(tmp_path / "a.npy") == "a NumPy array (.npy)"


@pytest.mark.parametrize(
    ("head", "text"),
    [
        ("day,é\n".encode(), "day,é\n"),
        ("\ufeffday".encode(), "day"),
        ("é".encode() * 9, "é" * 9),
        (b"a" * 4095 + "é".encode(), "a" * 4095),  # the last character read is cut
        (b"a" * 4096 + "é".encode("latin-1"), "a" * 4096),  # so far nobody reads
        (b"a\0b", None),
        (b"a" * 5000 + b"\0", None),
        ("é".encode("latin-1") + b"a" * 9, None),
        (b"", None),
    ],
)
def test_text_is_known_by_the_first_bytes(head: bytes, text: str | None) -> None:
    assert text_at_start(head) == text


def test_a_list_given_as_a_checkpoint_is_called_a_list() -> None:
    with pytest.raises(
        CheckpointError, match=r"is no checkpoint: it is a CSV table \(\"video"
    ) as e:
        read_checkpoint_meta(DEMO / "manifest.csv")
    assert "checkpoint.safetensors" in e.value.hint
