"""What an address means, and what of it may be written down."""

from __future__ import annotations

from pathlib import Path

import pytest

from tpwng_core.address import source_kind, without_password
from tpwng_core.errors import InputError


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("rtsp://ada:secret@cam.example/1", "rtsp://ada:***@cam.example/1"),
        ("rtsp://ada:p@ss:w@cam.example:554/a@b", "rtsp://ada:***@cam.example:554/a@b"),
        ("rtsp://ada@cam.example/1", "rtsp://ada@cam.example/1"),
        ("http://cam.example:8080/live.ts", "http://cam.example:8080/live.ts"),
        ("http://cam.example/a:b@c", "http://cam.example/a:b@c"),
        ("camera:0", "camera:0"),
        ("/data/a:b@c.ts", "/data/a:b@c.ts"),
    ],
)
def test_a_password_is_not_shown(source: str, shown: str) -> None:
    assert without_password(source) == shown


def test_kinds(tmp_path: Path) -> None:
    path = tmp_path / "a.ts"
    path.touch()
    assert [source_kind(s) for s in ("camera:0", "rtsp://a/b", str(path))] == [
        "camera",
        "url",
        "file",
    ]
    with pytest.raises(InputError, match="there is no file"):
        source_kind(str(tmp_path / "b.ts"))
