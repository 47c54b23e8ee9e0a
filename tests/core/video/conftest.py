"""Rendered videos, each made once a session."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.core.video.flavours import FLAVOURS
from tests.core.video.rendering import Flavour, render


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Flavour], Path]:
    """Give the file of a flavour; the test skips where its encoder is missing."""
    folder = tmp_path_factory.mktemp("flavours")
    made: dict[str, Path] = {}

    def give(flavour: Flavour) -> Path:
        name = flavour.name + flavour.suffix
        if name not in made:
            try:
                made[name] = render(flavour, folder)
            except ValueError as error:
                pytest.skip(f"this build of PyAV cannot encode {flavour.codec}: {error}")
        return made[name]

    return give


@pytest.fixture(scope="session")
def plain(rendered: Callable[[Flavour], Path]) -> Path:
    """80 frames of H.264 with B-frames in MP4, 25 frames a second, a keyframe every 30."""
    return rendered(FLAVOURS[0])


@pytest.fixture(scope="session")
def ffmpeg() -> Callable[..., None]:
    """Run the ffmpeg program; the test skips where it is missing."""
    program = shutil.which("ffmpeg")
    if program is None:
        pytest.skip("the ffmpeg program is not installed")

    def run(*arguments: object) -> None:
        command = [program, "-v", "error", "-nostdin", "-y", *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if "Unknown encoder" in done.stderr:
            pytest.skip(f"this ffmpeg program lacks an encoder: {done.stderr.strip()}")
        assert done.returncode == 0, done.stderr

    return run
