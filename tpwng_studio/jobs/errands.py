"""What the window asks of the worker, built from the project: extract, train, score, label.

A session in, jobs out: the arguments of each verb and their order. Called by the training panel
and the data set dialog. What jobs leave behind is taken in by ``job_follower``. No widgets.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tpwng_core.config import read_preset
from tpwng_core.datasets import category_prompt, write_manifest
from tpwng_core.rounds import PSEUDO, SCORES, is_round
from tpwng_studio.counting import count
from tpwng_studio.jobs.dataset_plan import Plan, Row
from tpwng_studio.jobs.job import TRAINING
from tpwng_studio.jobs.jobs import Job, Jobs
from tpwng_studio.jobs.runs import CHECKPOINT, RunInfo, new_run_folder
from tpwng_studio.project.project import Project
from tpwng_studio.state.session import Session, VideoItem

DEFAULT_CLIP = "ViT-B-16-quickgelu:openai"
DEFAULT_STRIDE = 16
_NORMAL = ("normal", "normal")
_TRAINING_MANIFEST = "manifest.training.csv"
_UNUSABLE = ("corrupt", "duplicate")
_OF_THE_WINDOW = ("validation.every", "validation.share")
_OF_ANY_PRESET = ("temporal.causal",)


@dataclass(frozen=True, kw_only=True)
class TrainingWish:
    """How a person wants to train.

    Attributes:
        preset: packaged settings.
        overrides: "section.key" -> value, where they differ from the preset.
        hold_labels: frames that people corrected are fixed.
        pin: id of the video to watch; "" for none.
        clip: of the features; "" takes what they say.
    """

    preset: str = "custom"
    overrides: Mapping[str, Any] = field(default_factory=dict)
    hold_labels: bool = True
    pin: str = ""
    clip: str = ""

    @property
    def epochs(self) -> int:
        """Passes over the training videos."""
        given = read_preset(self.preset)["training"]["epochs"]
        return int(self.overrides.get("training.epochs", given))

    @property
    def length(self) -> str:
        """How long it trains, in words."""
        return count(self.epochs, "epoch")

    @property
    def words(self) -> str:
        """What a training would do that the preset does not say; "" for nothing.

        Without what the data set itself shows: how many videos are held out.
        """
        changed = {key: value for key, value in self.overrides.items() if key not in _OF_THE_WINDOW}
        parts = [f"{name.partition('.')[2]} {_toml(value)}" for name, value in changed.items()]
        return ", ".join(parts if self.hold_labels else [*parts, "corrections not held fixed"])

    def under(self, preset: str) -> TrainingWish:
        """The same with packaged settings; numbers set over other ones are not meant for these."""
        if preset == self.preset:
            return self
        kept = {key: value for key, value in self.overrides.items() if key in _OF_ANY_PRESET}
        return replace(self, preset=preset, overrides=kept)


def plan_of(session: Session) -> Plan:
    """The project's videos with what is known of them."""
    records = session.records
    rows = []
    for item in session.videos:
        record = records.get(item.id)
        rows.append(
            Row(
                video=item.id,
                path=item.path,
                label="" if item.is_assumed else item.category,
                split=(record.split if record else None) or "train",
                has_features=item.has_features,
                is_usable=_is_usable(item),
            )
        )
    return Plan(tuple(rows))


def _is_usable(item: VideoItem) -> bool:
    """Whether there are features, or a file to make them from."""
    return item.badge not in _UNUSABLE and (item.badge != "missing" or item.has_features)


def keep_manifest(session: Session) -> Path | None:
    """Bring the manifest up to what people say now: a category may have been corrected since.

    A manifest from elsewhere is never touched: the project gets one of its own. Its rows of videos
    that were taken out of the project stay, for they may come back.

    Returns:
        The manifest to train with, which is another file where such rows must be left out.

    Raises:
        OutputError: it cannot be written.
    """
    project, plan = session.project, plan_of(session)
    assert project is not None
    said = {row.video: row.labels for row in plan.rows if row.labels is not None}
    written = {name: item.labels for name, item in session.records.items() if item.labelled}
    if any(written.get(video) != labels for video, labels in said.items()):
        project.link(manifest=plan.write(project.folder, session.records_set_aside))
        session.reload_project()
    if not session.records_set_aside:
        return project.manifest
    path = project.folder / _TRAINING_MANIFEST
    write_manifest(path, list(session.records.values()))
    return path


def clip_to_offer(session: Session, jobs: Jobs) -> str:
    """The CLIP that features are extracted with: the model's, else the one last asked for.

    That one may have failed: its words are then there to be corrected.
    """
    if session.model is not None:
        return session.model.clip.spec
    asked = [str(job.args["clip"]) for job in jobs.jobs if job.verb == "extract"]
    return asked[-1] if asked else DEFAULT_CLIP


def extract(jobs: Jobs, project: Project, videos: Sequence[Path], *, clip: str, stride: int) -> Job:
    """Extract the features of videos."""
    args = {
        "inputs": [str(path) for path in videos],
        "out": project.features_dir,
        "clip": clip,
        "stride": stride,
    }
    return jobs.submit("extract", args, f"Extract {count(len(videos), 'video')}")


def train(
    session: Session, jobs: Jobs, wish: TrainingWish, after: Job | None = None
) -> tuple[Job, Path]:
    """Train into a new run folder of the project.

    Labels and categories are saved first, so that training sees what is on screen.

    Returns:
        The job and the run's folder.

    Raises:
        OutputError: the manifest cannot be written.
    """
    project = session.project
    assert project is not None
    session.save()
    manifest = keep_manifest(session)
    project.set_preset(wish.preset)
    out = next_run(project, jobs)
    has_labels = wish.hold_labels and any(project.labels_dir.glob("*.labels.json"))
    args = {
        "manifest": manifest,
        "features": project.features_dir,
        "out": out,
        "preset": wish.preset,
        "set": [
            *(f"{name}={_toml(value)}" for name, value in wish.overrides.items()),
            *_category_texts(session, wish.preset),
        ],
        "ground_truth": project.ground_truth,
        "labels": project.labels_dir if has_labels else None,
        "pin": wish.pin or None,
        "clip": wish.clip or None,
    }
    given = {name: value for name, value in args.items() if value is not None}
    return jobs.submit("train", given, f"Train {out.name}", after), out


def next_run(project: Project, jobs: Jobs) -> Path:
    """The folder of the next run; jobs that wait have taken theirs."""
    promised = [Path(str(job.args["out"])).name for job in jobs.jobs if job.verb in TRAINING]
    return new_run_folder(project.runs_dir, promised)


def resume(jobs: Jobs, run: RunInfo) -> Job | None:
    """Go on with a run as it was asked for, then with what was to follow it.

    None where nobody knows how it was asked for.
    """
    asked = [
        job
        for job in jobs.jobs
        if job.verb in TRAINING and Path(str(job.args.get("out"))) == run.folder
    ]
    return jobs.again(asked[-1]) if asked else None


def score_and_label(
    session: Session, jobs: Jobs, checkpoint: Path, after: Job | None = None
) -> list[Job]:
    """Score every video that has features, and make its curves.

    A round of corrections keeps its results in its own folder, where ``JobFollower.use`` looks for
    them; those of any other run are the project's. What is shown now does not matter: by the time
    these jobs run, it may be another.
    """
    project = session.project
    assert project is not None
    results = checkpoint.parent if is_round(checkpoint.parent) else project.folder
    common = {"inputs": [str(project.features_dir)], "checkpoint": checkpoint}
    score_args = {**common, "out": results / SCORES}
    scored = jobs.submit("score", score_args, "Score all videos", after)
    label_args = {**common, "out": results / PSEUDO}
    if project.manifest is not None:
        label_args["manifest"] = project.manifest
    return [scored, jobs.submit("label", label_args, "Pseudo-label all videos", scored)]


def evaluate(session: Session, jobs: Jobs) -> Job:
    """Compare the project's scores with its ground truth."""
    project = session.project
    assert project is not None
    args = {
        "scores": project.scores_dir,
        "ground_truth": project.ground_truth,
        "out": project.folder / "report.json",
    }
    return jobs.submit("evaluate", args, "Evaluate")


def prepare_and_train(
    session: Session, jobs: Jobs, wish: TrainingWish, videos: Sequence[Path], stride: int
) -> list[Job]:
    """The whole way: extract what is missing, train, score and label with the new run.

    Args:
        session: its project has a manifest.
        jobs: where they queue, each after the one before.
        wish: how to train.
        videos: files whose features are missing.
        stride: frames per snippet.
    """
    project = session.project
    assert project is not None
    chain: list[Job] = []
    if videos:
        chain.append(extract(jobs, project, videos, clip=wish.clip, stride=stride))
    trained, out = train(session, jobs, wish, chain[-1] if chain else None)
    scored = score_and_label(session, jobs, out / CHECKPOINT, trained)
    return [*chain, trained, *scored]


def _category_texts(session: Session, preset: str) -> list[str]:
    """The project's own texts of categories, for a preset that takes its categories of the list.

    Without them such a training would read "road accident" off its id as "accident". Nothing where
    the ids say it all, and where an id cannot be written on a line.
    """
    listed = dict.fromkeys(name for record in session.records.values() for name in record.labels)
    texts = {name: session.categories.get(name) or category_prompt(name) for name in listed}
    if read_preset(preset).get("categories") or any("=" in name for name in texts):
        return []
    if all(text == category_prompt(name) for name, text in texts.items()):
        return []
    return [
        f"categories.{name}={json.dumps(text, ensure_ascii=False)}"
        for name, text in (*texts.items(), _NORMAL)
    ]


def _toml(value: Any) -> str:
    """A value of ``--set``."""
    return str(value).lower() if isinstance(value, bool) else str(value)
