"""The verb watch: a live source and a causal checkpoint in, alarms out, for as long as it runs.

Each snippet costs the same and memory is bounded: the stream of ``nn.long`` keeps the keys of 255
snippets, and a file watched while it grows gets the scores that ``score`` gives it later. A watch
that waits for data can be stopped as fast as one that scores. Called by the command line and the
worker.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor

from tpwng_core.address import source_kind
from tpwng_core.checkpoint import read_checkpoint
from tpwng_core.errors import ConfigError, FeatureError, Stopped
from tpwng_core.events import Artifact, Message, Metric, Reporter, Started, Ticker
from tpwng_core.features import feature_key
from tpwng_core.nn.clip import Clip, load_clip
from tpwng_core.nn.device import resolve_device
from tpwng_core.nn.long import CausalStream, is_causal
from tpwng_core.nn.tcsal import Tcsal
from tpwng_core.run.alarm_pictures import AlarmPictures
from tpwng_core.run.alarms import Alarm, AlarmConfig, AlarmLog, Hysteresis
from tpwng_core.run.decoding import Sampling
from tpwng_core.run.encoder import Encoder
from tpwng_core.run.model import Scorer, load_scorer
from tpwng_core.run.preprocess import Preparation
from tpwng_core.run.provenance import Provenance
from tpwng_core.video import LiveSnippet, LiveSource, Lost, Waiting


@dataclass(frozen=True, kw_only=True)
class WatchRequest:
    """What to watch.

    Attributes:
        source: ``camera:0``, an address with ``://``, or a file that grows.
        checkpoint: trained with ``temporal.causal=true``.
        out: log of alarms, appended to.
        pictures: folder for small pictures of the latest snippet and of each alarm's peak.
        alarms: when an alarm begins and ends.
        clip: ``--clip``; None takes the checkpoint's.
        device: as ``--device``.
        patience_s: seconds without data after which a stream is lost and a file has ended.
    """

    source: str
    checkpoint: Path
    out: Path
    pictures: Path | None = None
    alarms: AlarmConfig = field(default_factory=AlarmConfig)
    clip: str | None = None
    device: str = "auto"
    patience_s: float = 10.0


def watch(
    request: WatchRequest, report: Reporter, tell: Callable[[str], None] = lambda line: None
) -> dict[str, Any]:
    """Score a live source until it ends or the watch is stopped.

    Args:
        request: what to watch.
        report: hears of every snippet: Metric ``score``, ``time_s``, ``frame``, ``alarm`` (1 while
            one is open), for what is live ``lag_s`` (seconds from the arrival of its last frame
            to its score) and ``dropped``, and ``alarm_start_s``, ``alarm_end_s``, ``alarm_peak``
            of the alarm that is open or ends with it. After a loss: Metric ``lost`` (how many in
            a row) and ``retry_s``. Progress comes at least twice a second, also in silence.
        tell: gets a line for a person at every beginning and end of an alarm, and one that sums
            up, however the watch ends.

    Returns:
        Summary: snippets, alarms, reconnections, dropped snippets, the log, and ``stopped``
        where it was stopped and did not end by itself.

    Raises:
        ConfigError: the checkpoint looks ahead.
        VideoError: the source cannot be opened.
        OutputError: the log or a picture cannot be written.
    """
    source_kind(request.source)  # a wrong path is told before the seconds that loading takes
    eye = _Eye(request)
    report(Started(verb="watch"))
    was_stopped = False
    with LiveSource(request.source, stride=eye.stride, patience_s=request.patience_s) as source:
        watcher = _Watcher(request, source, report, tell)
        try:
            for item in source:
                if isinstance(item, LiveSnippet):
                    watcher.take(item, eye.score(item))
                elif isinstance(item, Lost):
                    watcher.lose(item)
                    eye.forget()
                else:
                    watcher.wait(item)
        except Stopped:
            was_stopped = True
        finally:
            watcher.end_alarm()
            tell(watcher.words)
    report(Artifact(kind="alarms", path=request.out))
    summary = {**watcher.summary(), "dropped": source.num_dropped, "out": str(request.out)}
    return {**summary, "stopped": True} if was_stopped else summary


class _Eye:
    """From a picture to its score: CLIP and the causal stream, nothing kept beyond its keys."""

    def __init__(self, request: WatchRequest) -> None:
        device = resolve_device(request.device)
        self._scorer = load_scorer(read_checkpoint(request.checkpoint), device)
        if not is_causal(self._scorer.temporal):
            raise ConfigError(
                f"{request.checkpoint} was trained to look both ways",
                "train with --set temporal.causal=true to watch live",
            )
        self.stride = self._scorer.meta.stride
        clip = load_clip(request.clip or self._scorer.meta.clip.spec)
        self._preparation = Preparation.of(clip, "center")
        self._encoder = Encoder(clip, device, "auto", 1)
        self._check(clip)
        self.forget()

    def forget(self) -> None:
        """Begin anew: what was seen before a gap is no context of what comes after it."""
        self._stream = CausalStream(cast(Tcsal, self._scorer.temporal))

    @torch.inference_mode()
    def score(self, snippet: LiveSnippet) -> float:
        """eta of the next snippet, in [0, 1]."""
        rows = self._encoder.encode(self._preparation.apply(snippet.picture))
        # features lie on disk as float16; a stream must see what a file would give
        hidden = self._stream.push(rows.to(torch.float16).float())
        return float(torch.sigmoid(cast(Tensor, self._scorer.head(hidden[None]))[0, 0]))

    def _check(self, clip: Clip) -> None:
        scorer: Scorer = self._scorer
        sampling = Sampling(stride=self.stride, frames_per_snippet=1, preparation=self._preparation)
        made = Provenance.of(clip, sampling, self._encoder.dtype_name).settings
        if scorer.meta.feature_key and feature_key(made) != scorer.meta.feature_key:
            raise FeatureError(
                f"a live source gives the centre frame of every {self.stride} by "
                f"{clip.name}; the checkpoint was trained on other features",
                f"give --clip {scorer.meta.clip.spec}, or train on such features",
            )


class _Watcher:
    """What is done with each score: report it, open and close alarms, log and picture them."""

    def __init__(
        self,
        request: WatchRequest,
        source: LiveSource,
        report: Reporter,
        tell: Callable[[str], None],
    ) -> None:
        self._source = source
        self._report = report
        self._tell = tell
        self._hysteresis = Hysteresis(request.alarms)
        self._log = AlarmLog(request.out, request.source)
        folder = request.pictures
        self._pictures = None if folder is None else AlarmPictures(folder, report)
        self._ticker = Ticker(report, None, "snippet")
        self._counts = {"snippets": 0, "alarms": 0, "reconnections": 0}
        self._num_lost = 0
        self._begun_s = time.monotonic()
        self._log.append("watch", {"checkpoint": str(request.checkpoint)})

    def summary(self) -> dict[str, Any]:
        """Counts so far."""
        return dict(self._counts)

    @property
    def words(self) -> str:
        """The same for a person, with how long it took."""
        parts = [
            f"{count} {name if count != 1 else name[:-1]}" for name, count in self._counts.items()
        ]
        return f"watched {time.monotonic() - self._begun_s:.0f} s: {', '.join(parts)}"

    def take(self, snippet: LiveSnippet, score: float) -> None:
        """The next snippet and its score."""
        here = Alarm(
            connection=snippet.connection,
            start=snippet.start,
            end=snippet.start + snippet.num_frames,
            start_s=snippet.time_s,
            end_s=snippet.time_s,
            peak=score,
        )
        change = self._hysteresis.push(here)
        if self._pictures is not None:
            self._pictures.take(snippet.picture, self._hysteresis.open)
        self._note(change)
        self._counts["snippets"] += 1
        self._num_lost = 0
        values = self._values(snippet, score, change[1] if change else self._hysteresis.open)
        self._report(Metric(step=self._counts["snippets"], epoch=snippet.connection, values=values))
        self._ticker.advance()

    def wait(self, waiting: Waiting) -> None:
        """Nothing came; whoever listens may want to stop."""
        self._ticker.advance(0)

    def lose(self, lost: Lost) -> None:
        """The stream broke off."""
        self.end_alarm()
        self._counts["reconnections"] += 1
        self._num_lost += 1
        self._log.append("lost", {"reason": lost.reason, "pause_s": lost.pause_s})
        text = f"{lost.reason}; opening it again in {lost.pause_s:.0f} s"
        self._report(Message(level="warning", text=text))
        values = {"lost": float(self._num_lost), "retry_s": lost.pause_s}
        step = self._counts["snippets"]
        self._report(Metric(step=step, epoch=self._counts["reconnections"], values=values))
        self._ticker.advance(0)

    def end_alarm(self) -> None:
        """Close the alarm that is open, if any."""
        self._note(self._hysteresis.close())

    def _values(self, snippet: LiveSnippet, score: float, alarm: Alarm | None) -> dict[str, float]:
        values = {"score": score, "time_s": snippet.time_s, "frame": float(snippet.start)}
        if self._source.kind != "file":  # what comes of a file may be as old as it likes
            values["lag_s"] = time.monotonic() - snippet.arrived_s
            values["dropped"] = float(self._source.num_dropped)
        values["alarm"] = float(self._hysteresis.open is not None)
        if alarm is not None:
            values["alarm_start_s"] = alarm.start_s
            values["alarm_end_s"] = alarm.end_s
            values["alarm_peak"] = alarm.peak
        return values

    def _note(self, change: tuple[str, Alarm] | None) -> None:
        if change is None:
            return
        what, alarm = change
        self._counts["alarms"] += what == "begin"
        content = asdict(alarm)
        if self._pictures is not None and self._pictures.alarm_path is not None:
            content["picture"] = str(self._pictures.alarm_path)
        self._log.append(what, content)
        where = f"{alarm.start_s:.2f} s" + (f" - {alarm.end_s:.2f} s" if what == "end" else "")
        self._tell(f"{what:5}  {where}  score {alarm.peak:.2f}")
