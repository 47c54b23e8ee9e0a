"""Extract and score on many machines: one Ray task a video, results written here.

A Ray cluster does the scheduling, the retries after a lost worker and the placing on GPUs; this
room says what a task is and what is left to do. Workers need this package and must reach the
videos, and a CLIP given as a file, under the same paths; checkpoints and ready features travel
with the task, results travel back and are written whole by the caller alone, so a task that ran
twice leaves one file. Called by the command line.
"""

from __future__ import annotations

import logging
import socket
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from tpwng_core.checkpoint import checkpoint_digest, read_checkpoint
from tpwng_core.config import require
from tpwng_core.errors import ArtifactError, ConfigError, InputError, TpwngError
from tpwng_core.events import Artifact, Message, Reporter, Started, Ticker, silent
from tpwng_core.features import SUFFIX as FEATURE_SUFFIX
from tpwng_core.features import is_feature_file, read_meta
from tpwng_core.files import write_bytes
from tpwng_core.nn.clip import load_clip
from tpwng_core.run.extract import ExtractConfig, ExtractSummary, extract, origin_of
from tpwng_core.run.score import ScoreRequest, raise_failures, score
from tpwng_core.scores import SUFFIX as SCORE_SUFFIX
from tpwng_core.scores import read_scores
from tpwng_core.video import VideoFile, find_videos, fingerprint

_TASKS_PER_CPU = 2
_POLL_S = 0.2
_DEFAULT_GPU_SHARE = 0.25
_CONNECT_S = 5.0
_START = "start one: ray start --head"


@dataclass(frozen=True, kw_only=True)
class ClusterConfig:
    """Where tasks run and what each of them needs.

    Attributes:
        address: of the cluster: ``auto``, ``HOST:PORT`` or ``ray://HOST:PORT``.
        cpus: processors a task is given.
        gpus: share of a GPU a task is given; None: a quarter where the cluster has GPUs and the
            device is not "cpu", else none.
        retries: how often a task is run again after its worker or machine was lost.
    """

    address: str
    cpus: float = 1.0
    gpus: float | None = None
    retries: int = 3

    def __post_init__(self) -> None:
        require(self.cpus > 0, "a task needs more than 0 processors")
        require(self.gpus is None or self.gpus >= 0, "a task cannot have less than no GPU")
        require(self.retries >= 0, "retries must not be negative")


@dataclass(frozen=True, kw_only=True)
class TaskResult:
    """What a task sends back.

    Attributes:
        files: name -> content.
        error: one line, where the video failed.
    """

    files: Mapping[str, bytes]
    error: str | None = None


def extract_on_cluster(
    inputs: Sequence[Path],
    *,
    out: Path,
    clip: str,
    config: ExtractConfig,
    device: str,
    cluster: ClusterConfig,
    report: Reporter,
) -> ExtractSummary:
    """As :func:`tpwng_core.run.extract.extract`, on a cluster.

    Raises:
        ConfigError: Ray is not installed, or no cluster answers; else as ``extract``.
    """
    videos = find_videos(inputs)
    report(Started(verb="extract", total=len(videos)))
    _, provenance = origin_of(load_clip(clip), config, config.dtype)
    exact = config.dtype != "auto"
    targets = {video: out / f"{video.video_id}{FEATURE_SUFFIX}" for video in videos}
    skipped = [video for video in videos if provenance.is_made(targets[video], video, exact)]
    jobs = {
        video.video_id: (str(video.path.absolute()), clip, replace(config, workers=1), device)
        for video in videos
        if video not in skipped
    }
    writer = _Writer({FEATURE_SUFFIX: (out, "features")}, report)
    _say_skipped(len(skipped), report)
    _work(extract_task, jobs, cluster, device, writer)
    return ExtractSummary(
        done=tuple(writer.done),
        skipped=tuple(video.video_id for video in skipped),
        failed=writer.failed,
    )


def score_on_cluster(
    request: ScoreRequest, cluster: ClusterConfig, report: Reporter
) -> dict[str, Any]:
    """As :func:`tpwng_core.run.score.score`, on a cluster.

    Raises:
        ConfigError: Ray is not installed, or no cluster answers; else as ``score``.
    """
    meta = read_checkpoint(request.checkpoint).meta
    digest, content = checkpoint_digest(request.checkpoint), request.checkpoint.read_bytes()
    jobs, skipped = {}, 0
    for video in _score_inputs(request.inputs):
        features = _ready_features(video, request.feature_folder, meta.feature_key)
        if _is_scored(request.out / f"{video.video_id}{SCORE_SUFFIX}", digest, video, features):
            skipped += 1
            continue
        source = str(video.path.absolute()) if features is None else features.read_bytes()
        jobs[video.video_id] = (source, content, replace(request, inputs=()))
    report(Started(verb="score", total=len(jobs) + skipped))
    _say_skipped(skipped, report)
    folders = {
        SCORE_SUFFIX: (request.out, "scores"),
        FEATURE_SUFFIX: (request.feature_folder, "features"),
    }
    writer = _Writer(folders, report)
    _work(score_task, jobs, cluster, request.device, writer)
    raise_failures(writer.failed)
    return {"scored": len(writer.done), "skipped": skipped, "out": str(request.out)}


def extract_task(path: str, clip: str, config: ExtractConfig, device: str) -> TaskResult:
    """Runs on a worker: the feature file of one video."""
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch)
        try:
            extract([Path(path)], out=out, clip=clip, config=config, device=device, report=silent)
        except TpwngError as error:
            return TaskResult(files={}, error=str(error))
        return TaskResult(files=_contents(out, FEATURE_SUFFIX))


def score_task(source: str | bytes, checkpoint: bytes, request: ScoreRequest) -> TaskResult:
    """Runs on a worker: the score file of one video, and its features where they were missing.

    Args:
        source: path of the video, or the content of its feature file.
        checkpoint: content of the checkpoint file.
        request: CLIP and device; its paths belong to the caller and are not read.
    """
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        local = root / "checkpoint.safetensors"
        local.write_bytes(checkpoint)
        given = root / f"video{FEATURE_SUFFIX}" if isinstance(source, bytes) else Path(source)
        if isinstance(source, bytes):
            given.write_bytes(source)
        here = replace(
            request, inputs=[given], checkpoint=local, out=root / "out", features=root / "made"
        )
        try:
            score(here, silent)
        except TpwngError as error:
            return TaskResult(files={}, error=str(error))
        made = _contents(root / "made", FEATURE_SUFFIX)
        return TaskResult(files={**_contents(root / "out", SCORE_SUFFIX), **made})


def _contents(folder: Path, suffix: str) -> dict[str, bytes]:
    """Suffix -> content of the one file with it, where there is one."""
    made = next(folder.glob(f"*{suffix}"), None)
    return {} if made is None else {suffix: made.read_bytes()}


class _Writer:
    """Writes results as they come in, each once, and keeps count.

    Args:
        folders: suffix of a file -> its folder, and its kind in events.
        report: hears of every file.
    """

    def __init__(self, folders: Mapping[str, tuple[Path, str]], report: Reporter) -> None:
        self.done: list[str] = []
        self.failed: dict[str, str] = {}
        self._folders = folders
        self.report = report

    def take(self, video: str, result: TaskResult) -> None:
        """Write what a task made of a video."""
        if result.error is not None:
            self.failed[video] = result.error
            self.report(Message(level="warning", text=f"{video} failed: {result.error}"))
            return
        for suffix, content in result.files.items():
            folder, kind = self._folders[suffix]
            path = folder / f"{video}{suffix}"
            write_bytes(path, content)
            self.report(Artifact(kind=kind, path=path))
        self.done.append(video)


def _work(
    task: Callable[..., TaskResult],
    jobs: Mapping[str, tuple[Any, ...]],
    cluster: ClusterConfig,
    device: str,
    writer: _Writer,
) -> None:
    """Run a task for each job and write results as they come; bounded numbers wait in Ray."""
    if not jobs:
        return
    with _connected(cluster.address) as ray:
        resources = ray.cluster_resources()
        gpus = _gpu_share(cluster, device, resources)
        text = f"on {resources.get('CPU', 0):g} processors and {resources.get('GPU', 0):g} GPUs"
        text = f"{len(jobs)} videos {text} of {cluster.address}"
        writer.report(Message(level="info", text=text))
        options = {"num_cpus": cluster.cpus, "num_gpus": gpus, "max_retries": cluster.retries}
        remote = ray.remote(**options)(task)
        num_waiting = max(1, int(_TASKS_PER_CPU * resources.get("CPU", 1)))
        queue = iter(jobs.items())
        running: dict[Any, str] = {}
        ticker = Ticker(writer.report, len(jobs), "video")
        try:
            while True:
                for video, arguments in islice(queue, num_waiting - len(running)):
                    running[remote.remote(*arguments)] = video
                if not running:
                    return
                for reference in ray.wait(list(running), timeout=_POLL_S)[0]:
                    writer.take(running.pop(reference), _result(ray, reference))
                    ticker.advance()
        finally:
            for reference in running:
                ray.cancel(reference, force=True)


def _result(ray: Any, reference: Any) -> TaskResult:
    """What a task sent; a video whose workers were lost again and again has failed."""
    try:
        result: TaskResult = ray.get(reference)
    except ray.exceptions.RayError as error:
        reason = str(error).strip().splitlines()[0]
        return TaskResult(files={}, error=f"its worker was lost too often: {reason}")
    return result


@contextmanager
def _connected(address: str) -> Iterator[Any]:
    """Ray, connected to a cluster for the time of a ``with`` block."""
    try:
        import ray
    except ImportError as error:
        raise ConfigError(
            "--cluster needs Ray, which is not installed", "pip install 'tpwng-studio[cluster]'"
        ) from error
    _require_answer(address)
    try:
        ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)
    except (ConnectionError, RuntimeError, ValueError) as error:
        raise ConfigError(f"no Ray cluster answers at {address}", _START) from error
    try:
        yield ray
    finally:
        ray.shutdown()


def _require_answer(address: str) -> None:
    """Ray itself waits for minutes for an address where nobody listens."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not host or not port.isdigit():
        return
    try:
        socket.create_connection((host, int(port)), timeout=_CONNECT_S).close()
    except OSError as error:
        raise ConfigError(f"no Ray cluster answers at {address}", _START) from error


def _gpu_share(cluster: ClusterConfig, device: str, resources: Mapping[str, float]) -> float:
    if cluster.gpus is not None:
        return cluster.gpus
    return _DEFAULT_GPU_SHARE if resources.get("GPU", 0) and device != "cpu" else 0.0


def _score_inputs(inputs: Sequence[Path]) -> list[VideoFile]:
    """Videos and feature files among the inputs, by id."""
    features = [path for path in inputs if is_feature_file(path)]
    others = [path for path in inputs if path not in features]
    named = [
        VideoFile(video_id=path.name.removesuffix(FEATURE_SUFFIX), path=path) for path in features
    ]
    return named + (find_videos(others) if others else [])


def _ready_features(video: VideoFile, folder: Path, key: str) -> Path | None:
    """The feature file of a video, where there is one that fits video and checkpoint."""
    if is_feature_file(video.path):
        return video.path
    path = folder / f"{video.video_id}{FEATURE_SUFFIX}"
    try:
        meta = read_meta(path) if path.exists() else None
    except ArtifactError:
        return None
    fits = meta is not None and meta.key == key and meta.fingerprint == fingerprint(video.path)
    return path if fits else None


def _is_scored(target: Path, digest: str, video: VideoFile, features: Path | None) -> bool:
    if not target.exists():
        return False
    try:
        meta = read_scores(target).meta
        made_of = fingerprint(video.path) if features is None else read_meta(features).fingerprint
    except (ArtifactError, InputError):
        return False
    return meta.get("checkpoint") == digest and meta.get("fingerprint") == made_of


def _say_skipped(count: int, report: Reporter) -> None:
    if count:
        report(Message(level="info", text=f"{count} videos skipped, already done"))
