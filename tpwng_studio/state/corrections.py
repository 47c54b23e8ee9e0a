"""Which of a person's labels a round of corrections would learn from, and which it never may.

What people said, the manifest and the model's settings in; frames by training video, and those of
the videos that are held out, out; and the remedy where there are none. Called by the panel of a
round and by ``jobs/retraining``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from tpwng_core.datasets import VideoRecord, hold_out
from tpwng_core.labels import State, VideoLabels
from tpwng_studio.state.session import Session

_NO_MANIFEST = "Say first what the videos are: Run, Dataset…"
_NOTHING_SAID = "Correct some frames of a training video first: the review queue shows where."
_ONLY_IDLE = (
    "Only videos that do not train are labelled. Correct a training video, or give one of these"
    " the split train: Run, Dataset…"
)


@dataclass(frozen=True, kw_only=True)
class Corrections:
    """Labelled frames.

    Attributes:
        used: frames by video that trains, unknown ones included.
        idle: frames by video that does not: held out, not in the manifest, or without features.
        num_unknown: unknown frames among those used: training leaves them out.
    """

    used: Mapping[str, int] = field(default_factory=dict)
    idle: Mapping[str, int] = field(default_factory=dict)
    num_unknown: int = 0

    @property
    def words(self) -> str:
        """What would be learned from, and what not."""
        if not self.used and not self.idle:
            return "No frame is labelled yet."
        text = f"{_amount(self.used)} will be learned from"
        text += f", {self.num_unknown:,} of them unknown and left out." if self.num_unknown else "."
        if self.idle:
            text += f" {_amount(self.idle)} will not: held out, or not in training."
        return text


def corrections_in(session: Session) -> Corrections:
    """What a round on the open project would learn from."""
    model = session.model
    return corrections_of(
        session.all_labels,
        session.records,
        {item.id for item in session.videos if item.has_features},
        model.config if model else {},
    )


def what_is_missing(session: Session) -> str:
    """Why no round can begin, and what to do about it; "" if it can."""
    project = session.project
    if project is None:
        return "Open a project first."
    if project.is_read_only:
        return f"Read only: {project.why_read_only}."
    if session.model is None:
        return "There is no model to teach yet: train one first."
    if project.manifest is None:
        return _NO_MANIFEST
    corrections = corrections_in(session)
    if corrections.used:
        return ""
    return _ONLY_IDLE if corrections.idle else _NOTHING_SAID


def needs_split(missing: str) -> bool:
    """Whether the data set's split is the remedy of what :func:`what_is_missing` says."""
    return missing in (_NO_MANIFEST, _ONLY_IDLE)


def corrections_of(
    labels: Mapping[str, VideoLabels],
    records: Mapping[str, VideoRecord],
    with_features: Collection[str],
    config: Mapping[str, Any],
) -> Corrections:
    """Sort what people said by whether training sees it.

    Args:
        labels: by video.
        records: the manifest's, by video.
        with_features: ids of the videos that have features.
        config: settings of the checkpoint, as tables; they say how many videos choose the epoch.
    """
    said = {video: _num_frames(item) for video, item in labels.items() if item.segments}
    trains = set(training_videos(records, with_features, config))
    return Corrections(
        used={video: count for video, count in said.items() if video in trains},
        idle={video: count for video, count in said.items() if video not in trains},
        num_unknown=sum(_num_frames(labels[video], "unknown") for video in said.keys() & trains),
    )


def training_videos(
    records: Mapping[str, VideoRecord], with_features: Collection[str], config: Mapping[str, Any]
) -> list[str]:
    """Ids of the videos that a training sees, by the rule of the verb train."""
    usable = [
        record
        for record in records.values()
        if record.labelled and record.split != "test" and record.video in with_features
    ]
    share = float(config.get("validation", {}).get("share", 0.0))
    seed = int(config.get("training", {}).get("seed", 0))
    dealt = hold_out(usable, share, seed)
    return [record.video for record in dealt if record.split != "val"]


def _num_frames(labels: VideoLabels, state: State | None = None) -> int:
    """Frames of one state, or of any."""
    return sum(
        segment.end - segment.start for segment in labels.segments if state in (None, segment.state)
    )


def _amount(frames: Mapping[str, int]) -> str:
    count, videos = sum(frames.values()), len(frames)
    return (
        f"{count:,} frame{'' if count == 1 else 's'} in {videos} video{'' if videos == 1 else 's'}"
    )
