"""How fast the timeline answers: sliders to painted curves, the playhead, panning and zooming.

    python benchmarks/timeline.py [--snippets 1000,10800,162000,1000000] [--repeat 60] [--noise]

Runs offscreen on made-up curves of 16 frames a snippet, in the miniature project, at the size the
timeline has in a 1280x800 window and at 2400 pixels. Times are from the session's intent to the
end of painting, through the event loop, on the clock and of the processor (the one to trust on a
shared machine); goals: sliders one frame of the screen (16.7 ms), the
playhead 4 ms, a million snippets at most 4 times the cost of a thousand.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QEventLoop
from PySide6.QtWidgets import QApplication, QWidget

from benchmarks.contract import Bench, make_parser
from benchmarks.painted import Painted
from tpwng_core.labels import LabelSegment, VideoLabels
from tpwng_core.pseudocurves import SUFFIX, read_pseudo_curves, write_pseudo_curves
from tpwng_core.scores import SUFFIX as SCORES_SUFFIX
from tpwng_core.scores import read_scores, write_scores
from tpwng_studio import theme
from tpwng_studio.project.project import Project
from tpwng_studio.state.session import Session
from tpwng_studio.views.timeline import TimelineView

VIDEO = "test_fire_001"
STRIDE = 16
FPS = "30/1"
SIZES = ((700, 330), (2400, 500))
DRAGS = ("alpha drag", "theta drag")
FRAME_LENGTHS = (10_800, 162_000)  # where a drag should take one frame of the screen
Act = Callable[[], None]
Times = list[float]  # p50 and p95 on the clock, then of the processor, ms
Found = dict[tuple[int, int, str], Times]
Curve = NDArray[np.float32]
PATIENCE_S = 0.1
SETTLED_S = 0.02  # the session paints at most once in 16 ms


def made_curve(rng: np.random.Generator, num_snippets: int, is_noise: bool = False) -> Curve:
    """(T,) a slow wave, an event every few minutes and noise; or noise alone, the worst case."""
    noise = rng.normal(0.5, 0.06, num_snippets)
    if is_noise:
        return np.asarray(rng.random(num_snippets), dtype=np.float32)
    time = np.arange(num_snippets)
    wave = 0.15 * np.sin(time / 97.0 + rng.uniform(0, 6)) * np.sin(time / 1013.0)
    event = 0.4 * (np.sin(time / 61.0 + rng.uniform(0, 6)) > 0.97)
    return np.asarray(noise + wave + event, dtype=np.float32)


def make_long(project: Project, num_snippets: int, is_noise: bool = False) -> None:
    """Give a video of the project curves and scores of another length."""
    rng = np.random.default_rng(num_snippets)
    num_frames = num_snippets * STRIDE
    path = project.pseudo_dir / f"{VIDEO}{SUFFIX}"
    curves = read_pseudo_curves(path)
    categories, heads = curves.similarity.shape[1], curves.span.shape[1]
    similarity = np.stack(
        [made_curve(rng, num_snippets, is_noise) for _ in range(categories)], axis=1
    )
    starts = np.arange(0, num_frames, STRIDE, dtype=np.int32)
    unit = np.clip(made_curve(rng, num_snippets, is_noise), 0, 1)
    meta = {**curves.meta, "num_frames": num_frames, "fps": FPS, "time_base": "1/30"}
    pts = np.arange(num_frames, dtype=np.int64)
    long = replace(
        curves,
        s_normal=similarity[:, -1],
        s_abnormal=unit,
        psi=unit,
        pseudo_label=(unit > 0.55).astype(np.int8),
        similarity=similarity,
        span=rng.uniform(4, 20, (num_snippets, heads)).astype(np.float32),
        snippet_start=starts,
        pts=pts,
        meta=meta,
    )
    write_pseudo_curves(path, long)
    score_path = project.scores_dir / f"{VIDEO}{SCORES_SUFFIX}"
    scores = replace(
        read_scores(score_path),
        score=np.repeat(unit, STRIDE),
        snippet_score=unit,
        snippet_start=starts,
        pts=pts,
    )
    write_scores(score_path, replace(scores, meta={**scores.meta, "fps": FPS}))


def add_labels(session: Session) -> None:
    """Some work of a person: 200 segments."""
    places = np.linspace(0, session.num_frames - 20, 200).astype(int)
    segments = tuple(
        LabelSegment(start=int(at), end=int(at) + 8, state="abnormal") for at in np.unique(places)
    )
    session.import_labels(
        [
            VideoLabels(
                video=VIDEO,
                num_frames=session.num_frames,
                fps=session.fps,
                segments=segments,
            )
        ]
    )


def painted_ms(app: QApplication, act: Act, painted: Painted | None) -> tuple[float, float]:
    """From the act to the end of the painting it causes: on the clock, and of the processor.

    On a busy machine the session may hold a change back for a moment; it is waited for, so that
    nothing counts as quick because it was not painted yet.
    """
    if painted is not None:
        painted.forget()
    began, began_cpu = time.perf_counter(), time.process_time()
    act()
    app.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
    while painted is not None and not painted.all and time.perf_counter() - began < PATIENCE_S:
        app.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
    if painted is not None and not painted.all:
        return float("nan"), float("nan")
    took, took_cpu = time.perf_counter() - began, time.process_time() - began_cpu
    return took * 1000, took_cpu * 1000


def measure(app: QApplication, acts: Iterable[Act], view: QWidget | None = None) -> Times:
    """p50 and p95 on the clock, then of the processor; each act is given time to settle.

    Raises:
        RuntimeError: most acts painted nothing of the view.
    """
    painted = None if view is None else Painted(app, view.objectName())
    times = []
    for act in acts:
        until = time.perf_counter() + SETTLED_S
        while time.perf_counter() < until:
            app.processEvents()
        times.append(painted_ms(app, act, painted))
    kept = np.array(times)[~np.isnan(times).any(axis=1)]
    if 2 * len(kept) < len(times):
        raise RuntimeError(f"only {len(kept)} of {len(times)} acts painted anything")
    if painted is not None:
        app.removeEventFilter(painted)
    return [float(np.percentile(kind, q)) for kind in kept.T for q in (50, 95)]


def acts_of(session: Session, view: TimelineView, repeat: int) -> dict[str, list[Act]]:
    """What is measured, by name."""
    share = np.linspace(0.05, 0.95, repeat).tolist()
    frames = [int(part * (session.num_frames - 1)) for part in share]
    return {
        "alpha drag": [partial(session.set_tuning, alpha=part) for part in share],
        "theta drag": [partial(session.set_tuning, theta=part) for part in share],
        "playhead": [partial(session.seek, frame) for frame in frames],
        "pan at 1/20": [partial(_look_around, view, frame) for frame in frames],
        "zoom": [partial(view.zoom, (1.05, 1 / 1.05)[turn % 2]) for turn in range(repeat)],
    }


def _look_around(view: TimelineView, frame: int) -> None:
    view.look_at(view.viewport.centred(frame))


def _tell(session: Session, width: str, name: str, times: list[float]) -> None:
    num_snippets = -(-session.num_frames // STRIDE)
    line = f"{num_snippets:>10,} {width:>9}  {name:<12}" + "".join(f"{t:9.2f}" for t in times)
    print(line, flush=True)


def drags_alone(app: QApplication, session: Session, repeat: int) -> None:
    """Print the session's part of the drags: nobody looks."""
    for name in ("alpha", "theta"):
        values = np.linspace(0.05, 0.95, repeat).tolist()
        acts = [partial(session.set_tuning, **{name: value}) for value in values]
        session.set_tuning(alpha=0.2, theta=0.55)
        _tell(session, "no view", f"{name} drag", measure(app, acts))


def times_of(app: QApplication, session: Session, repeat: int) -> Iterator[tuple[int, str, Times]]:
    """Width of the timeline, what was done, and its times, for one length."""
    drags_alone(app, session, repeat)
    for size in SIZES:
        view = TimelineView(session)
        view.resize(*size)
        view.show()
        for name, acts in acts_of(session, view, repeat).items():
            session.set_tuning(alpha=0.2, theta=0.55)
            view.fit()
            if name.startswith("pan"):
                view.zoom(20)
            times = measure(app, acts, view)
            _tell(session, f"{size[0]} px", name, times)
            yield size[0], name, times
        view.close()
        view.deleteLater()
        app.sendPostedEvents(view, QEvent.Type.DeferredDelete)


def at_length(app: QApplication, length: int, options: Namespace) -> Found:
    """Everything at one length, by length, width and act."""
    with tempfile.TemporaryDirectory() as folder:
        project = Project.create_demo(Path(folder) / "project")
        make_long(project, length, options.noise)
        session = Session()
        session.open_project(project)
        session.open_video(VIDEO)
        add_labels(session)
        found = {
            (length, width, name): times
            for width, name, times in times_of(app, session, options.repeat)
        }
        session.shutdown()
    return found


def add_rows(bench: Bench, found: Found, lengths: list[int]) -> None:
    """The goals are about the 95th percentile on the clock; the processor's stands beside."""
    for width, _ in SIZES:
        for length in lengths[1:]:
            alpha, theta = found[length, width, "alpha drag"], found[length, width, "theta drag"]
            hours = length * STRIDE / 30 / 3600
            bench.add(
                f"drag-{width}-{length}",
                f"alpha or theta drag to painted curves, {length:,} snippets ({hours:.3g} h), "
                f"{width} px, p95",
                max(alpha[1], theta[1]), "ms", goal=16.7 if length in FRAME_LENGTHS else None,
                detail=f"alpha {alpha[1]:.1f}, theta {theta[1]:.1f}; of the processor "
                f"{alpha[3]:.1f} and {theta[3]:.1f} ms",
            )  # fmt: skip
        first, last = ([found[end, width, name] for name in DRAGS] for end in
                       (lengths[0], lengths[-1]))  # fmt: skip
        ratios = [late[1] / early[1] for early, late in zip(first, last, strict=True)]
        bench.add(
            f"drag-growth-{width}",
            f"the same, {lengths[-1]:,} over {lengths[0]:,} snippets, {width} px",
            max(ratios), "x", goal=4, detail=f"alpha {ratios[0]:.2f}x, theta {ratios[1]:.2f}x",
        )  # fmt: skip
        for name, goal in (("playhead", 4.0), ("pan at 1/20", None), ("zoom", None)):
            times = {length: found[length, width, name] for length in lengths}
            worst = max(times, key=lambda length: times[length][1])
            bench.add(
                f"{name.split()[0]}-{width}",
                f"{name}, {width} px, slowest of {lengths[0]:,} to {lengths[-1]:,} snippets, p95",
                times[worst][1], "ms", goal=goal,
                detail=f"at {worst:,}; of the processor {times[worst][3]:.1f} ms",
            )  # fmt: skip


def main() -> None:
    """Measure and tell."""
    parser = make_parser(__doc__)
    parser.add_argument("--snippets", default="1000,10800,162000,1000000")
    parser.add_argument("--repeat", type=int, default=60)
    parser.add_argument(
        "--noise", action="store_true", help="white noise: the most segments there can be"
    )
    options = parser.parse_args()
    lengths = [int(word) for word in options.snippets.split(",")]
    if options.quick:
        lengths, options.repeat = [1000, 10_800], 10
    app = QApplication([])
    theme.apply(app, "light")
    print(f"{'':>35}{'clock, ms':>18}{'processor, ms':>18}")
    print(f"{'snippets':>10} {'width':>9}  {'what':<12}" + f"{'p50':>9}{'p95':>9}" * 2)
    found: Found = {}
    for length in lengths:
        found |= at_length(app, length, options)
    add_rows(Bench(options.rows), found, lengths)


if __name__ == "__main__":
    main()
