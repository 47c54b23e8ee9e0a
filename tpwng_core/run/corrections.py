"""The verb corrections: what a simulated analyst's corrections teach, round by round.

Per seed TPWNG is trained from video labels; then, in several arms that begin from that checkpoint,
training videos are corrected by their ground truth, the model is taught on from where it was, and
the held-out test videos are scored. Finished courses are kept and recognised. Called by the command
line.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from tpwng_core.checkpoint import Checkpoint, read_checkpoint, write_checkpoint
from tpwng_core.config import require
from tpwng_core.errors import CheckpointError, DatasetError
from tpwng_core.events import Artifact, Message, Reporter, Started, Ticker
from tpwng_core.files import write_json, write_text
from tpwng_core.groundtruth import GroundTruth, read_ground_truth
from tpwng_core.run.corrections_record import Taught, curve_csv
from tpwng_core.run.corrections_report import corrections_page, findings
from tpwng_core.run.course import ARMS, Arm, Course, Point, Rounds, School, run_course
from tpwng_core.run.fits import FOLDER, TPWNG, Fit, num_steps
from tpwng_core.run.settings import Settings
from tpwng_core.run.study import Study, StudyRequest, open_study
from tpwng_core.run.study_report import keep_report
from tpwng_core.run.teaching import measured, taught

NAME = "corrections"
FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class CorrectionsRequest:
    """What to correct.

    Attributes:
        studies: the data sets, all with the same settings but for the seed; each is taken through
            its own seeds. Several are several worlds of one kind.
        rounds: how corrections are given and learned.
    """

    studies: Sequence[StudyRequest]
    rounds: Rounds = field(default_factory=Rounds)

    def __post_init__(self) -> None:
        require(bool(self.studies), "there is no data set to correct")
        for study in self.studies:
            require(
                study.train_ground_truth is not None,
                "corrections needs --train-ground-truth, by which the simulated analyst labels",
            )

    @property
    def out(self) -> Path:
        """The study's folder."""
        return self.studies[0].out


def corrections(request: CorrectionsRequest, report: Reporter) -> dict[str, Any]:
    """Take every arm through all rounds on every seed, and tabulate.

    Returns:
        The content of ``corrections.json``.

    Raises:
        TpwngError: by kind of what is wrong; finished courses stay.
    """
    runs = [run for asked in request.studies for run in _runs(asked, request, report)]
    waiting = sum(run.num_steps_left() for run in runs)
    done = sum(arm in run.kept for run in runs for arm in ARMS)
    if done:
        text = f"{done} of {len(runs) * len(ARMS)} courses were done already in {runs[0].folder}"
        report(Message(level="info", text=text))
    report(Started(verb="corrections", total=waiting))
    ticker = Ticker(report, waiting, "step")
    found = [run.run(lambda step: ticker.advance(), report) for run in runs]
    page = corrections_page(request.rounds, runs[0].study, found)
    for line in findings(found):
        report(Message(level="info", text=line))
    write_text(request.out / f"{NAME}_curve.csv", curve_csv(found))
    extra = {
        "rounds": asdict(request.rounds),
        "findings": findings(found),
        "runs": [item.to_json() for item in found],
    }
    return keep_report(page, request.out, NAME, extra, report)


def _runs(asked: StudyRequest, request: CorrectionsRequest, report: Reporter) -> list[_Run]:
    study = open_study(asked, report)
    assert asked.train_ground_truth is not None
    annotated = read_ground_truth(asked.train_ground_truth, asked.protocol)
    # only of videos that the study trains on, whatever else the file annotates
    truth = {item.video: annotated[item.video] for item in study.usable if item.video in annotated}
    runs = [
        _Run(
            data_set=asked.data_set,
            study=study,
            settings=replace(study.settings, training=replace(study.settings.training, seed=seed)),
            rounds=request.rounds,
            truth=truth,
            folder=request.out / FOLDER,
        )
        for seed in asked.seeds
    ]
    if not any(record.labels and record.video in truth for record in study.usable):
        raise DatasetError(
            f"{asked.train_ground_truth} annotates no abnormal training video",
            "it must have the events of the videos that are trained on, by their names",
        )
    return runs


@dataclass(frozen=True, kw_only=True, eq=False)
class _Run:
    """All arms of one data set and seed, each kept as soon as it is done.

    Attributes:
        data_set: its name.
        study: its data.
        settings: of the first training, seed in them.
        rounds: how corrections are given and learned.
        truth: intervals of training videos.
        folder: of what is finished.
        kept: the courses that were finished before.
    """

    data_set: str
    study: Study
    settings: Settings
    rounds: Rounds
    truth: GroundTruth
    folder: Path
    kept: dict[Arm, Course] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for arm in ARMS:
            course = _read_course(self._path(arm))
            if course is not None:
                self.kept[arm] = course

    def num_steps_left(self) -> int:
        """Training steps that are still to do."""
        first, each = self._steps(self.settings), self._steps(self.rounds.settings(self.settings))
        left = [arm for arm in ARMS if arm not in self.kept]
        begun = int(not self._path("start").is_file()) + ("supervised" in left)
        more = (self.rounds.random_draws - 1) * ("random" in left)
        return begun * first + (len(left) + more) * self.rounds.count * each

    def run(self, on_step: Callable[[int], None], report: Reporter) -> Taught:
        """What is not done yet; the queue first, because it sets the budget of the others."""
        start = self._start(on_step, report)
        school = School(
            study=self.study,
            settings=self.settings,
            rounds=self.rounds,
            truth=self.truth,
            start=start,
        )
        courses: dict[Arm, Course] = {}
        for arm in ARMS:
            if arm in self.kept:
                courses[arm] = self.kept[arm]
                continue
            courses[arm] = run_course(school, arm, courses.get("queue"), on_step)
            key = self._key(arm)
            write_json(self._path(arm), {"key": key, "course": asdict(courses[arm])})
            report(Artifact(kind="fit", path=self._path(arm)))
        return Taught(
            data_set=self.data_set,
            seed=school.seed,
            start=dict(start.meta.metrics),
            courses=courses,
            num_videos=len(school.records),
            num_frames=sum(self.study.features[video].num_frames for video in school.records),
        )

    def _start(self, on_step: Callable[[int], None], report: Reporter) -> Checkpoint:
        """The model of video labels alone, trained or found."""
        path = self._path("start")
        if path.is_file():
            try:
                return read_checkpoint(path)
            except CheckpointError:
                pass  # damaged: trained again
        begun = time.perf_counter()
        made = taught(self.study, self.settings, {}, on_step=on_step)
        seconds = round(time.perf_counter() - begun, 3)
        metrics = {**measured(self.study, made), "seconds_training": seconds}
        made = replace(made, meta=replace(made.meta, metrics=metrics))
        write_checkpoint(path, made)
        report(Artifact(kind="checkpoint", path=path))
        return made

    def _steps(self, settings: Settings) -> int:
        return num_steps(Fit(method=TPWNG, settings=settings), self.study)

    def _key(self, arm: str) -> dict[str, Any]:
        """Everything that shapes a course, or the start of all."""
        shaped = {"format": FORMAT, "arm": arm, "settings": self.settings.tables()}
        data = {"data": self.study.digest(), "truth": _digest(self.truth)}
        rounds = {} if arm == "start" else {"rounds": asdict(self.rounds)}
        return {**shaped, **data, **rounds}

    def _path(self, arm: str) -> Path:
        key = json.dumps(self._key(arm), sort_keys=True, default=str)
        digest = hashlib.sha256(key.encode()).hexdigest()[:16]
        kind = "safetensors" if arm == "start" else "json"
        return self.folder / f"{arm}-{self.settings.training.seed}-{digest}.{kind}"


def _digest(truth: GroundTruth) -> str:
    plain = {video: [asdict(item) for item in found] for video, found in truth.items()}
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()[:16]


def _read_course(path: Path) -> Course | None:
    """A course that was finished; None where it is not there or its file is damaged."""
    try:
        content: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))["course"]
        points = [Point(**point) for point in content["points"]]
        return Course(arm=content["arm"], points=points)
    except (OSError, ValueError, KeyError, TypeError):
        return None
