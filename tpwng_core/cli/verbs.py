"""Each verb's way from parsed options to its request, and from its result to stdout.

Rooms with torch are imported inside the functions, so that a wrong path is told before the
seconds that importing torch takes. Called by ``main`` and by the worker.
"""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from tpwng_core.cli import (
    benching,
    correcting,
    interchange,
    looking,
    retraining,
    searching,
    watching,
)
from tpwng_core.cli.grammar import require_paths
from tpwng_core.errors import ConfigError, DatasetError
from tpwng_core.events import Message, Reporter

Summary = dict[str, Any]


def run(options: Namespace, report: Reporter) -> Summary:
    """Run the verb of the options.

    Returns:
        Its summary, plain values.

    Raises:
        TpwngError: what went wrong.
    """
    return _HANDLERS[options.verb](options, report)


def _demo(options: Namespace, report: Reporter) -> Summary:
    from tpwng_core.run.demo import DemoRequest, demo

    return demo(DemoRequest(out=options.out, seed=options.seed, device=options.device), report)


def _extract(options: Namespace, report: Reporter) -> Summary:
    require_paths(*options.inputs)
    from tpwng_core.run.extract import ExtractConfig, extract, raise_failed

    config = ExtractConfig(
        stride=options.stride,
        frames_per_snippet=options.frames_per_snippet,
        crop=options.crop,
        batch_size=options.batch_size,
        workers=options.workers,
    )
    request: dict[str, Any] = {
        "out": options.out,
        "clip": options.clip,
        "config": config,
        "device": options.device,
        "report": report,
    }
    if options.cluster:
        from tpwng_core.run.cluster import ClusterConfig, extract_on_cluster

        cluster = ClusterConfig(address=options.cluster)
        summary = extract_on_cluster(options.inputs, cluster=cluster, **request)
    else:
        summary = extract(options.inputs, **request)
    raise_failed(summary)
    return {
        "done": len(summary.done),
        "skipped": len(summary.skipped),
        "stopped": summary.stopped,
        "out": str(options.out),
    }


def _train(options: Namespace, report: Reporter) -> Summary:
    require_paths(options.manifest, options.features)
    from tpwng_core.groundtruth import read_ground_truth, sniff_protocol
    from tpwng_core.run.settings import load_settings
    from tpwng_core.run.train import TrainRequest, train

    require_paths(*[path for path in (options.labels, options.warm_start) if path])
    truth = options.ground_truth
    protocol = options.protocol or (sniff_protocol(truth) if truth else "intervals")
    request = TrainRequest(
        manifest=options.manifest,
        features=options.features,
        out=options.out,
        settings=load_settings(options.preset, options.config, options.overrides),
        clip=options.clip,
        ground_truth=read_ground_truth(truth, protocol) if truth else {},
        protocol=protocol,
        labels=options.labels,
        spread_above=options.spread_labels,
        warm_start=options.warm_start,
        pin=options.pin,
        device=options.device,
        resume=options.resume,
    )
    return train(request, report)


def _score(options: Namespace, report: Reporter) -> Summary:
    require_paths(*options.inputs)
    from tpwng_core.run.score import ScoreRequest, score

    request = ScoreRequest(
        inputs=options.inputs,
        checkpoint=options.checkpoint,
        out=options.out,
        features=options.features,
        clip=options.clip,
        causal=options.causal,
        device=options.device,
    )
    if options.cluster:
        from tpwng_core.run.cluster import ClusterConfig, score_on_cluster

        return score_on_cluster(request, ClusterConfig(address=options.cluster), report)
    return score(request, report)


def _label(options: Namespace, report: Reporter) -> Summary:
    require_paths(*options.inputs)
    from tpwng_core.run.label import LabelRequest, label

    request = LabelRequest(
        inputs=options.inputs,
        checkpoint=options.checkpoint,
        out=options.out,
        manifest=options.manifest,
        category=options.category,
        text=options.text,
        alpha=options.alpha,
        theta=options.theta,
        smoothing=options.smoothing,
        min_duration=options.min_duration,
        merge_gap=options.merge_gap,
        features=options.features,
        clip=options.clip,
        device=options.device,
    )
    return label(request, report)


def _evaluate(options: Namespace, report: Reporter) -> Summary:
    require_paths(options.scores, options.ground_truth)
    from tpwng_core.run.evaluate import EvaluateRequest, evaluate_scores

    request = EvaluateRequest(
        scores=options.scores,
        ground_truth=options.ground_truth,
        protocol=options.protocol,
        num_bootstrap=options.bootstrap,
        strict=options.strict,
        out=options.out,
    )
    return evaluate_scores(request, report)


def _ablate(options: Namespace, report: Reporter) -> Summary:
    require_paths(options.manifest, options.features, options.ground_truth)
    from tpwng_core.run.ablate import AblateRequest, ablate
    from tpwng_core.run.variants import parse_tables

    tables = tuple(parse_tables(options.tables))
    request = AblateRequest(**_study(options), tables=tables, sensitivity=options.sensitivity)
    content = ablate(request, report)
    _print(content, options)
    return content


def _compare(options: Namespace, report: Reporter) -> Summary:
    require_paths(options.manifest, options.features, options.ground_truth)
    from tpwng_core.run.compare import CompareRequest, compare

    words = options.methods.split(",") if options.methods else None
    methods = None if words is None else tuple(word.strip() for word in words)
    content = compare(CompareRequest(**_study(options), methods=methods), report)
    _print(content, options)
    return content


def _study(options: Namespace) -> dict[str, Any]:
    """What ablate and compare are both told."""
    if options.train_ground_truth is not None:
        require_paths(options.train_ground_truth)
    from tpwng_core.run.settings import load_settings

    return {
        "manifest": options.manifest,
        "features": options.features,
        "ground_truth": options.ground_truth,
        "out": options.out,
        "settings": load_settings(options.preset, options.config, options.overrides),
        "num_seeds": options.num_seeds,
        "clip": options.clip,
        "protocol": options.protocol,
        "train_ground_truth": options.train_ground_truth,
        "device": options.device,
    }


def _inspect(options: Namespace, report: Reporter) -> Summary:
    require_paths(options.file)
    from tpwng_core.run.inspect import inspect

    content = inspect(options.file)
    _print(content, options)
    return content


def _frames(options: Namespace, report: Reporter) -> Summary:
    require_paths(options.video)
    from tpwng_core.video import save_frames

    try:
        indices = [int(word) for word in options.indices.split(",")]
    except ValueError as error:
        raise ConfigError(f"--indices {options.indices!r} are no numbers", "e.g. 0,5,99") from error
    written = save_frames(options.video, indices, options.out)
    report(Message(level="info", text=f"wrote {len(written)} frames to {options.out}"))
    return {"frames": len(written), "out": str(options.out)}


def _features_compare(options: Namespace, report: Reporter) -> Summary:
    require_paths(options.first, options.second)
    from tpwng_core.features import compare_features

    content = compare_features(options.first, options.second).to_json()
    _print(content, options)
    return content


def _ground_truth_validate(options: Namespace, report: Reporter) -> Summary:
    require_paths(options.file)
    from tpwng_core.groundtruth import read_frame_counts, read_ground_truth, validate

    ground_truth = read_ground_truth(options.file, options.protocol)
    counts = read_frame_counts(options.frame_counts) if options.frame_counts else None
    found = validate(ground_truth, counts)
    content = {
        "num_videos": len(ground_truth),
        "num_intervals": sum(len(intervals) for intervals in ground_truth.values()),
        "mismatches": [item.to_json() for item in found],
    }
    _print(content, options)
    if found:
        raise DatasetError(
            f"{options.file}: {len(found)} things disagree", "they are listed on stdout"
        )
    return content


def _synth(options: Namespace, report: Reporter) -> Summary:
    from tpwng_core.run.synth import synth

    return asdict(synth(options.preset, options.seed, options.out, report))


def _print(content: Summary, options: Namespace) -> None:
    """JSON on stdout, unless stdout carries the events, the last of which has the content."""
    if options.events != "json":
        print(json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False))


_HANDLERS: dict[str, Callable[[Namespace, Reporter], Summary]] = {
    "demo": _demo,
    "extract": _extract,
    "train": _train,
    "score": _score,
    "label": _label,
    "evaluate": _evaluate,
    "ablate": _ablate,
    "compare": _compare,
    **correcting.HANDLERS,
    "inspect": _inspect,
    **retraining.HANDLERS,
    **interchange.HANDLERS,
    **searching.HANDLERS,
    **looking.HANDLERS,
    **watching.HANDLERS,
    **benching.HANDLERS,
    "frames": _frames,
    "features compare": _features_compare,
    "ground-truth validate": _ground_truth_validate,
    "synth": _synth,
}
