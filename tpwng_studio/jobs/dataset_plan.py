"""What each video of a project is and what it is for: categories and splits before training.

Videos in; a plan that a person changes row by row, what it still lacks, and the manifest out.
Called by the data set dialog. No Qt.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import numpy as np

from tpwng_core.datasets import (
    Split,
    VideoRecord,
    benchmark_labels,
    can_choose,
    hold_out,
    is_normal_name,
    parse_label,
    read_manifest,
    write_manifest,
)

MANIFEST = "manifest.csv"
SPLITS: tuple[Split, ...] = ("train", "val", "test")
_NUMBERED = re.compile(r"([A-Za-z][A-Za-z_]*?)_?\d+")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One video of the plan.

    Attributes:
        video: id.
        path: of the file.
        label: ``normal``, ids joined by ``|``, or "" where not known.
        split: what it is for.
        has_features: nothing is to be extracted.
        is_usable: the file can be decoded, as far as known.
    """

    video: str
    path: Path
    label: str = ""
    split: Split = "train"
    has_features: bool = False
    is_usable: bool = True

    @property
    def labels(self) -> tuple[str, ...] | None:
        """Category ids, () for normal; None where not known or no label."""
        if not self.label.strip():
            return None
        try:
            return parse_label(self.label)
        except ValueError:
            return None

    @property
    def problem(self) -> str:
        """What is wrong with the row itself; "" if nothing."""
        if not self.is_usable:
            return "the file cannot be used"
        if not self.label.strip():
            return "category not known"
        try:
            parse_label(self.label)
        except ValueError as error:
            return str(error)
        return ""


@dataclass(frozen=True)
class Plan:
    """All videos of a data set; every change gives another plan."""

    rows: tuple[Row, ...]

    @property
    def categories(self) -> list[str]:
        """Abnormal categories that are named, in order of appearance."""
        used = (row.labels or () for row in self.rows if row.is_usable)
        return list(dict.fromkeys(name for labels in used for name in labels))

    @property
    def counts(self) -> Mapping[tuple[str, str], int]:
        """Number of videos by (category or "normal", split); several labels count each."""
        found = Counter[tuple[str, str]]()
        for row in self.rows:
            if row.labels is not None and row.is_usable:
                found.update((name, row.split) for name in row.labels or ("normal",))
        return found

    @property
    def words(self) -> str:
        """How many videos of each category are for what, and how many are to be extracted."""
        parts, counts = [], self.counts
        for name in ("normal", *self.categories):
            numbers = [(split, counts.get((name, split), 0)) for split in SPLITS]
            told = ", ".join(f"{count} {split}" for split, count in numbers if count)
            if told and not (is_normal_name(name) and name != "normal"):
                parts.append(f"{name}: {told}")
        extract = len(self.to_extract)
        parts.append(f"{extract} to extract" if extract else "all features are there")
        return "  ·  ".join(parts)

    @property
    def missing(self) -> list[str]:
        """What must still be said before a training can begin, in words."""
        usable = [row for row in self.rows if row.is_usable and row.labels is not None]
        training = [row for row in usable if row.split == "train"]
        unknown = sum(row.is_usable and row.labels is None for row in self.rows)
        found = []
        if not any(row.labels for row in training):
            found.append("no abnormal video to train on")
        if not any(row.labels == () for row in training):
            found.append("no normal video to train on")
        if unknown:
            found.append(f"{unknown} without a category: left out")
        trained = {name for row in training for name in row.labels or ()}
        lost = [name for name in self.categories if name not in trained]
        if lost:
            found.append(f"no training video of {', '.join(lost)}: it will not be learned")
        return found

    @property
    def can_train(self) -> bool:
        """Whether there is an abnormal and a normal video to train on."""
        training = [row.labels for row in self.rows if row.is_usable and row.split == "train"]
        return any(training) and () in training

    @property
    def to_extract(self) -> list[Path]:
        """Files whose features are missing."""
        return [row.path for row in self.rows if row.is_usable and not row.has_features]

    def unknown_to(self, categories: Iterable[str]) -> list[str]:
        """Categories that a preset with a fixed list does not have; none for an empty list."""
        known = {name.casefold() for name in categories}
        return [name for name in self.categories if known and name.casefold() not in known]

    def with_rows(
        self, places: Iterable[int], *, label: str | None = None, split: str | None = None
    ) -> Plan:
        """The plan with another label or split in several rows."""
        chosen, rows = set(places), list(self.rows)
        for place in chosen:
            if label is not None:
                rows[place] = replace(rows[place], label=label.strip())
            if split is not None:
                rows[place] = replace(rows[place], split=cast(Split, split))
        return Plan(tuple(rows))

    def with_names(self, categories: Iterable[str] = ()) -> Plan:
        """Rows without a label take what the video's own name says, where it says something.

        A split in a name (``test_fire_001``) is taken too.

        Args:
            categories: that the project knows, beside those of the plan.
        """
        known = [*self.categories, *categories]
        has_classes = _are_classes({row.path.parent for row in self.rows}, known)
        rows = [
            row if row.labels is not None else _named(row, known, has_classes) for row in self.rows
        ]
        rows = [
            _named(row, known, has_classes) if row.is_usable and row.labels is None else row
            for row in self.rows
        ]
        return Plan(tuple(rows))

    def with_manifest(self, path: Path) -> tuple[Plan, int]:
        """The plan with labels and splits of a manifest or a benchmark's list.

        Returns:
            The plan, and how many of its videos the file names.

        Raises:
            DatasetError: the file is missing or wrong.
        """
        records = {record.video: record for record in read_manifest(path)}
        rows = [_told(row, records.get(row.video)) for row in self.rows]
        return Plan(tuple(rows)), sum(row.video in records for row in self.rows)

    def with_split(self, shares: Mapping[Split, float], seed: int = 0) -> Plan:
        """The labelled videos dealt out anew, a seeded share each, category by category.

        Training gets what the others leave, and at least one video of each category. Validation
        videos are drawn by the rule of the verb train, which draws none where they would be too
        few to choose by.

        Args:
            shares: of ``test`` among all videos, of ``val`` among the others, in [0, 1).
            seed: of the draw.
        """
        groups: dict[str, list[int]] = {}
        for place, row in enumerate(self.rows):
            if row.labels is not None and row.is_usable:
                groups.setdefault("|".join(row.labels), []).append(place)
        rng, plan = np.random.default_rng(seed), self
        for _, places in sorted(groups.items()):
            order = rng.permutation(sorted(places, key=lambda at: self.rows[at].video)).tolist()
            left = len(order) - 1
            num_test = min(round(shares.get("test", 0.0) * len(order)), left)
            plan = plan.with_rows(order[:num_test], split="test")
            plan = plan.with_rows(order[num_test:], split="train")
        held_out = plan.held_out(shares.get("val", 0.0), seed)
        places = [place for place, row in enumerate(plan.rows) if row.video in held_out]
        return plan.with_rows(places, split="val")

    def held_out(self, share: float, seed: int = 0) -> frozenset[str]:
        """Ids of the videos that a training would choose its epoch by, none where too few.

        Args:
            share: ``validation.share``, which counts where no row says ``val``.
            seed: of the draw.
        """
        usable = [row for row in self.rows if row.is_usable and row.labels is not None]
        records = [_record(row) for row in usable if row.split != "test"]
        dealt = [item for item in hold_out(records, share, seed) if item.split == "val"]
        return frozenset(item.video for item in dealt) if can_choose(dealt) else frozenset()

    def write(self, folder: Path, others: Iterable[VideoRecord] = ()) -> Path:
        """Write the manifest into a project's folder; one that was there stays as ``.bak``.

        Args:
            folder: of the project.
            others: of videos that were taken out of the project: what they are is not forgotten.

        Raises:
            OutputError: it cannot be written.
        """
        path = folder / MANIFEST
        if path.is_file():
            shutil.copyfile(path, path.with_name(f"{MANIFEST}.bak"))
        write_manifest(path, [*(_record(row) for row in self.rows), *others])
        return path


def label_of_name(row: Row, known: Sequence[str], *, has_classes: bool = False) -> str:
    """What a video's name, its folder or a word of its name says it shows; "" where nothing does.

    In this order: a category that is known, a benchmark's naming, a folder a class, and a word
    before a number (``fire_001``).

    Args:
        row: the video.
        known: categories that are named elsewhere; their spelling wins over the benchmarks'.
        has_classes: the videos lie in folders side by side, whose names tell something.
    """
    spelling = {name.casefold(): name for name in known}
    words = [row.path.parent.name, *_words(row.path.stem)]
    for word in words:
        if is_normal_name(word) and len(word) > 1:  # "A" is normal in XD-Violence's codes only
            return "normal"
        if word.casefold() in spelling:
            return spelling[word.casefold()]
    said = benchmark_labels(f"{row.path.parent.name}/{row.path.name}")
    if said is None:
        said = benchmark_labels(row.video)
    if said is not None:
        return "|".join(spelling.get(name.casefold(), name) for name in said) or "normal"
    if has_classes and row.path.parent.name not in SPLITS:
        return row.path.parent.name
    numbered = _NUMBERED.fullmatch("_".join(w for w in _words(row.path.stem) if w not in SPLITS))
    return numbered[1] if numbered else ""


def _are_classes(folders: Collection[Path], known: Iterable[str]) -> bool:
    """Whether folders tell what is in them: they lie side by side, and one of them is "normal" or
    a known category. Else they may be cameras or days, and all of them would become events."""
    spelled = {name.casefold() for name in known}
    names = [folder.name for folder in folders]
    is_one_known = any(is_normal_name(name) or name.casefold() in spelled for name in names)
    return len(names) > 1 and len({folder.parent for folder in folders}) == 1 and is_one_known


def _words(stem: str) -> list[str]:
    return [word for word in re.split(r"[\s_\-.]+", stem) if word]


def _named(row: Row, known: Sequence[str], has_classes: bool) -> Row:
    label = label_of_name(row, known, has_classes=has_classes)
    words = [row.path.parent.name, *_words(row.path.stem)[:1]]
    split = next((split for split in SPLITS if split in words), row.split)
    return replace(row, label=label, split=split)


def _told(row: Row, record: VideoRecord | None) -> Row:
    if record is None:
        return row
    label = ("|".join(record.labels) or "normal") if record.labelled else row.label
    return replace(row, label=label, split=record.split or row.split)


def _record(row: Row) -> VideoRecord:
    labels = row.labels if row.is_usable else None
    return VideoRecord(
        video=row.video,
        path=row.path,
        labels=labels or (),
        split=row.split,
        labelled=labels is not None,
    )
