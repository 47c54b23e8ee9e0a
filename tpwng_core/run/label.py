"""The verb label: similarity curves, psi and pseudo-labels of videos (Eq. 5-6).

The text features lie ready in the checkpoint, so ready features need no CLIP, but for words that
are no category of it. Called by the command line, the worker and the demo.
"""

# T snippets, K categories (normal is last)

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from tpwng_core import __version__
from tpwng_core.config import did_you_mean, require
from tpwng_core.datasets import is_normal_name, parse_label, read_manifest
from tpwng_core.errors import ArtifactError, ConfigError, InputError, Stopped
from tpwng_core.events import Artifact, Message, Reporter, Started, Ticker
from tpwng_core.features import FeatureSet
from tpwng_core.pseudocurves import SUFFIX, PseudoCurves, write_pseudo_curves
from tpwng_core.pseudolabels import PseudoLabelConfig, PseudoLabels, clean, infer, threshold
from tpwng_core.run.model import Scorer, mean_over_crops
from tpwng_core.run.score import raise_failures, time_base_of
from tpwng_core.run.sources import VideoRequest, open_sources
from tpwng_core.run.warm import Warm, known_category
from tpwng_core.scores import smooth
from tpwng_core.similarity import assumed_category, cosine_similarity, flat_below


@dataclass(frozen=True, kw_only=True)
class LabelRequest(VideoRequest):
    """What to label; files are ``<id>.pseudo.npz``.

    Attributes:
        manifest: whose category a video has; None: read out for each video.
        category: one category id for all inputs.
        text: any words as the category of all inputs, through the run's learned prompts.
        alpha: weight of normality guidance; None takes the run's, here and below.
        theta: threshold on psi.
        smoothing: snippets of the moving mean over psi.
        min_duration: shortest abnormal segment, in snippets.
        merge_gap: longest gap that is closed, in snippets.
    """

    manifest: Path | None = None
    category: str | None = None
    text: str | None = None
    alpha: float | None = None
    theta: float | None = None
    smoothing: int | None = None
    min_duration: int | None = None
    merge_gap: int | None = None

    def __post_init__(self) -> None:
        if self.text is None:
            return
        require(bool(self.text.strip()), "the text to label by is empty")
        if self.category or self.manifest:
            other = "--category" if self.category else "--manifest"
            raise ConfigError(f"{other} and --text both say what videos show", "give one of them")


def label(request: LabelRequest, report: Reporter) -> dict[str, Any]:
    """Pseudo-label every input.

    Returns:
        Summary: labelled, assumed (videos whose category was read out), whether it was stopped,
        and the folder.

    Raises:
        TpwngError: nothing could be labelled.
        SomeInputsFailed: some videos failed; the others are written.
    """
    warm = Warm.load(request.checkpoint, request.device)
    scorer = warm.scorer if request.text is None else _with_text(warm, request.text, report)
    labeller = Labeller(scorer, _settings(request, scorer), warm.digest)
    given = _given_labels(request, labeller.category_ids)
    sources = open_sources(request, scorer.meta, report)
    failed = dict(sources.failed)
    counts: Counter[str] = Counter()
    report(Started(verb="label", total=len(sources.features)))
    ticker = Ticker(report, len(sources.features), "video")
    for video in sources.features:
        try:
            curves = labeller.curves(sources.features[video], given.get(video, given.get("")))
        except (ArtifactError, InputError) as error:
            if len(sources.features) + len(sources.failed) == 1:
                raise
            failed[video] = str(error)
        else:
            target = request.out / f"{video}{SUFFIX}"
            write_pseudo_curves(target, curves)
            counts.update(["labelled", *(["assumed"] if curves.meta["assumed"] else [])])
            report(Artifact(kind="pseudo", path=target))
        try:
            ticker.advance()
        except Stopped:
            break
    _say_assumed(counts["assumed"], report)
    raise_failures(failed)
    return {
        "labelled": counts["labelled"],
        "assumed": counts["assumed"],
        "stopped": sources.stopped or counts["labelled"] < len(sources.features),
        "out": str(request.out),
    }


def _say_assumed(count: int, report: Reporter) -> None:
    if count:
        text = f"{count} videos have no label: their best category was assumed"
        report(Message(level="info", text=text))


class Labeller:
    """Makes the curves of one video after the other.

    Args:
        scorer: of a checkpoint.
        settings: of Eq. 5-6, and how psi is smoothed and segments are cleaned.
        digest: of the checkpoint file.
    """

    def __init__(self, scorer: Scorer, settings: PseudoLabelConfig, digest: str) -> None:
        self._scorer = scorer
        self._settings = settings
        self._digest = digest
        self._flat = flat_below(scorer.sim_scale)
        self.category_ids = scorer.category_ids

    def curves(self, features: FeatureSet, labels: Sequence[str] | None) -> PseudoCurves:
        """Curves of a video.

        Args:
            features: of the video.
            labels: its category ids, () for normal, None where not known: then the best
                category is read out and the curves say that it was assumed.

        Raises:
            FeatureError: the features belong to another CLIP.
        """
        self._scorer.check(features)
        rows = mean_over_crops(features)
        scale = self._scorer.sim_scale
        similarity = cosine_similarity(rows, self._scorer.text, scale)
        s_normal = cosine_similarity(rows, self._scorer.normal_text[None], scale)[:, 0]
        assumed = labels is None
        if labels is None:
            labels = [self.category_ids[assumed_category(similarity)]]
        chosen = [self.category_ids.index(name) for name in labels]
        if not chosen:  # of a normal video the best category is shown, as what it might be
            chosen = [assumed_category(similarity)]
        found = tidied(
            infer(s_normal, similarity, chosen, self._settings, self._flat), self._settings
        )
        if not labels:  # a normal video: gamma = 0 throughout (Eq. 6)
            found = found._replace(
                psi=np.zeros_like(found.psi), pseudo_label=np.zeros_like(found.pseudo_label)
            )
        return PseudoCurves(
            video=features.video,
            s_normal=s_normal,
            s_abnormal=found.s_abnormal,
            psi=found.psi,
            pseudo_label=found.pseudo_label,
            similarity=similarity,
            span=self._scorer.spans(rows),
            snippet_start=features.snippet_start,
            pts=features.pts if features.meta else np.empty(0, dtype=np.int64),
            meta={
                **time_base_of(features),
                "category": list(labels),
                "assumed": assumed,
                "usable": found.usable,
                **asdict(self._settings),
                "checkpoint": self._digest,
                "version": __version__,
                "categories": dict(self._scorer.meta.categories),
            },
        )


def tidied(found: PseudoLabels, settings: PseudoLabelConfig) -> PseudoLabels:
    """Pseudo-labels as a person wants to see them: psi smoothed, gaps closed, short runs gone.

    Departs from the paper: it labels every snippet by itself. Training does so too.

    Args:
        found: of :func:`infer`.
        settings: smoothing, theta, minimum duration and merge gap.
    """
    curve = smooth(found.psi, settings.smoothing)
    raw = threshold(curve, settings.theta)
    cleaned = clean(raw, settings.min_duration, settings.merge_gap)
    return found._replace(psi=curve, pseudo_label=cleaned)


def labels_of_text(text: str, category_ids: Sequence[str]) -> tuple[str, ...]:
    """The labels that words of a person stand for: the words, a category of that name, or ()."""
    return () if is_normal_name(text) else (known_category(text, category_ids) or text,)


def parse_category(text: str, category_ids: Sequence[str]) -> tuple[str, ...]:
    """Category ids that a person names, as the checkpoint writes them; () for normal.

    Args:
        text: an id, several joined by ``|``, or a name of the normal category; any case.
        category_ids: of the checkpoint, normal last.

    Raises:
        ConfigError: the text is no label, or the checkpoint knows no such category.
    """
    known = {name.casefold(): name for name in category_ids[:-1]}
    try:
        names = parse_label(text)
    except ValueError as error:
        raise ConfigError(str(error), "an id, several joined by |, or normal") from error
    for name in names:
        if name.casefold() not in known:
            raise ConfigError(
                f"the checkpoint knows no category {name!r}", did_you_mean(name, known.values())
            )
    return tuple(known[name.casefold()] for name in names)


def _with_text(warm: Warm, text: str, report: Reporter) -> Scorer:
    """The scorer with words as one more category; says which words the CLIP cannot know."""
    scorer = warm.with_text(text)
    unknown = warm.unknown_words(text)
    if unknown:
        words = ", ".join(unknown)
        report(
            Message(
                level="warning",
                text=f"the CLIP {scorer.meta.clip.name} never saw the words: {words}",
            )
        )
    return scorer


def _settings(request: LabelRequest, scorer: Scorer) -> PseudoLabelConfig:
    names = ("alpha", "theta", "smoothing", "min_duration", "merge_gap")
    given = {name: getattr(request, name) for name in names}
    changes = {name: value for name, value in given.items() if value is not None}
    return replace(scorer.settings.pseudolabels, **changes)


def _given_labels(
    request: LabelRequest, category_ids: Sequence[str]
) -> Mapping[str, Sequence[str] | None]:
    """Labels by video id; the empty id stands for every video."""
    if request.text is not None:
        return {"": labels_of_text(request.text, category_ids)}
    if request.category is not None:
        return {"": parse_category(request.category, category_ids)}
    if request.manifest is None:
        return {}
    records = read_manifest(request.manifest, category_ids)
    return {record.video: record.labels if record.labelled else None for record in records}
