"""Numbers over seeds as people read them: mean, standard deviation, paired difference.

Shares in [0, 1] in, percent text out; called by ``table`` and the report builders.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean, stdev
from typing import Any

NOTHING = "–"


def mean_sd(values: Sequence[float]) -> tuple[float, float | None]:
    """Mean and standard deviation over seeds (n - 1); None for a single seed."""
    return fmean(values), stdev(values) if len(values) > 1 else None


def percent(values: Sequence[float] | None) -> str:
    """Shares of several seeds as ``87.8 ± 0.4``; a dash where there are none."""
    if not values:
        return NOTHING
    mean, sd = mean_sd(values)
    return f"{100 * mean:.1f}" if sd is None else f"{100 * mean:.1f} ± {100 * sd:.1f}"


def paired_differences(values: Sequence[float], baseline: Sequence[float]) -> list[float]:
    """Differences seed by seed.

    Raises:
        ValueError: another number of seeds.
    """
    return [ours - theirs for ours, theirs in zip(values, baseline, strict=True)]


def paired_percent(values: Sequence[float] | None, baseline: Sequence[float] | None) -> str:
    """Difference to ``baseline``, seed by seed, as ``−1.2 ± 0.4``; a dash where there is none."""
    if not values or not baseline:
        return NOTHING
    mean, sd = mean_sd(paired_differences(values, baseline))
    signed = f"{100 * mean:+.1f}".replace("-", "−")
    return signed if sd is None else f"{signed} ± {100 * sd:.1f}"


def duration(seconds: float) -> str:
    """Seconds as ``0.42 s``, ``12.3 s``, ``2 min 05 s`` or ``1 h 02 min``."""
    if seconds < 120:
        return f"{seconds:.2f} s" if seconds < 10 else f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 120:
        return f"{minutes} min {rest:02} s"
    return f"{minutes // 60} h {minutes % 60:02} min"


def plain(value: Any) -> str:
    """Any value of a report or a setting as text: four digits, no quotes, a dash for None."""
    text = str(value)
    match value:
        case None:
            text = NOTHING
        case bool():
            text = "yes" if value else "no"
        case int():
            text = f"{value:,}"
        case float():
            text = f"{value:.4g}"
        case Mapping():
            text = ", ".join(f"{name} {plain(part)}" for name, part in value.items())
        case list() | tuple():
            text = ", ".join(plain(part) for part in value)
    return text
