"""The verb extract: videos in, one feature file per video out.

Decoding threads run ahead of the encoder (``run.decoding``), frames of several videos share a
batch (``run.encoder``), and a video's file is written when its last frame is encoded. Finished
videos are known again by content and settings; a video that fails stops nothing. Called by the
command line, the worker, the demo, and by score and label for videos without features.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from tpwng_core.config import require
from tpwng_core.errors import FeatureError, SomeInputsFailed, Stopped, TpwngError
from tpwng_core.events import Artifact, Message, Progress, Reporter, Started, silent
from tpwng_core.features import SUFFIX, FeatureSet, write_features
from tpwng_core.nn.clip import Clip, load_clip
from tpwng_core.nn.device import resolve_device
from tpwng_core.run.collecting import Batcher, Collector
from tpwng_core.run.decoding import Decoded, DecodePool, Opened, Piece, Sampling, choose_num_workers
from tpwng_core.run.encoder import DtypeName, Encoder
from tpwng_core.run.preprocess import Crop, Preparation
from tpwng_core.run.provenance import Provenance
from tpwng_core.video import VideoFile, find_videos

_BATCHES_AHEAD = 2
_MAX_LINES = 10


@dataclass(frozen=True, kw_only=True)
class ExtractConfig:
    """How features are made.

    Attributes:
        stride: frames per snippet.
        frames_per_snippet: 1 encodes the centre frame, n the mean of n frames spread evenly.
        crop: ``center``, or ``ten`` crops kept side by side.
        dtype: number type of the encoder; ``auto`` chooses by device.
        batch_size: images encoded at once; None chooses by device.
        workers: decoding threads; None takes one per processor.
    """

    stride: int = 16
    frames_per_snippet: int = 1
    crop: Crop = "center"
    dtype: DtypeName = "auto"
    batch_size: int | None = None
    workers: int | None = None

    def __post_init__(self) -> None:
        counts = ("stride", "frames_per_snippet", "batch_size", "workers")
        for name in counts:
            value = getattr(self, name)
            require(value is None or value >= 1, f"extract.{name} must be 1 or more, not {value}")
        require(self.crop in ("center", "ten"), f"extract.crop cannot be {self.crop!r}")
        require(
            self.frames_per_snippet <= self.stride,
            f"extract.frames_per_snippet cannot exceed extract.stride ({self.stride})",
        )


@dataclass(frozen=True, kw_only=True)
class ExtractSummary:
    """What an extraction did.

    Attributes:
        done: ids of videos whose features were written.
        skipped: ids of videos that had them already.
        failed: video id -> what is wrong, in one line.
        stopped: whether it was asked to stop, so that videos are left.
        num_frames: frames encoded.
        seconds: by stage: ``index``, ``decode``, ``resize`` processor seconds of all decoding
            threads together; ``encode``, ``total`` on the clock.
    """

    done: tuple[str, ...]
    skipped: tuple[str, ...]
    failed: Mapping[str, str]
    stopped: bool = False
    num_frames: int = 0
    seconds: Mapping[str, float] = field(default_factory=dict)


def extract(
    inputs: Sequence[Path],
    *,
    out: Path,
    clip: str,
    config: ExtractConfig,
    device: str,
    report: Reporter,
) -> ExtractSummary:
    """Write the features of all videos among ``inputs`` into ``out``.

    Args:
        inputs: video files and folders, searched recursively.
        out: folder; a file ``<id>.features.safetensors`` for each video.
        clip: as ``--clip``.
        config: sampling, crops, number type, batch, threads.
        device: as ``--device``.
        report: is told what happens; raising Cancelled in it leaves whole files only, raising
            Stopped finishes the videos that are being decoded.

    Returns:
        What was done. Videos that failed are in ``failed``: see
        :func:`raise_failed`.

    Raises:
        InputError: an input does not exist, or a folder holds no video; of a single video, also
            what is wrong with it.
        ConfigError: the CLIP cannot be had, or cannot encode frames.
        DeviceError: the device is not there, or its memory does not hold a single frame.
        OutputError: a file cannot be written.
    """
    videos = find_videos(inputs)
    opened = load_clip(clip)
    encoder = Encoder(opened, resolve_device(device), config.dtype, config.batch_size)
    sampling, provenance = origin_of(opened, config, encoder.dtype_name)
    run = _Extraction(encoder, provenance, sampling, out)
    report(Started(verb="extract", total=len(videos)))
    skipped = [video for video in videos if run.is_made(video, exact=config.dtype != "auto")]
    left = [video for video in videos if video not in skipped]
    num_workers = config.workers or choose_num_workers(len(left))
    for line in _skipped_lines(skipped):
        report(Message(level="info", text=line))
    if left:
        report(Message(level="info", text=f"CLIP {clip} {encoder}, {num_workers} decoding threads"))
        run.work(left, num_workers, report)
    if len(videos) == 1 and run.failed:
        raise next(iter(run.failed.values()))
    return ExtractSummary(
        done=tuple(run.done),
        skipped=tuple(video.video_id for video in skipped),
        failed={video: str(error) for video, error in run.failed.items()},
        stopped=run.stopped,
        num_frames=run.num_frames,
        seconds=run.seconds,
    )


def origin_of(clip: Clip, config: ExtractConfig, dtype_name: str) -> tuple[Sampling, Provenance]:
    """How frames are chosen and prepared, and what is written beside the features of them.

    Args:
        clip: that encodes them.
        config: sampling and crops.
        dtype_name: of the encoder; ``auto`` where nobody has chosen yet.
    """
    sampling = Sampling(
        stride=config.stride,
        frames_per_snippet=config.frames_per_snippet,
        preparation=Preparation.of(clip, config.crop),
    )
    return sampling, Provenance.of(clip, sampling, dtype_name)


def raise_failed(summary: ExtractSummary) -> None:
    """Raise SomeInputsFailed with a table, one line a video, where any failed."""
    if not summary.failed:
        return
    total = len(summary.done) + len(summary.skipped) + len(summary.failed)
    rest = "; the rest is done" if total > len(summary.failed) else ""
    head = f"{len(summary.failed)} of {total} videos failed{rest}"
    lines = [f"  {video}: {reason}" for video, reason in summary.failed.items()]
    raise SomeInputsFailed("\n".join([head, *lines]))


class _Extraction:
    """One run over several videos."""

    def __init__(
        self, encoder: Encoder, provenance: Provenance, sampling: Sampling, out: Path
    ) -> None:
        self.done: list[str] = []
        self.failed: dict[str, TpwngError] = {}
        self.seconds: dict[str, float] = {}
        self.stopped = False
        self._encoder = encoder
        self._provenance = provenance
        self._sampling = sampling
        self._out = out
        self._report: Reporter = silent
        self._batcher = Batcher(encoder, sampling.preparation.num_crops)
        self._collectors: dict[str, Collector] = {}

    @property
    def num_frames(self) -> int:
        """Frames encoded."""
        return self._batcher.num_frames

    def is_made(self, video: VideoFile, *, exact: bool) -> bool:
        """Whether a video has its features already; ``exact`` asks for the number type too."""
        return self._provenance.is_made(_target(self._out, video), video, exact)

    def work(self, videos: Sequence[VideoFile], num_workers: int, report: Reporter) -> None:
        """Decode, encode and write them all."""
        self._report = report
        start_s = time.monotonic()
        encode_s = 0.0
        meter = _Meter(videos, report)
        ahead = _BATCHES_AHEAD * self._encoder.batch_size
        with DecodePool(videos, self._sampling, num_workers, ahead) as pool:
            for message in chain(pool, [None]):
                mark_s = time.monotonic()
                if message is None:
                    self._batcher.finish()
                else:
                    self._take(message)
                encode_s += time.monotonic() - mark_s
                self._write_complete()
                try:
                    meter.show(self._collectors, [*self.done, *self.failed])
                except Stopped:
                    self.stopped = True
                    pool.begin_no_more()
        total_s = time.monotonic() - start_s
        self.seconds = {**pool.seconds.by_stage, "encode": encode_s, "total": total_s}

    def _take(self, message: Decoded) -> None:
        video = message.video.video_id
        if isinstance(message, Opened):
            self._collectors[video] = self._collector(message)
        elif isinstance(message, Piece):
            self._batcher.add(self._collectors[video], message.first, message.pixels)
        elif message.error is None:
            self._collectors[video].report = message.report
        else:
            self._collectors.pop(video, None)
            self._fail(video, message.error)

    def _collector(self, opened: Opened) -> Collector:
        return Collector(
            opened.video,
            opened.index,
            stride=self._sampling.stride,
            frames_per_snippet=self._sampling.frames_per_snippet,
            shape=(self._sampling.preparation.num_crops, self._encoder.dim),
        )

    def _fail(self, video: str, error: TpwngError) -> None:
        self.failed[video] = error
        self._report(Message(level="warning", text=f"{video} failed: {error}"))

    def _write_complete(self) -> None:
        for video, collector in list(self._collectors.items()):
            if collector.is_complete:
                del self._collectors[video]
                try:
                    self._write(collector)
                except FeatureError as error:
                    self._fail(video, error)

    def _write(self, collector: Collector) -> None:
        video, index, decoding = collector.video, collector.index, collector.report
        assert decoding is not None
        features = FeatureSet(
            video=video.video_id,
            features=collector.features(),
            snippet_start=collector.starts,
            pts=index.pts,
            meta=self._provenance.meta(video, index, decoding),
        )
        path = _target(self._out, video)
        write_features(path, features)
        self.done.append(video.video_id)
        if not decoding.is_clean:
            self._tell_damage(video.video_id, decoding.num_concealed, len(decoding.damaged))
        self._report(Artifact(kind="features", path=path))

    def _tell_damage(self, video: str, num_concealed: int, num_damaged: int) -> None:
        text = (
            f"{video} is damaged: of the sampled frames {num_concealed} could not be decoded "
            f"(a neighbour stands for each) and {num_damaged} are decoded in part"
        )
        self._report(Message(level="warning", text=text))


class _Meter:
    """Progress in bytes of video, which are known before any video is opened."""

    def __init__(self, videos: Sequence[VideoFile], report: Reporter) -> None:
        self._report = report
        self._sizes = {video.video_id: video.path.stat().st_size for video in videos}
        total = sum(self._sizes.values())
        self._unit, self._unit_bytes = ("MB", 10**6) if total >= 10**8 else ("kB", 10**3)
        self._total = -(-total // self._unit_bytes)
        self._shown = -1
        self._start_s = time.monotonic()

    def show(self, collectors: Mapping[str, Collector], finished: Sequence[str]) -> None:
        """Report where that moved the count."""
        part = sum(self._sizes[video] * each.share for video, each in collectors.items())
        full = sum(self._sizes[video] for video in finished)
        done = min(-int(-(part + full) // self._unit_bytes), self._total)
        if done == self._shown:
            return
        self._shown = done
        rate = done / max(time.monotonic() - self._start_s, 1e-9)
        left_s = (self._total - done) / rate if rate else None
        self._report(
            Progress(done=done, total=self._total, unit=self._unit, eta_s=left_s, rate=rate)
        )


def _target(out: Path, video: VideoFile) -> Path:
    return out / f"{video.video_id}{SUFFIX}"


def _skipped_lines(skipped: Sequence[VideoFile]) -> list[str]:
    if len(skipped) > _MAX_LINES:
        return [f"{len(skipped)} videos skipped, already extracted"]
    return [f"{video.video_id}: skipped, already extracted" for video in skipped]
