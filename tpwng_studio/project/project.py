"""The project folder: which videos, where their features, scores, labels and runs lie.

A folder in, a :class:`Project` out; ``project.toml`` is its only file of its own, with paths
relative to it. Videos are never copied. Called by the session and the first-run card. No widgets.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from tpwng_core.checkpoint import CheckpointMeta, read_checkpoint_meta
from tpwng_core.config import PRESETS, Tables, build, read_toml, to_toml
from tpwng_core.datasets import VideoRecord, category_prompt, is_normal_name, read_manifest
from tpwng_core.errors import ArtifactError, InputError
from tpwng_core.files import write_text
from tpwng_core.groundtruth import GroundTruth, read_ground_truth
from tpwng_core.tuning import Tuning
from tpwng_studio.project.lock import ProjectLock
from tpwng_studio.project.migrations import VERSION, migrate
from tpwng_studio.project.miniature import DEMO_PRESET, copy_miniature
from tpwng_studio.project.places import ProjectPlaces
from tpwng_studio.project.project_video import ProjectVideo
from tpwng_studio.project.roster import Roster
from tpwng_studio.project.saved_queries import SavedQuery, read_queries, tables_of
from tpwng_studio.project.scanning import read_scans

NAME = "project.toml"
_LINKS = ("checkpoint", "manifest", "ground_truth", "results", "before", "results_before")
_PRESET = "custom"


class Project(ProjectPlaces):
    """An open project folder; made by :meth:`create`, :meth:`open` or :meth:`create_demo`.

    Attributes:
        tuning: the sliders as they were last.
        queries: what a person looks for again and again, by id.
        is_read_only: another window holds the lock, or the folder cannot be written.
        why_read_only: another window or the folder, for a message; "" where it may be changed.
    """

    def __init__(self, folder: Path, tables: Tables, lock: ProjectLock) -> None:
        super().__init__(folder, tables["project"])
        self.is_read_only = not lock.acquire()
        self.why_read_only = lock.obstacle if self.is_read_only else ""
        self._lock = lock
        self._categories = {
            str(key): str(text) for key, text in tables.get("categories", {}).items()
        }
        self.queries = read_queries(tables)
        self.tuning = build(Tuning, "tuning", tables.get("tuning", {}))
        self._roster = Roster(
            videos=self._listed(tables, "videos"), taken_out=self._listed(tables, "taken_out")
        )

    @classmethod
    def create(cls, folder: Path, inputs: Sequence[Path], **links: Path | None) -> Project:
        """Make a project of the videos in files and folders.

        Args:
            folder: new, or without a project; may hold the videos.
            inputs: files and folders, searched recursively.
            links: ``checkpoint``, ``manifest``, ``ground_truth``.

        Raises:
            InputError: there is a project already, or an input is missing or holds no video.
            OutputError: the folder cannot be written.
        """
        _refuse_second(folder)
        folder = folder.absolute()
        tables: Tables = {"project": {"version": VERSION, "name": folder.name}}
        write_text(folder / NAME, to_toml(tables))
        project = cls(folder, tables, ProjectLock(folder))
        try:
            project.add_videos(inputs)
            project.link(**links)
        except InputError:
            project.close()
            (folder / NAME).unlink()
            raise
        return project

    @classmethod
    def open(cls, folder: Path) -> Project:
        """Open a project folder, or read-only where another window has it open.

        A file of an older version is brought to today's; the old one stays as ``.bak``.

        Raises:
            ArtifactError: no project, or one of a newer version.
            ConfigError: its file is not TOML or holds a wrong value.
        """
        folder = (folder.parent if folder.name == NAME else folder).absolute()
        path = folder / NAME
        if not path.is_file():
            raise ArtifactError(f"{folder} holds no {NAME}", "create a project of its videos")
        before = read_toml(path)
        tables = migrate(before, path)
        project = cls(folder, tables, ProjectLock(folder))
        if tables != before and not project.is_read_only:
            shutil.copyfile(path, path.with_name(f"{NAME}.bak"))
            project.save()
        return project

    @classmethod
    def create_demo(cls, folder: Path) -> Project:
        """Make a project of the packaged miniature: eight drawn videos, trained and scored.

        Five of them train from here on, three are held out; its preset is ``demo``.

        Raises:
            InputError: there is a project already.
            OutputError: the folder cannot be written.
        """
        _refuse_second(folder)
        project = cls.create(folder, [folder / "videos"], **copy_miniature(folder))
        project.set_preset(DEMO_PRESET)
        return project

    def is_at(self, place: Path | Project) -> bool:
        """Whether a folder, or another object, is this same project."""
        if isinstance(place, Project):
            return place is self
        return (place.parent if place.name == NAME else place).resolve() == self.folder.resolve()

    def close(self) -> None:
        """Give the lock back."""
        self._lock.release()

    def save(self) -> None:
        """Write ``project.toml``; nothing happens in a read-only project.

        Raises:
            OutputError: it cannot be written.
        """
        if self.is_read_only:
            return
        tuning = {key: value for key, value in asdict(self.tuning).items() if value is not None}
        tables = {
            "project": {**self._about, "version": VERSION},
            "videos": self._table(self.videos),
            **({"taken_out": self._table(self.taken_out)} if self.taken_out else {}),
            "tuning": tuning,
            **({"categories": self._categories} if self._categories else {}),
            **tables_of(self.queries),
        }
        write_text(self.folder / NAME, to_toml(tables))

    @property
    def videos(self) -> tuple[ProjectVideo, ...]:
        """Its videos, in the order of the file."""
        return self._roster.videos

    @property
    def taken_out(self) -> tuple[ProjectVideo, ...]:
        """Videos that were taken out of it; what was made of them stays in its folder."""
        return self._roster.taken_out

    def add_videos(self, inputs: Sequence[Path]) -> list[ProjectVideo]:
        """Add the videos of files and folders that are not there yet, and save.

        Ids of known videos never change, nor does that of one that was taken out.

        Raises:
            InputError: an input is missing or holds no video.
            OutputError: the project's file cannot be written; nothing has changed.
        """
        from tpwng_core.video.find import find_videos  # FFmpeg is loaded with it

        num_before = len(self.videos)
        files = [
            ProjectVideo(id=file.video_id, path=file.path.absolute())
            for file in find_videos(inputs)
        ]
        self._turn_to(self._roster.with_files(files, self._relative))
        return list(self.videos[num_before:])

    def take_out(self, video: str) -> None:
        """Have a video no more, and save; its file and all that was made of it are not touched.

        Raises:
            InputError: the project has no such video.
            OutputError: the project's file cannot be written; nothing has changed.
        """
        self._turn_to(self._roster.without(video))

    def bring_back(self, video: str, place: int) -> None:
        """Have a video that was taken out again, at ``place`` of the order, and save.

        Raises:
            InputError: no such video was taken out.
            OutputError: the project's file cannot be written; nothing has changed.
        """
        self._turn_to(self._roster.with_back(video, place))

    def relink(self, old: Path, new: Path) -> int:
        """Videos that are gone from ``old`` are looked for at or below ``new``; saved.

        Returns:
            Number of videos that were found.

        Raises:
            InputError: ``new`` does not exist.
            OutputError: the project's file cannot be written; nothing has changed.
        """
        if not new.exists():
            raise InputError(f"there is no file or folder {new}", "choose where the videos lie now")
        before = self.videos
        known = {name: scan.fingerprint for name, scan in read_scans(self.folder).items()}
        self._turn_to(self._roster.relinked(known, old.absolute(), new.absolute()))
        return sum(one != two for one, two in zip(before, self.videos, strict=True))

    def link(self, **links: Path | None) -> None:
        """Set the paths of ``_LINKS`` in one write of the file; None unsets.

        ``results`` is a run's folder whose scores and curves are shown in place of the project's
        own; ``before`` and ``results_before`` are what a round of corrections took the place of.

        Raises:
            OutputError: the project's file cannot be written; nothing has changed.
        """
        with self._saved():
            for name, path in links.items():
                if name not in _LINKS:
                    raise TypeError(f"a project links no {name!r}")
                if path is None:
                    self._about.pop(name, None)
                else:  # in its old place, so that going back gives the same file
                    self._about[name] = self._relative(path.absolute())

    @property
    def name(self) -> str:
        """Name for the window's title."""
        return str(self._about.get("name", self.folder.name))

    @property
    def preset(self) -> str:
        """The packaged settings that a training begins with: those of the last one."""
        name = str(self._about.get("preset", _PRESET))
        return name if name in PRESETS else _PRESET

    def read_model(self) -> CheckpointMeta | None:
        """Header of the checkpoint; None without one.

        Raises:
            CheckpointError: it is missing or damaged.
        """
        return None if self.checkpoint is None else read_checkpoint_meta(self.checkpoint)

    def read_records(self) -> Mapping[str, VideoRecord]:
        """Labels and splits by video id; empty without a manifest.

        Raises:
            DatasetError: the manifest is missing or wrong.
        """
        if self.manifest is None:
            return {}
        return {record.video: record for record in read_manifest(self.manifest)}

    def read_truth(self) -> GroundTruth:
        """Annotated intervals by video id; empty without ground truth.

        Raises:
            DatasetError: the file is missing or wrong.
        """
        return {} if self.ground_truth is None else read_ground_truth(self.ground_truth)

    def categories(
        self, records: Mapping[str, VideoRecord], model: CheckpointMeta | None
    ) -> dict[str, str]:
        """Abnormal categories, id -> text: the project's, else the model's, else those listed."""
        known = self._categories or dict(model.categories if model else {})
        if not known:
            listed = dict.fromkeys(name for record in records.values() for name in record.labels)
            known = {name: category_prompt(name) for name in listed}
        return {name: text for name, text in known.items() if not is_normal_name(name)}

    def set_categories(self, categories: Mapping[str, str]) -> None:
        """Give the project its own abnormal categories, id -> text; raises as :meth:`link`."""
        with self._saved():
            self._categories = dict(categories)

    def set_preset(self, name: str) -> None:
        """Begin the next training with these packaged settings; raises as :meth:`link`."""
        if name != self.preset:
            with self._saved():
                self._about["preset"] = name

    def set_queries(self, queries: Mapping[str, SavedQuery]) -> None:
        """Keep these saved queries, and no others; raises as :meth:`link`."""
        with self._saved():
            self.queries = dict(queries)

    def _turn_to(self, roster: Roster) -> None:
        with self._saved():
            self._roster = roster

    @contextmanager
    def _saved(self) -> Iterator[None]:
        """What is changed inside is saved afterwards, or else is as it was: what could not be kept
        must not come with whatever is written next."""
        before = dict(self._about), self._categories, self.queries, self._roster
        try:
            yield
            self.save()
        except BaseException:
            self._about, self._categories, self.queries, self._roster = before
            raise

    def _listed(self, tables: Tables, name: str) -> tuple[ProjectVideo, ...]:
        rows = tables.get(name, {}).items()
        return tuple(ProjectVideo(id=key, path=self._absolute(str(path))) for key, path in rows)

    def _table(self, videos: Iterable[ProjectVideo]) -> dict[str, str]:
        return {video.id: self._relative(video.path) for video in videos}


def _refuse_second(folder: Path) -> None:
    if (folder / NAME).exists():
        raise InputError(f"{folder} holds a project already", "open it, or choose another")
