"""Eq. 5-6 at slider rate give what the label verb gives, frame for frame."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.drawn import CATEGORIES, drawn_curves, drawn_scores
from tpwng_core.checkpoint import read_checkpoint_meta
from tpwng_core.errors import ConfigError
from tpwng_core.files import asset
from tpwng_core.labels import ABNORMAL
from tpwng_core.pseudocurves import read_pseudo_folder
from tpwng_core.pseudolabels import Fusion, PseudoLabelConfig, clean, infer, threshold
from tpwng_core.scores import snippets_to_frames
from tpwng_core.similarity import flat_below
from tpwng_core.tuning import Derivation, Tuning, derive, num_flips

DEMO = asset("demo/miniature")


@pytest.mark.parametrize("video", sorted(read_pseudo_folder(DEMO / "pseudo")))
def test_the_demos_curves_come_out_as_they_lie_on_disk(video: str) -> None:
    curves = read_pseudo_folder(DEMO / "pseudo")[video]
    model = read_checkpoint_meta(DEMO / "run/checkpoint.safetensors")
    derived = Derivation(curves, [*model.categories], scale=1.3).at(Tuning())
    np.testing.assert_array_equal(derived.psi, curves.psi)
    np.testing.assert_array_equal(derived.pseudo_label, curves.pseudo_label)
    assert derived.is_normal == video.startswith("test_normal")


@given(
    seed=st.integers(0, 999),
    alpha=st.floats(0, 1),
    theta=st.floats(0.01, 1),
    min_duration=st.integers(0, 5),
    merge_gap=st.integers(0, 5),
)
@settings(max_examples=60, deadline=None)
def test_runs_are_the_cleaned_labels_of_every_frame(
    seed: int, alpha: float, theta: float, min_duration: int, merge_gap: int
) -> None:
    curves = drawn_curves(seed=seed)
    tuning = Tuning(alpha=alpha, theta=theta, min_duration=min_duration, merge_gap=merge_gap)
    derived = derive(curves, CATEGORIES, tuning)
    config = PseudoLabelConfig(alpha=alpha, theta=theta)
    wanted = infer(curves.s_normal, curves.similarity, [0], config, flat_below(10))
    np.testing.assert_array_equal(derived.psi, wanted.psi)
    mask = clean(wanted.pseudo_label, min_duration, merge_gap)
    np.testing.assert_array_equal(derived.pseudo_label, mask)
    frames = snippets_to_frames(mask, curves.snippet_start, curves.meta["num_frames"])
    np.testing.assert_array_equal(derived.runs.as_array(), frames)


def test_another_category_takes_its_own_column() -> None:
    derivation = Derivation(drawn_curves(), CATEGORIES)
    config = PseudoLabelConfig()
    curves = drawn_curves()
    for names, columns in ((("Fighting",), [1]), (("arson", "fighting"), [0, 1])):
        wanted = infer(curves.s_normal, curves.similarity, columns, config, flat_below(10))
        np.testing.assert_array_equal(derivation.at(Tuning(), names).psi, wanted.psi)


@pytest.mark.parametrize("fusion", ["max", "raw-mean"])
def test_several_categories_are_fused_as_the_run_fuses_them(fusion: Fusion) -> None:
    curves = drawn_curves(category=("arson", "fighting"))
    curves = replace(curves, meta={**curves.meta, "several_labels": fusion})
    config = PseudoLabelConfig(several_labels=fusion)
    wanted = infer(curves.s_normal, curves.similarity, [0, 1], config, flat_below(10))
    derived = derive(curves, CATEGORIES, Tuning())
    np.testing.assert_array_equal(derived.s_abnormal, wanted.s_abnormal)
    np.testing.assert_array_equal(derived.psi, wanted.psi)


def test_a_normal_video_has_no_abnormal_frame() -> None:
    derived = Derivation(drawn_curves(), CATEGORIES).at(Tuning(theta=0.01), ())
    assert derived.is_normal
    assert not derived.psi.any()
    assert derived.runs.state.tolist() == [0]


def test_without_the_checkpoint_the_files_category_still_tunes() -> None:
    curves = drawn_curves()
    known = Derivation(curves, CATEGORIES).at(Tuning(alpha=0.4))
    unknown = Derivation(curves, ()).at(Tuning(alpha=0.4))
    np.testing.assert_allclose(unknown.psi, known.psi, atol=1e-6)
    assert not Derivation(curves, ()).knows("arson")


def test_moving_only_theta_keeps_psi_and_moving_alpha_does_not() -> None:
    derivation = Derivation(drawn_curves(), CATEGORIES)
    first = derivation.at(Tuning(alpha=0.2, theta=0.5))
    assert derivation.at(Tuning(alpha=0.2, theta=0.6)).psi is first.psi
    assert not np.array_equal(derivation.at(Tuning(alpha=0.9, theta=0.6)).psi, first.psi)
    np.testing.assert_array_equal(derivation.at(Tuning(alpha=0.2)).psi, first.psi)


def test_smoothing_is_the_mean_of_the_neighbours() -> None:
    derivation = Derivation(drawn_curves(), CATEGORIES)
    rough = derivation.at(Tuning()).psi
    smooth = derivation.at(Tuning(smoothing=3)).psi
    np.testing.assert_allclose(smooth[1:-1], (rough[:-2] + rough[1:-1] + rough[2:]) / 3, atol=1e-6)


@given(seed=st.integers(0, 99), theta=st.floats(0.1, 0.9), delta=st.floats(0.01, 0.3))
@settings(max_examples=40, deadline=None)
def test_flips_are_the_frames_that_differ_at_the_two_ends(
    seed: int, theta: float, delta: float
) -> None:
    derived = derive(drawn_curves(seed=seed), CATEGORIES, Tuning())
    psi = derived.psi.astype(np.float64)
    ends = [threshold(psi, value) for value in (theta - delta, theta + delta)]
    lengths = np.diff(derived.edges)
    assert num_flips(psi, theta, delta, derived.edges) == lengths[ends[0] != ends[1]].sum()
    assert num_flips(psi, theta, delta) == (ends[0] != ends[1]).sum()


def test_scores_stand_beside_psi_whatever_their_snippets() -> None:
    curves = drawn_curves()
    values = np.linspace(0, 1, 40, dtype=np.float32)
    same = derive(curves, CATEGORIES, Tuning(), drawn_scores(values)).score
    other = derive(curves, CATEGORIES, Tuning(), drawn_scores(np.repeat(values, 2), 2)).score
    assert same is not None
    assert other is not None
    np.testing.assert_array_equal(same, values)
    np.testing.assert_allclose(other, values, atol=0.03)
    short = drawn_scores(values[:10])
    assert derive(curves, CATEGORIES, Tuning(), short).score is None


@pytest.mark.parametrize("num_frames", [0, 1, 50, 163, 400])
def test_runs_cover_the_video_as_it_is(num_frames: int) -> None:
    derived = Derivation(drawn_curves(), CATEGORIES, num_frames=num_frames).at(Tuning())
    assert derived.runs.num_frames == num_frames
    assert (np.diff(derived.runs.state) != 0).all()


def test_a_flat_video_says_nothing_and_one_snippet_is_abnormal() -> None:
    flat = drawn_curves(5)
    flat.similarity[:] = 1
    flat.s_normal[:] = 1
    derived = derive(flat, CATEGORIES, Tuning())
    assert not derived.usable
    assert not derived.pseudo_label.any()
    single = derive(drawn_curves(1), CATEGORIES, Tuning())
    assert single.usable
    assert single.runs.state.tolist() == [ABNORMAL]


@pytest.mark.parametrize(
    "wrong", [{"alpha": 1.1}, {"theta": 0}, {"smoothing": 0}, {"span_softness": 0.0}]
)
def test_settings_out_of_range_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ConfigError):
        Tuning(**wrong)  # type: ignore[arg-type]
