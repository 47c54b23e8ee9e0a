"""Rounds of corrections for tests: who trains, a round made by hand, and jobs that only wait."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from tpwng_core.checkpoint import checkpoint_digest, read_checkpoint, write_checkpoint
from tpwng_core.pseudocurves import read_pseudo_folder, write_pseudo_curves
from tpwng_core.rounds import Round, write_round
from tpwng_core.scores import read_score_folder, snippets_to_frames, write_scores
from tpwng_studio.jobs.job import Job
from tpwng_studio.project.project import Project
from tpwng_studio.state.session import Session

HELD_OUT = ("test_normal_001", "test_fire_001")
CORRECTED = "test_fighting_000"


def for_training(session: Session) -> None:
    """Six videos train, two are held out."""
    project = session.project
    assert project is not None
    assert project.manifest is not None
    lines = project.manifest.read_text().replace(",test", ",train").splitlines()
    lines = [
        line.replace(",train", ",test") if any(video in line for video in HELD_OUT) else line
        for line in lines
    ]
    project.manifest.write_text("\n".join(lines) + "\n")
    session.reload_project()


def without_training(session: Session) -> None:
    """Every video is for testing: there is nothing to learn from."""
    project = session.project
    assert project is not None
    assert project.manifest is not None
    text = project.manifest.read_text()
    project.manifest.write_text(text.replace(",train", ",test"))
    session.reload_project()


def make_round(project: Project, out: Path, corrected: dict[str, int] | None = None) -> Round:
    """What the verb retrain would leave: a model that takes the first 24 frames for abnormal."""
    assert project.checkpoint is not None
    taught = read_checkpoint(project.checkpoint)
    target = out / "checkpoint.safetensors"
    write_checkpoint(target, replace(taught, meta=replace(taught.meta, epoch=99)))
    shutil.copyfile(project.checkpoint.parent / "config.toml", out / "config.toml")
    digest = checkpoint_digest(target)
    for video, scores in read_score_folder(project.scores_dir).items():
        values = scores.snippet_score.copy()
        values[scores.snippet_start < 24] = 0.9
        frames = snippets_to_frames(values, scores.snippet_start, scores.num_frames)
        meta = {**scores.meta, "checkpoint": digest}
        made = replace(scores, score=frames, snippet_score=values, meta=meta)
        write_scores(out / "scores" / f"{video}.scores.npz", made)
    for video, curves in read_pseudo_folder(project.pseudo_dir).items():
        s_normal = curves.s_normal.copy()
        s_normal[curves.snippet_start < 24] = s_normal.min()
        similarity = curves.similarity.copy()
        similarity[curves.snippet_start < 24, :-1] = similarity.max()
        meta = {**curves.meta, "checkpoint": digest}
        moved = replace(curves, s_normal=s_normal, similarity=similarity, meta=meta)
        write_pseudo_curves(out / "pseudo" / f"{video}.pseudo.npz", moved)
    records = project.read_records().values()
    trained = tuple(record.video for record in records if record.split == "train")
    made_round = Round(
        taught=checkpoint_digest(project.checkpoint),
        checkpoint=digest,
        is_warm=True,
        human_weight=1.0,
        spread_above=None,
        corrected={CORRECTED: 24} if corrected is None else corrected,
        trained=trained,
    )
    write_round(out, made_round)
    return made_round


def files_of(project: Project) -> dict[str, bytes]:
    """Everything a round may never change, by name: settings, results, labels, the run before."""
    folders = ("scores", "pseudo", "labels", "features", "runs/demo")
    paths = [path for name in folders for path in (project.folder / name).rglob("*")]
    paths.append(project.folder / "project.toml")
    return {str(path): path.read_bytes() for path in paths if path.is_file()}


class WaitingJobs(QObject):
    """Takes jobs; a test says how they go."""

    job_changed = Signal(object)
    job_event = Signal(object, dict)

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self.jobs: list[Job] = []
        self.cancelled: list[Job] = []

    @property
    def running(self) -> list[Job]:
        return [job for job in self.jobs if job.is_open]

    def submit(self, verb: str, args: dict[str, Any], title: str, after: Job | None = None) -> Job:
        number = str(len(self.jobs))
        job = Job(id=number, verb=verb, args=args, title=title, after=after, folder=self.folder)
        self.jobs.append(job)
        job.state = "running"
        self.job_changed.emit(job)
        return job

    def cancel(self, job: Job) -> None:
        self.cancelled.append(job)
        self.end(job, "cancelled")

    def end(self, job: Job, state: Any, **changes: Any) -> None:
        job.state = state
        for name, value in changes.items():
            setattr(job, name, value)
        self.job_changed.emit(job)
