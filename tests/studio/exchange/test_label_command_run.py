"""The copied command, run, makes the pseudo-labels that are on screen."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from tpwng_core.pseudocurves import read_pseudo_curves
from tpwng_studio.jobs.jobs import Jobs
from tpwng_studio.state.session import Session
from tpwng_studio.views.parameters import ParametersView


@pytest.mark.slow
@pytest.mark.parametrize(
    "settings",
    [
        {"alpha": 0.45, "theta": 0.4},
        {"theta": 0.2, "smoothing": 3, "min_duration": 5, "merge_gap": 2},
    ],
)
def test_the_terminal_makes_the_labels_of_the_window(
    qtbot, session: Session, settings: dict[str, float]
) -> None:
    session.open_video("test_fire_001")
    assert session.derived is not None
    before = session.derived.pseudo_label
    session.set_tuning(**settings)
    session.settle()
    assert not np.array_equal(session.derived.pseudo_label, before)
    jobs = Jobs()
    view = ParametersView(session, jobs)
    qtbot.addWidget(view)
    command = view.instant.command()
    assert command is not None
    words = command.words(session.tuning)
    done = subprocess.run(
        [sys.executable, "-m", "tpwng_core", *words[1:]],
        capture_output=True,
        text=True,
        check=False,
    )
    jobs.shutdown()
    assert done.returncode == 0, done.stderr
    made = read_pseudo_curves(command.out / "test_fire_001.pseudo.npz")
    assert np.array_equal(made.pseudo_label, session.derived.pseudo_label)
    assert made.psi == pytest.approx(session.derived.psi, abs=1e-6)
