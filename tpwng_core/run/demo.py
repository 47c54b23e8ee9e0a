"""The verb demo: the whole path on a generated world, from drawing videos to a report.

Renders surveillance-like videos, extracts, trains from video-level labels, scores, labels and
evaluates, over three seeds, beside zero-shot CLIP, MIL ranking and the supervised bound on the
same features. Generator and settings were frozen before their first evaluation on these seeds.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tpwng_core.evaluation import EvaluationReport, evaluate
from tpwng_core.events import Artifact, Event, Finished, Message, Reporter, Started, Ticker
from tpwng_core.features import SUFFIX, FeatureFolder, open_feature_folder
from tpwng_core.files import write_json, write_text
from tpwng_core.nn.clip import load_clip
from tpwng_core.nn.device import resolve_device
from tpwng_core.nn.methods import Problem, TextInput
from tpwng_core.report.demo import demo_report
from tpwng_core.rounds import can_go_on
from tpwng_core.run.batches import BagStore
from tpwng_core.run.comparison import Contest, fit_method, score_video, true_targets
from tpwng_core.run.demo_report import NOTICE, SeedOutcome, demo_results, summary_json
from tpwng_core.run.demo_world import DemoData, render_dataset
from tpwng_core.run.extract import ExtractConfig, extract, raise_failed
from tpwng_core.run.label import LabelRequest, label
from tpwng_core.run.run_folder import CHECKPOINT
from tpwng_core.run.score import ScoreRequest, score
from tpwng_core.run.settings import Settings, load_settings
from tpwng_core.run.train import TrainRequest, train
from tpwng_core.scores import read_score_folder, snippets_to_frames
from tpwng_core.world import DatasetCounts, make_dataset

NUM_SEEDS = 3
STRIDE = 8
CLIP = "demo"
RIVALS = ("zero-shot", "sultani", "supervised")


@dataclass(frozen=True, kw_only=True)
class DemoRequest:
    """What the demo is asked to do.

    Attributes:
        out: folder for everything.
        seed: the first of the seeds.
        num_seeds: how many worlds.
        counts: videos of a world; None takes the full demo's.
        overrides: ``section.key=value`` words on top of the demo preset, for quick trials.
        device: "auto", "cpu", "cuda".
    """

    out: Path
    seed: int = 0
    num_seeds: int = NUM_SEEDS
    counts: DatasetCounts | None = None
    overrides: tuple[str, ...] = ()
    device: str = "auto"


@dataclass
class Clock:
    """Seconds of each stage, over all seeds."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the time spent inside."""
        start = time.perf_counter()
        try:
            yield
        finally:
            spent = time.perf_counter() - start
            self.seconds[name] = self.seconds.get(name, 0.0) + spent


def demo(request: DemoRequest, report: Reporter) -> dict[str, Any]:
    """Run the demo.

    Returns:
        The content of ``report.json``.

    Raises:
        TpwngError: a stage failed; what was written before stays.
    """
    clock, settings = Clock(), load_settings("demo", overrides=request.overrides)
    outcomes = []
    for seed in range(request.seed, request.seed + request.num_seeds):
        root = request.out if seed == request.seed else request.out / "seeds" / str(seed)
        report(Message(level="info", text=f"seed {seed}: {root}"))
        stages = Stages(
            seed=seed,
            root=root,
            settings=replace(settings, training=replace(settings.training, seed=seed)),
            clock=clock,
            request=request,
            report=_inner(report),
        )
        outcomes.append(stages.run())
    with clock.stage("report"):
        results = demo_results(outcomes, settings, clock.seconds)
        report(Started(verb="report", total=len(results.videos)))
        ticker = Ticker(report, len(results.videos), "figure")
        page = demo_report(results, on_figure=ticker.advance)
        write_text(request.out / "report.html", page)
    content = summary_json(outcomes, clock.seconds, request.out)
    write_json(request.out / "report.json", content)
    report(Artifact(kind="report", path=request.out / "report.html"))
    _say(content, request.out, report)
    return content


@dataclass(frozen=True, kw_only=True)
class Stages:
    """The stages of one seed, each leaving its files in the seed's folder.

    Attributes:
        seed: of world and training.
        root: folder of the seed.
        settings: of the demo, with the seed in them.
        clock: counts each stage.
        request: counts and device.
        report: hears of progress.
    """

    seed: int
    root: Path
    settings: Settings
    clock: Clock
    request: DemoRequest
    report: Reporter

    def run(self) -> SeedOutcome:
        """All stages."""
        with self.clock.stage("render"):
            planned = make_dataset(self.seed, self.request.counts)
            data = render_dataset(planned, self.seed, self.root, self.report)
        with self.clock.stage("extract"):
            features = self._extract(data)
        with self.clock.stage("train"):
            self._train(data)
        with self.clock.stage("score and label"):
            ours = self._score_and_label(data)
        reports = {"tpwng": evaluate(ours, data.test, protocol="ucf-crime")}
        with self.clock.stage("compare"):
            reports |= self._rivals(data, features)
        return SeedOutcome(
            seed=self.seed, data=data, reports=reports, scores=ours, run=self.root / "run"
        )

    def _extract(self, data: DemoData) -> FeatureFolder:
        folder = self.root / "features"
        config = ExtractConfig(stride=STRIDE)
        summary = extract(
            [data.videos],
            out=folder,
            clip=CLIP,
            config=config,
            device=self.request.device,
            report=self.report,
        )
        raise_failed(summary)
        return open_feature_folder(folder)

    def _train(self, data: DemoData) -> None:
        run = self.root / "run"
        request = TrainRequest(
            manifest=data.manifest,
            features=self.root / "features",
            out=run,
            settings=self.settings,
            clip=CLIP,
            device=self.request.device,
            resume=can_go_on(run),
        )
        train(request, self.report)

    def _score_and_label(self, data: DemoData) -> dict[str, NDArray[np.float32]]:
        checkpoint = self.root / "run" / CHECKPOINT
        test = [self.root / "features" / f"{video}{SUFFIX}" for video in data.test]
        scores = self.root / "scores"
        device = self.request.device
        score(
            ScoreRequest(inputs=test, checkpoint=checkpoint, out=scores, device=device),
            self.report,
        )
        label(
            LabelRequest(
                inputs=[self.root / "features"],
                checkpoint=checkpoint,
                out=self.root / "pseudo",
                manifest=data.manifest,
                device=device,
            ),
            self.report,
        )
        return {video: item.score for video, item in read_score_folder(scores).items()}

    def _rivals(self, data: DemoData, features: FeatureFolder) -> dict[str, EvaluationReport]:
        device = resolve_device(self.request.device)
        clip = load_clip(CLIP, device, with_vision=False)
        texts = tuple(self.settings.categories.values())
        scale = self.settings.similarity.scale or clip.sim_scale
        text = TextInput(tower=clip.text, texts=texts, similarity_scale=scale)
        training = [record for record in data.records if record.split == "train"]
        reports = {}
        self.report(Started(verb="compare", total=len(RIVALS)))
        ticker = Ticker(self.report, len(RIVALS), "method")
        for name in RIVALS:
            supervised = name == "supervised"
            contest = Contest(
                problem=Problem(dim=clip.dim, num_categories=len(texts), text=text),
                store=BagStore(
                    training,
                    features,
                    list(self.settings.categories),
                    max_snippets=self.settings.training.max_snippets,
                    seed=self.seed,
                    targets=true_targets(data.train, features) if supervised else None,
                ),
                schedule=self.settings.training,
                device=device,
                # The bound has TPWNG's own temporal half, so that only the labels differ.
                settings={"supervised": asdict(self.settings.temporal)},
            )
            method = fit_method(name, contest)
            scores = {}
            for video in data.test:
                item = features[video]
                eta = score_video(method, item, device)
                scores[video] = snippets_to_frames(eta, item.snippet_start, item.num_frames)
            reports[name] = evaluate(scores, data.test, protocol="ucf-crime")
            ticker.advance()
        return reports


def _inner(report: Reporter) -> Reporter:
    """A reporter for the stages: their endings are not the demo's."""

    def passed_on(event: Event) -> None:
        if not isinstance(event, Finished):
            report(event)

    return passed_on


def _say(content: Mapping[str, Any], out: Path, report: Reporter) -> None:
    rows = {
        "TPWNG": "auc",
        "zero-shot CLIP": "auc_zero_shot",
        "MIL ranking": "auc_mil",
        "supervised bound": "auc_supervised",
    }
    numbers = "  ".join(f"{name} {100 * content[key]:.1f}" for name, key in rows.items())
    report(Message(level="info", text=f"frame AUC, mean over seeds: {numbers}"))
    report(Message(level="info", text=NOTICE))
    report(Message(level="info", text=f"report: {(out / 'report.html').resolve()}"))
