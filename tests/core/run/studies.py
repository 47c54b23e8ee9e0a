"""Requests of small studies on the small synthetic benchmark."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.core.run.conftest import quick_settings
from tpwng_core.events import silent
from tpwng_core.run.study import Study, StudyRequest, open_study

# Two steps a fit, a validation video of each kind.
QUICK = ("training.epochs=2", "training.batch_size=26", "validation.share=0.3")


def study_options(bench: Path, out: Path, *extra: str, **changes: Any) -> dict[str, Any]:
    """Keywords of a request; one seed unless said otherwise."""
    options = {
        "manifest": bench / "manifest.csv",
        "features": bench / "features",
        "ground_truth": bench / "annotations.csv",
        "train_ground_truth": bench / "train_annotations.csv",
        "out": out,
        "settings": quick_settings(bench, [*QUICK, *extra]),
        "num_seeds": 1,
        "device": "cpu",
    }
    return {**options, **changes}


def small_study(bench: Path, *extra: str, **changes: Any) -> Study:
    """The study of such a request."""
    return open_study(StudyRequest(**study_options(bench, Path(), *extra, **changes)), silent)
