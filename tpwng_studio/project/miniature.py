"""What a demo project is made of: the packaged miniature, copied to where it may be written.

A folder in; the miniature's files in their places there, and the links of a project to them, out.
Called by ``project``.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from tpwng_core.files import asset

DEMO_PRESET = "demo"
_FOLDERS = {name: name for name in ("videos", "features", "scores", "pseudo")} | {
    "run": "runs/demo"
}
_FILES = ("manifest.csv", "annotations.txt")


def copy_miniature(folder: Path) -> dict[str, Path | None]:
    """Copy the miniature into a folder.

    Returns:
        The links of a project: ``checkpoint``, ``manifest``, ``ground_truth``.
    """
    source = asset("demo/miniature")
    for name, place in _FOLDERS.items():
        shutil.copytree(source / name, folder / place, dirs_exist_ok=True)
    manifest, annotations = (folder / name for name in _FILES)
    for path in (manifest, annotations):
        shutil.copyfile(source / path.name, path)
    return {
        "checkpoint": folder / _FOLDERS["run"] / "checkpoint.safetensors",
        "manifest": manifest,
        "ground_truth": annotations,
    }
