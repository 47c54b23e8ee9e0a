"""The ghost of the model before: of every video, under the sliders of now."""

from __future__ import annotations

import numpy as np
import pytest

from tests.studio.rounds import make_round
from tpwng_studio.state.session import Session


@pytest.fixture
def taught(session: Session) -> Session:
    """The project turned to a round; its own folder has the results before."""
    project = session.project
    assert project is not None
    out = project.runs_dir / "run-1"
    make_round(project, out)
    project.link(checkpoint=out / "checkpoint.safetensors", results=out)
    session.reload_project()
    return session


def test_the_ghost_is_what_the_model_before_says(taught: Session) -> None:
    project = taught.project
    assert project is not None
    assert taught.ghost is None
    taught.compare_with(project.folder)
    assert taught.is_ghost_before
    assert taught.ghost is not None
    assert taught.derived is not None
    assert taught.ghost.score is not None
    assert taught.derived.score is not None
    moved = taught.derived.score != taught.ghost.score
    assert moved.any()
    assert (taught.derived.edges[:-1][moved] < 24).all()
    assert not np.array_equal(taught.ghost.psi, taught.derived.psi)


def test_it_follows_the_sliders_and_the_video(taught: Session) -> None:
    project = taught.project
    assert project is not None
    taught.compare_with(project.folder)
    first = taught.ghost
    taught.set_tuning(alpha=0.9)
    assert taught.ghost is not None
    assert first is not None
    assert not np.array_equal(taught.ghost.psi, first.psi)
    taught.open_video("test_fire_001")
    assert taught.ghost is not None
    assert len(taught.ghost.edges) == len(taught.derived.edges)  # type: ignore[union-attr]
    assert taught.ghost.score is not None


def test_a_kept_curve_takes_its_place_and_dropping_ends_both(taught: Session) -> None:
    project = taught.project
    assert project is not None
    taught.compare_with(project.folder)
    taught.keep_ghost()
    assert taught.ghost is taught.derived
    assert not taught.is_ghost_before
    taught.compare_with(project.folder)
    assert taught.is_ghost_before
    taught.drop_ghost()
    assert taught.ghost is None
    taught.open_video("test_fire_001")
    assert taught.ghost is None


def test_without_curves_before_there_is_no_ghost(taught: Session) -> None:
    project = taught.project
    assert project is not None
    (project.folder / "pseudo" / "test_fighting_000.pseudo.npz").unlink()
    taught.compare_with(project.folder)
    assert taught.ghost is None
    taught.compare_with(None)
    assert not taught.is_ghost_before
