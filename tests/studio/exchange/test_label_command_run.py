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
def test_the_terminal_makes_the_labels_of_the_window(qtbot, session: Session) -> None:
    session.open_video("test_fire_001")
    session.set_tuning(alpha=0.45, theta=0.4)
    session.settle()
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
    assert session.derived is not None
    assert np.array_equal(made.pseudo_label, session.derived.pseudo_label)
    assert made.psi == pytest.approx(session.derived.psi, abs=1e-6)
