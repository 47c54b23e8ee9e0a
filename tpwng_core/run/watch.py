"""The verb watch: a live source and a causal checkpoint in, alarms out, for as long as it runs.

Each snippet costs the same and memory is bounded: the stream of ``nn.long`` keeps the keys of 255
snippets, and a file watched while it grows gets the scores that ``score`` gives it later. Called
by the command line and the worker.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor

from tpwng_core.checkpoint import read_checkpoint
from tpwng_core.errors import ConfigError, FeatureError, Stopped
from tpwng_core.events import Artifact, Message, Metric, Reporter, Started, Ticker
from tpwng_core.features import feature_key
from tpwng_core.nn.clip import Clip, load_clip
from tpwng_core.nn.device import resolve_device
from tpwng_core.nn.long import CausalStream, is_causal
from tpwng_core.nn.tcsal import Tcsal
from tpwng_core.run.alarms import Alarm, AlarmConfig, AlarmLog, Hysteresis
from tpwng_core.run.decoding import Sampling
from tpwng_core.run.encoder import Encoder
from tpwng_core.run.model import Scorer, load_scorer
from tpwng_core.run.preprocess import Preparation
from tpwng_core.run.provenance import Provenance
from tpwng_core.video import LiveSnippet, LiveSource, Lost, source_kind


@dataclass(frozen=True, kw_only=True)
class WatchRequest:
    """What to watch.

    Attributes:
        source: ``camera:0``, an address with ``://``, or a file that grows.
        checkpoint: trained with ``temporal.causal=true``.
        out: log of alarms, appended to.
        alarms: when an alarm begins and ends.
        clip: ``--clip``; None takes the checkpoint's.
        device: as ``--device``.
        patience_s: seconds without data after which a stream is lost and a file has ended.
    """

    source: str
    checkpoint: Path
    out: Path
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
        report: hears of every snippet's score (Metric ``score``, ``time_s``) and of losses.
        tell: gets a line for a person at every beginning and end of an alarm.

    Returns:
        Summary: snippets, alarms, reconnections, dropped snippets and the log.

    Raises:
        ConfigError: the checkpoint looks ahead.
        VideoError: the source cannot be opened.
        OutputError: the log cannot be written.
    """
    source_kind(request.source)  # a wrong path is told before the seconds that loading takes
    eye = _Eye(request)
    watcher = _Watcher(request, report, tell)
    report(Started(verb="watch"))
    with LiveSource(request.source, stride=eye.stride, patience_s=request.patience_s) as source:
        try:
            for item in source:
                if isinstance(item, Lost):
                    watcher.lose(item)
                    eye.forget()
                else:
                    watcher.take(item, eye.score(item))
        except Stopped:
            pass
        finally:
            watcher.end_alarm()
    report(Artifact(kind="alarms", path=request.out))
    return {**watcher.summary(), "dropped": source.num_dropped, "out": str(request.out)}


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
    """What is done with each score: report it, open and close alarms, log them."""

    def __init__(
        self, request: WatchRequest, report: Reporter, tell: Callable[[str], None]
    ) -> None:
        self._report = report
        self._tell = tell
        self._hysteresis = Hysteresis(request.alarms)
        self._log = AlarmLog(request.out, request.source)
        self._ticker = Ticker(report, None, "snippet")
        self._counts = {"snippets": 0, "alarms": 0, "reconnections": 0}
        self._log.append("watch", {"checkpoint": str(request.checkpoint)})

    def summary(self) -> dict[str, Any]:
        """Counts so far."""
        return dict(self._counts)

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
        self._note(self._hysteresis.push(here))
        self._counts["snippets"] += 1
        values = {"score": score, "time_s": snippet.time_s, "frame": float(snippet.start)}
        self._report(Metric(step=self._counts["snippets"], epoch=snippet.connection, values=values))
        self._ticker.advance()

    def lose(self, lost: Lost) -> None:
        """The stream broke off."""
        self.end_alarm()
        self._counts["reconnections"] += 1
        self._log.append("lost", {"reason": lost.reason, "pause_s": lost.pause_s})
        text = f"{lost.reason}; opening it again in {lost.pause_s:.0f} s"
        self._report(Message(level="warning", text=text))

    def end_alarm(self) -> None:
        """Close the alarm that is open, if any."""
        self._note(self._hysteresis.close())

    def _note(self, change: tuple[str, Alarm] | None) -> None:
        if change is None:
            return
        what, alarm = change
        self._counts["alarms"] += what == "begin"
        self._log.append(what, alarm)
        where = f"{alarm.start_s:.2f} s" + (f" - {alarm.end_s:.2f} s" if what == "end" else "")
        self._tell(f"{what:5}  {where}  score {alarm.peak:.2f}")
