"""The verb compare: TPWNG and other methods on the same features, bags, steps and rates.

Each trained method gets the same small search over learning rates, chosen per seed by video-level
AUC on the validation videos, from weak labels; test labels choose nothing. The last epoch and
the epoch best on validation are reported apart. Called by the command line.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from tpwng_core.config import did_you_mean, require
from tpwng_core.errors import ConfigError
from tpwng_core.events import Message, Reporter
from tpwng_core.nn.methods import METHODS
from tpwng_core.nn.methods.vadclip import VadClipConfig, fitting_context
from tpwng_core.run.compare_report import (
    Choice,
    Comparison,
    Searched,
    comparison_page,
    validated,
)
from tpwng_core.run.fits import TPWNG, Fit, FitResult, Outcome, run_fits
from tpwng_core.run.settings import Settings
from tpwng_core.run.study import Study, StudyRequest, open_study
from tpwng_core.run.study_report import facts_of, keep_report

NAME = "comparison"
FACTORS = (0.3, 1.0, 3.0)
"""What both learning rates of the settings are multiplied by, for every trained method."""
ALL = (TPWNG, *METHODS)


@dataclass(frozen=True, kw_only=True)
class CompareRequest(StudyRequest):
    """What to compare.

    Attributes:
        methods: keys of ``nn.methods.METHODS``, and "tpwng"; None takes all that the given
            truth allows.
    """

    methods: tuple[str, ...] | None = None


def compare(request: CompareRequest, report: Reporter) -> dict[str, Any]:
    """Train every method on every seed and learning rate, choose on validation, tabulate.

    Returns:
        The content of ``comparison.json``.

    Raises:
        TpwngError: by kind of what is wrong; finished fits stay.
    """
    study = open_study(request, report)
    methods = _methods(request, study, report)
    _require_validation(request, study)
    own = {name: method_settings(name, study, report) for name in methods}
    plan = [
        (name, seed, factor)
        for seed in request.seeds
        for name in methods
        for factor in factors_of(name)
    ]
    fits = [
        Fit(method=name, settings=_rated(study.settings, seed, factor), method_settings=own[name])
        for name, seed, factor in plan
    ]
    found = run_fits(fits, study, request.out, report, "compare")
    searched: dict[tuple[str, int], dict[float, FitResult]] = {}
    for place, (name, seed, factor) in enumerate(plan):
        searched.setdefault((name, seed), {})[factor] = found[place]
    comparison = Comparison(
        data_set=request.data_set,
        methods=methods,
        seeds=request.seeds,
        factors=FACTORS,
        searched=searched,
        last={key: choose_last(results) for key, results in searched.items()},
        best={key: choose_best(results) for key, results in searched.items()},
    )
    facts = facts_of(request, study, list(found.values()))
    page = comparison_page(comparison, study, facts)
    return keep_report(page, request.out, NAME, comparison.to_json(), report)


def factors_of(method: str) -> tuple[float, ...]:
    """Learning-rate factors of a method: the grid, or 1 where nothing is trained."""
    is_trained = method == TPWNG or METHODS[method].supervision != "none"
    return FACTORS if is_trained else (1.0,)


def choose_last(results: Searched) -> Choice:
    """The rate whose last epoch is best on validation; of equals, the one nearest to 1."""
    factor = max(_in_order(results), key=lambda item: validated(results[item].last))
    return Choice(factor=factor, outcome=results[factor].last)


def choose_best(results: Searched) -> Choice:
    """The rate and epoch that are best on validation; of equals, the rate nearest to 1."""
    factor = max(_in_order(results), key=lambda item: validated(_best_of(results[item])))
    return Choice(factor=factor, outcome=_best_of(results[factor]))


def method_settings(name: str, study: Study, report: Reporter) -> dict[str, Any]:
    """A method's settings where the data or the CLIP ask for others than the authors'."""
    if name == "supervised":
        # The bound has TPWNG's own temporal half, so that only the labels differ.
        return asdict(study.settings.temporal)
    if name != "vadclip":
        return {}
    authors = VadClipConfig()
    text = study.problem.text
    assert text is not None
    sides = fitting_context(text, authors.num_before)
    if sides < authors.num_before:
        line = (
            f"VadCLIP: this CLIP reads {text.tower.context_length} tokens, so each text gets "
            f"{sides} context vectors on each side instead of {authors.num_before}"
        )
        report(Message(level="warning", text=line))
    longest = max(authors.max_snippets, study.settings.training.max_snippets)
    return {"num_before": sides, "num_after": sides, "max_snippets": longest}


def _methods(request: CompareRequest, study: Study, report: Reporter) -> list[str]:
    if request.methods is None:
        if study.truth:
            return list(ALL)
        text = "no --train-ground-truth was given: the supervised bound is left out"
        report(Message(level="warning", text=text))
        return [name for name in ALL if name != "supervised"]
    for name in request.methods:
        if name not in ALL:
            raise ConfigError(f"--methods: there is no method {name!r}", did_you_mean(name, ALL))
    require(
        "supervised" not in request.methods or bool(study.truth),
        "the supervised bound needs --train-ground-truth, the annotations of training videos",
    )
    # TPWNG is what the others are compared to, so it always runs, first.
    return [name for name in ALL if name == TPWNG or name in request.methods]


def _require_validation(request: CompareRequest, study: Study) -> None:
    for seed in request.seeds:
        validation = study.split(seed)[1]
        kinds = {record.is_normal for record in validation}
        if len(kinds) < 2:
            raise ConfigError(
                "compare chooses learning rates on validation videos, and there are not both "
                f"normal and abnormal ones ({len(validation)} in all)",
                'give videos the split "val" in the manifest, or --set validation.share=0.15',
            )


def _rated(settings: Settings, seed: int, factor: float) -> Settings:
    training = replace(
        settings.training,
        seed=seed,
        lr_text=settings.training.lr_text * factor,
        lr_temporal=settings.training.lr_temporal * factor,
    )
    return replace(settings, training=training)


def _in_order(results: Searched) -> list[float]:
    """Factors from the settings' own rate outwards: ``max`` keeps the first of equals."""
    return sorted(results, key=lambda factor: (max(factor, 1 / factor), factor))


def _best_of(result: FitResult) -> Outcome:
    assert result.best is not None
    return result.best
