"""Benchmark lists and class folders as manifest rows.

UCF-Crime's ``Anomaly_Train.txt`` and ``Anomaly_Test.txt``, XD-Violence's lists, the published
``path,label`` feature lists with ten crops a video, and a folder with one folder a class.
Called by ``manifest.py`` only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from tpwng_core.datasets.names import benchmark_labels, video_id
from tpwng_core.datasets.text import read_table
from tpwng_core.errors import DatasetError

_CROP = re.compile(r"__\d$")
_TEST_LIST = re.compile(r"(?<!la)test", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Row:
    """A line of a list before its words are checked.

    Attributes:
        line: number of the line, from 1.
        name: path or id of the video.
        label: text of the label; empty where it is not known.
        split: text of the split; may be empty.
        crops: whether several lines may name the crops of one video.
    """

    line: int
    name: str
    label: str
    split: str
    crops: bool = False


def read_feature_list(text: str, path: Path) -> list[Row]:
    """Rows of a published ``path,label`` list; only file names matter, crops ``__0`` fold.

    Raises:
        DatasetError: a line has other than two fields.
    """
    table = read_table(text, path, ("path", "label"))
    split = _split_of(path)
    return [
        Row(
            line=line,
            name=_CROP.sub("", video_id(row["path"])),
            label=row["label"],
            split=split,
            crops=True,
        )
        for line, row in table.rows
    ]


def read_path_list(text: str, path: Path) -> list[Row]:
    """Rows of a list with one path a line, whose label its folder or its name states.

    What follows the path on its line, such as a frame count, is left alone.

    Raises:
        DatasetError: a line's path states no label of UCF-Crime or XD-Violence.
    """
    rows = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        name = line.split()[0]
        crop = name.endswith(".npy")
        labels = benchmark_labels(_CROP.sub("", video_id(name)) if crop else name)
        if labels is None:
            raise DatasetError(
                f"{path} line {number}: {line.strip()[:80]!r} is neither a manifest row nor a"
                " path of UCF-Crime or XD-Violence",
                "a manifest begins with the header video,label or video,label,split",
            )
        rows.append(
            Row(
                line=number,
                name=_CROP.sub("", video_id(name)) if crop else name,
                label="|".join(labels) or "normal",
                split=_split_of(path),
                crops=crop,
            )
        )
    return rows


def read_class_folder(folder: Path) -> list[Row]:
    """Rows of a folder with one folder a class: files in ``normal/``, ``fighting/``.

    Raises:
        DatasetError: the folder holds no folder.
    """
    classes = sorted(item for item in folder.iterdir() if item.is_dir())
    if not classes:
        raise DatasetError(f"{folder} holds no class folders", "give a manifest CSV instead")
    files = [file for item in classes for file in sorted(item.rglob("*")) if file.is_file()]
    videos = [file.relative_to(folder).as_posix() for file in files]
    return [
        Row(line=number, name=name, label=name.split("/")[0], split="")
        for number, name in enumerate(videos, start=1)
        if video_id(name) != name.split("/")[-1]
    ]


def _split_of(path: Path) -> str:
    """Split of a benchmark list, by its file name; a list not of tests is of training."""
    return "test" if _TEST_LIST.search(path.name) else "train"
