"""Fixtures every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of real clips and annotations (``TPWNG_REAL_DATA``); the test skips without it."""
    folder = Path(os.environ.get("TPWNG_REAL_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no real data at {folder}; set TPWNG_REAL_DATA")
    return folder
