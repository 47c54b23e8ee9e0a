"""A job in words: what runs, how far, how long yet, what was measured last, how it ended.

A :class:`Job` in, short texts out. Called by the strip of jobs and by the training panel. No Qt.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tpwng_core.rounds import can_go_on
from tpwng_studio.counting import count
from tpwng_studio.jobs.job import TRAINING, Job, State
from tpwng_studio.jobs.window_words import in_window_words
from tpwng_studio.timecode import seconds_text

_STAGES = {
    "extract": "Extracting features",
    "train": "Training",
    "retrain": "Retraining",
    "score": "Scoring",
    "label": "Pseudo-labelling",
    "evaluate": "Evaluating",
    "demo": "Making the demo",
    "render": "Drawing videos",
    "compare": "Comparing",
    "ablate": "Ablating",
}
_STATES: Mapping[State, str] = {
    "waiting": "waiting",
    "running": "running",
    "stopping": "stopping: finishes its step and saves",
    "cancelling": "cancelling",
    "done": "done",
    "stopped": "stopped and kept",
    "cancelled": "cancelled",
    "failed": "failed",
    "lost": "cut off",
}
# What a person looks at first, where it was measured.
_MEASURES = (
    ("auc", "AUC"),
    ("ap", "AP"),
    ("video_auc_val", "validation AUC"),
    ("total", "loss"),
)


def stage_words(job: Job) -> str:
    """What is being done now."""
    return _STAGES.get(job.stage or job.verb, job.stage or job.verb)


def state_words(job: Job) -> str:
    """How it stands."""
    return _STATES[job.state]


def amount_words(job: Job) -> str:
    """How much is done: ``17 / 50 videos``; "" before anything is known."""
    if job.total is None:
        return f"{job.done} {job.unit}" if job.done else ""
    unit = job.unit if job.unit.endswith("B") or not job.unit else f"{job.unit}s"
    return f"{job.done:,} / {job.total:,} {unit}".strip()


def eta_words(job: Job) -> str:
    """How long the stage takes yet; "" where nobody knows."""
    if not job.is_active or job.eta_s is None:
        return ""
    if job.eta_s < 1:
        return "nearly there"
    if job.eta_s < 60:
        return f"{job.eta_s:.0f} s left"
    return f"{seconds_text(job.eta_s)} left"


def metric_words(job: Job, most: int = 2) -> str:
    """What the last epoch measured."""
    if not job.metrics:
        return ""
    last = job.metrics[-1]
    found = [f"{name} {last[key]:.3f}" for key, name in _MEASURES if key in last]
    return ", ".join([f"epoch {last['epoch']:.0f}", *found[:most]])


def outcome_words(job: Job) -> str:
    """How it ended, with the remedy."""
    words = state_words(job)
    if job.state in ("done", "stopped"):
        made = summary_words(job)
        words = f"{words} in {seconds_text(job.seconds)}" + (f": {made}" if made else "")
    elif job.error and job.error != words and not _was_broken_off(job):
        remedy = f" ({in_window_words(job.hint)})" if job.hint else ""
        first = in_window_words(job.error.splitlines()[0])
        words = f"{words}: {first}{remedy}"
    return words


def _was_broken_off(job: Job) -> bool:
    """A person ended it: by which rung of the ladder it went is nothing they asked."""
    return job.state == "cancelled" and job.started_s is not None


def summary_words(job: Job) -> str:
    """What a finished verb says it did."""
    summary = job.summary
    if job.verb in TRAINING and "epochs" in summary:
        return metric_words(job) or f"{summary['epochs']} epochs"
    if "auc" in summary and summary["auc"] is not None:
        ap = summary.get("ap")
        return f"AUC {summary['auc']:.3f}" + (f", AP {ap:.3f}" if ap is not None else "")
    counts = (("done", "extracted"), ("scored", "scored"), ("labelled", "labelled"))
    parts = [f"{count(summary[key], 'video')} {name}" for key, name in counts if key in summary]
    if summary.get("skipped"):
        parts.append(f"{summary['skipped']} were there already")
    return ", ".join(parts)


def can_resume(job: Job) -> bool:
    """Whether running it again goes on where it was saved."""
    return job.verb in TRAINING and can_go_on(Path(str(job.args.get("out", ""))))
