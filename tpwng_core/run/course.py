"""One arm of the verb corrections on one seed: label, train and test, round after round.

A study's data, an arm and the rounds' plan in; a :class:`Course` out, a point per round. All arms
of a seed begin from the same checkpoint and train for the same number of steps a round, so that
only what was labelled differs. Called by ``run/corrections.py``.
"""

# T snippets

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from tpwng_core.checkpoint import Checkpoint
from tpwng_core.config import require
from tpwng_core.datasets import VideoRecord
from tpwng_core.groundtruth import GroundTruth
from tpwng_core.rounds import HUMAN_WEIGHT
from tpwng_core.run.analyst import Analyst, Stretch
from tpwng_core.run.human_targets import Targets, label_target, spread_targets
from tpwng_core.run.orders import Edges, queue_order, random_order, whole_videos
from tpwng_core.run.settings import Settings
from tpwng_core.run.study import Study
from tpwng_core.run.teaching import OnStep, SupervisedNetwork, bag_store, look, measured, taught
from tpwng_core.tuning import Derived, snippet_edges

Arm = Literal["queue", "random", "whole", "supervised", "none"]
ARMS: tuple[Arm, ...] = get_args(Arm)


@dataclass(frozen=True, kw_only=True)
class Rounds:
    """How corrections are given and learned.

    Attributes:
        count: rounds.
        per_round: corrections of a round, taken from the head of the queue.
        epochs: of training after each round, from the weights of the round before.
        human_weight: what a corrected snippet counts in L_cl; others count 1.
        spread_above: cosine from which unlabelled snippets take a label; None spreads nothing.
        random_draws: how often random stretches are drawn, each a course of its own.
    """

    count: int = 5
    per_round: int = 40
    epochs: int = 2
    human_weight: float = HUMAN_WEIGHT
    spread_above: float | None = None
    random_draws: int = 3

    def __post_init__(self) -> None:
        require(self.count >= 1, f"--rounds must be at least 1, not {self.count}")
        require(self.per_round >= 1, f"--per-round must be at least 1, not {self.per_round}")
        require(self.epochs >= 1, f"--round-epochs must be at least 1, not {self.epochs}")
        require(self.human_weight > 0, f"--human-weight must be above 0, not {self.human_weight}")
        require(self.random_draws >= 1, f"--draws must be at least 1, not {self.random_draws}")
        above = self.spread_above
        require(above is None or 0 < above <= 1, f"--spread-labels is in (0, 1], not {above}")

    def settings(self, settings: Settings) -> Settings:
        """Those of the training after a round."""
        return replace(
            settings,
            training=replace(settings.training, epochs=self.epochs, steps=0),
            loss=replace(settings.loss, human_weight=self.human_weight),
        )


@dataclass(frozen=True, kw_only=True)
class Point:
    """A course after a round.

    Attributes:
        corrections: stretches shown in the round; of whole videos, how many were labelled in it.
        spent: frames newly labelled by each of them.
        wrong: share of these frames whose pseudo-label was wrong; None where nobody looked.
        auc: frame AUC on the held-out test videos after training.
        ap: average precision there.
        seconds_ranking: on the clock, to look at all videos and rank; 0 for other arms.
        seconds_training: on the clock, to train the round.
        draws: AUC and AP of each draw where the round was drawn several times; ``auc`` and ``ap``
            are their means then, and what was spent is of the first.
    """

    corrections: int
    spent: Sequence[int]
    wrong: float | None
    auc: float
    ap: float
    seconds_ranking: float
    seconds_training: float
    draws: Sequence[tuple[float, float]] = ()


@dataclass(frozen=True, kw_only=True)
class Course:
    """An arm on one seed.

    Attributes:
        arm: which.
        points: after each round; of frame labels alone after the last only.
    """

    arm: Arm
    points: Sequence[Point]


@dataclass(frozen=True, kw_only=True, eq=False)
class School:
    """What all arms of a seed share.

    Attributes:
        study: the data.
        settings: of the first training, seed in them.
        rounds: how corrections are given and learned.
        truth: intervals of training videos.
        start: the model trained from video labels.
    """

    study: Study
    settings: Settings
    rounds: Rounds
    truth: GroundTruth
    start: Checkpoint

    @property
    def records(self) -> dict[str, VideoRecord]:
        """The videos that may be corrected: abnormal, of the training split, with truth."""
        training = self.study.split(self.seed)[0]
        return {item.video: item for item in training if item.labels and item.video in self.truth}

    @property
    def seed(self) -> int:
        """Of the first training, of the rounds and of what is drawn."""
        return self.settings.training.seed

    @cached_property
    def edges(self) -> Edges:
        """Snippets of these videos, in frames."""
        found = {video: self.study.features[video] for video in self.records}
        return {
            video: snippet_edges(item.snippet_start, item.num_frames)
            for video, item in found.items()
        }

    def num_steps(self, settings: Settings) -> int:
        """Steps of a training on these videos."""
        return settings.training.num_steps(bag_store(self.study, settings, {}))

    def analyst(self) -> Analyst:
        """One who has said nothing yet."""
        truth = {video: self.truth[video] for video in self.records}
        return Analyst(truth, self.study.features)

    def targets(self, analyst: Analyst) -> Targets:
        """What the analyst said, as training reads it."""
        features = self.study.features
        found = {
            video: label_target(labels, features[video])
            for video, labels in analyst.labels.items()
            if labels.segments
        }
        above = self.rounds.spread_above
        return found if above is None else spread_targets(found, features, above)


def run_course(
    school: School, arm: Arm, queue: Course | None = None, on_step: OnStep = lambda step: None
) -> Course:
    """Take one arm through all rounds.

    Args:
        school: what all arms share.
        arm: which.
        queue: the course of the review queue, which sets the others' budget; None for itself and
            for the arm without corrections.
        on_step: called after each training step; may raise Cancelled.
    """
    if arm == "supervised":
        assert queue is not None, "the queue sets the budget"
        return _supervised_course(school, queue, on_step)
    if arm == "random":
        choosers = [_drawn(school, queue, draw) for draw in range(school.rounds.random_draws)]
        points = _mean_points([_points(school, arm, choose, on_step) for choose in choosers])
    else:
        points = _points(school, arm, _chooser(school, arm, queue), on_step)
    return Course(arm=arm, points=points)


Chooser = Callable[[int, Analyst, Mapping[str, Derived]], list[Stretch]]


def _points(school: School, arm: Arm, choose: Chooser, on_step: OnStep) -> list[Point]:
    learner, analyst, points = _Taught(school), school.analyst(), []
    for number in range(school.rounds.count):
        begun = time.perf_counter()
        looks = learner.look() if arm == "queue" else {}
        shown = choose(number, analyst, looks)
        ranked = time.perf_counter()
        wrong = _share_wrong(school, analyst, shown, looks) if looks else None
        spent = [analyst.correct(stretch) for stretch in shown]
        before = time.perf_counter()
        learner.learn(school.targets(analyst), on_step)
        after = time.perf_counter()
        auc, ap = learner.test()
        points.append(
            Point(
                corrections=len(shown),
                spent=spent,
                wrong=wrong,
                auc=auc,
                ap=ap,
                seconds_ranking=round(ranked - begun, 3) if looks else 0.0,
                seconds_training=round(after - before, 3),
            )
        )
    return points


def _mean_points(courses: Sequence[Sequence[Point]]) -> list[Point]:
    """What one can expect of a round, over courses that were drawn alike: one draw is noisy."""
    return [
        replace(
            points[0],
            auc=float(np.mean([point.auc for point in points])),
            ap=float(np.mean([point.ap for point in points])),
            draws=[(point.auc, point.ap) for point in points],
        )
        for points in zip(*courses, strict=True)
    ]


def _chooser(school: School, arm: Arm, queue: Course | None) -> Chooser:
    """What an arm shows in a round."""
    if arm == "queue":
        theta, count = school.settings.pseudolabels.theta, school.rounds.per_round
        return lambda number, analyst, looks: queue_order(looks, analyst.labels, theta, count)
    if arm == "none":
        return lambda number, analyst, looks: []
    assert queue is not None, "the queue sets the budget of the other arms"
    points, order = queue.points, _video_order(school)
    return lambda number, analyst, looks: whole_videos(
        school.edges, analyst.labels, sum(points[number].spent), order
    )


def _drawn(school: School, queue: Course | None, draw: int) -> Chooser:
    """Random stretches, as many and as long as the queue's items of the same round."""
    assert queue is not None, "the queue sets the budget of the other arms"
    points = queue.points

    def drawn(number: int, analyst: Analyst, looks: Mapping[str, Derived]) -> list[Stretch]:
        rng = np.random.default_rng((school.seed, draw, number))
        # an item that others of its round covered taught nothing new and costs nothing
        lengths = [spent for spent in points[number].spent if spent]
        return random_order(school.edges, analyst.labels, lengths, rng)

    return drawn


def _video_order(school: School) -> list[str]:
    """The order in which whole videos are labelled."""
    names = sorted(school.records)
    return [
        names[place] for place in np.random.default_rng((school.seed, 1)).permutation(len(names))
    ]


def _supervised_course(school: School, queue: Course, on_step: OnStep) -> Course:
    """Frame labels alone: the whole budget at once, as many steps as TPWNG had in all.

    Trained once, from fresh weights: a network that began with the few videos of a first round
    would be held back by what it learned of them by heart.
    """
    analyst, study = school.analyst(), school.study
    budget = sum(sum(point.spent) for point in queue.points)
    shown = whole_videos(school.edges, analyst.labels, budget, _video_order(school))
    spent = [analyst.correct(stretch) for stretch in shown]
    network = SupervisedNetwork(study, school.settings)
    steps = school.num_steps(school.settings) + school.rounds.count * school.num_steps(
        school.rounds.settings(school.settings)
    )
    settings = replace(school.settings, training=replace(school.settings.training, steps=steps))
    begun = time.perf_counter()
    network.learn(settings, school.targets(analyst), on_step)
    seconds = round(time.perf_counter() - begun, 3)
    found = network.test()
    point = Point(
        corrections=len(shown),
        spent=spent,
        wrong=None,
        auc=found["auc"],
        ap=found["ap"],
        seconds_ranking=0.0,
        seconds_training=seconds,
    )
    return Course(arm="supervised", points=[point])


class _Taught:
    """TPWNG, taught on from round to round."""

    def __init__(self, school: School) -> None:
        self._school = school
        self._settings = school.rounds.settings(school.settings)
        self._checkpoint = school.start

    def look(self) -> dict[str, Derived]:
        """What the model makes of the videos that may be corrected."""
        return look(self._school.study, self._checkpoint, self._school.records)

    def learn(self, targets: Targets, on_step: OnStep) -> None:
        """Train a round from the weights of the one before."""
        self._checkpoint = taught(
            self._school.study, self._settings, targets, self._checkpoint, on_step
        )

    def test(self) -> tuple[float, float]:
        """Frame AUC and AP."""
        found = measured(self._school.study, self._checkpoint)
        return found["auc"], found["ap"]


def _share_wrong(
    school: School, analyst: Analyst, shown: Sequence[Stretch], looks: Mapping[str, Derived]
) -> float | None:
    """Share of the shown frames whose pseudo-label was wrong."""
    wrong: list[NDArray[np.bool_]] = [
        looks[item.video].runs.as_array()[item.start : item.end]
        != analyst.truth(item.video)[item.start : item.end]
        for item in shown
    ]
    return float(np.concatenate(wrong).mean()) if wrong else None
