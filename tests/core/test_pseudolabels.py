"""Eq. 5-6 against plain loops, their edge rules, and segments."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tests import reference
from tests.reference.labels import printed_psi
from tpwng_core.errors import ConfigError
from tpwng_core.pseudolabels import (
    PseudoLabelConfig,
    clean,
    fuse_labels,
    infer,
    minmax,
    psi,
    segments,
    threshold,
)

FLAT = 1e-3

curves = arrays(np.float32, st.integers(2, 40), elements=st.floats(-10, 10, width=32))
masks = st.lists(st.booleans(), max_size=40)


def random_video(seed: int, length: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.normal(size=length), rng.normal(size=(length, 5))


@pytest.mark.parametrize("labels", [[0], [3], [1, 2], [0, 1, 2, 3]])
@pytest.mark.parametrize("length", [1, 2, 5, 30])
@pytest.mark.parametrize(("alpha", "theta"), [(0.2, 0.55), (0.2, 0.35), (0.0, 0.5), (1.0, 0.5)])
def test_pseudo_labels_equal_the_plain_loops(
    labels: list[int], length: int, alpha: float, theta: float
) -> None:
    s_normal, similarity = random_video(length, length)
    config = PseudoLabelConfig(alpha=alpha, theta=theta)
    got = infer(s_normal, similarity, labels, config, FLAT)
    columns = [similarity[:, label].tolist() for label in labels]
    wanted, weight = reference.pseudo_labels(s_normal.tolist(), columns, alpha, theta, FLAT)
    assert got.usable == bool(weight)
    assert got.s_abnormal == pytest.approx(reference.fuse(columns, FLAT), abs=1e-6)
    if weight:
        assert got.pseudo_label.tolist() == wanted
        turned = reference.abnormality(s_normal.tolist(), got.s_abnormal.tolist(), alpha, FLAT)
        assert got.psi == pytest.approx(turned, abs=1e-5)


@given(curve=curves)
def test_minmax_reaches_exactly_zero_and_one_or_is_flat(curve: np.ndarray) -> None:
    scaled = minmax(curve, FLAT)
    if np.ptp(curve) <= FLAT:
        assert not scaled.any()
    else:
        assert (scaled.min(), scaled.max()) == (0.0, 1.0)


@given(curve=curves, shift=st.floats(-5, 5), scale=st.floats(0.5, 4))
@settings(max_examples=50)
def test_minmax_forgets_shift_and_scale(curve: np.ndarray, shift: float, scale: float) -> None:
    if np.ptp(curve) > 0.1:
        moved = curve * scale + shift
        assert minmax(moved, FLAT) == pytest.approx(minmax(curve, FLAT), abs=1e-3)


@given(curve=curves, data=st.data())
@settings(max_examples=50)
def test_a_video_that_is_not_flat_has_a_one_and_a_zero(curve: np.ndarray, data: st.DataObject):
    theta = data.draw(st.floats(0.01, 1.0))
    config = PseudoLabelConfig(alpha=0.0, theta=theta)
    got = infer(np.zeros(len(curve)), curve[:, None], [0], config, FLAT)
    if got.usable:
        assert set(got.pseudo_label.tolist()) == {0, 1}
    else:
        assert not got.pseudo_label.any()


def test_departure_a1_high_psi_is_abnormal() -> None:
    """Snippets that match the abnormal text and not the normal one get the label 1."""
    s_normal = np.array([3.0, 3.0, 1.0, 3.0])
    similarity = np.array([[0.0, 0], [0.2, 0], [2.0, 0], [0.1, 0]])
    got = infer(s_normal, similarity, [0], PseudoLabelConfig(), FLAT)
    assert got.pseudo_label.tolist() == [0, 0, 1, 0]
    printed = printed_psi(s_normal.tolist(), got.s_abnormal.tolist(), 0.2, FLAT)
    assert int(np.argmin(printed)) == 2


def test_departure_a1_equals_the_printed_curve_at_one_minus_theta() -> None:
    s_normal, similarity = random_video(5, 60)
    got = infer(s_normal, similarity, [1], PseudoLabelConfig(theta=0.35), FLAT)
    printed = printed_psi(s_normal.tolist(), got.s_abnormal.tolist(), 0.2, FLAT)
    rule = [int(value <= 1 - 0.35) for value in reference.minmax(printed, 1e-4)]
    assert got.pseudo_label.tolist() == rule


def test_departure_a16_several_labels_take_the_maximum_after_normalising() -> None:
    similarity = np.array([[0.0, 5.0], [1.0, 5.1], [0.0, 9.0]])
    assert fuse_labels(similarity, [0, 1], FLAT).tolist() == pytest.approx([0, 1, 1], abs=1e-6)
    raw_mean = fuse_labels(similarity, [0, 1], FLAT, "raw-mean").tolist()
    assert raw_mean == pytest.approx([0, 0.55 / 2, 1], abs=1e-6)


def test_departure_a21_a_flat_curve_leaves_the_video_out_and_is_never_all_abnormal() -> None:
    noise = np.random.default_rng(0).normal(size=20)
    flat = np.full((20, 2), 3.0) + noise[:, None] * 1e-7
    got = infer(noise, flat, [0], PseudoLabelConfig(), FLAT)
    assert not got.usable
    assert not got.s_abnormal.any()


def test_departure_a21_labels_whose_curves_cancel_leave_the_video_out() -> None:
    similarity = np.array([[0.0, 1.0, 0], [1.0, 0.0, 0]])
    assert not infer(np.zeros(2), similarity, [0, 1], PseudoLabelConfig(), FLAT).usable


def test_departure_a21_a_flat_psi_leaves_the_video_out_too() -> None:
    """At alpha 1/2, curves that rise together cancel."""
    rising = np.array([0.0, 1.0, 2.0, 4.0])
    config = PseudoLabelConfig(alpha=0.5)
    assert not infer(rising, np.stack([rising, rising], axis=1), [0], config, FLAT).usable


def test_a_flat_normal_curve_leaves_the_abnormal_curve_in_charge() -> None:
    abnormal = np.array([0.0, 0.5, 1.0], dtype=np.float32)
    assert psi(np.ones(3), abnormal, 0.2, FLAT) == pytest.approx(abnormal)


def test_a_video_of_one_snippet_is_abnormal() -> None:
    got = infer([0.3], np.array([[0.1, 0.2]]), [0], PseudoLabelConfig(theta=1.0), FLAT)
    assert got.usable
    assert got.pseudo_label.tolist() == [1]


def test_alpha_zero_ignores_the_normal_text() -> None:
    s_normal, similarity = random_video(3, 12)
    config = PseudoLabelConfig(alpha=0.0)
    with_normal = infer(s_normal, similarity, [0], config, FLAT).psi
    assert with_normal.tolist() == infer(-s_normal, similarity, [0], config, FLAT).psi.tolist()


@given(mask=masks)
def test_segments_give_the_mask_back(mask: list[bool]) -> None:
    rebuilt = [0] * len(mask)
    for start, end in segments(mask):
        assert start < end
        rebuilt[start:end] = [1] * (end - start)
    assert rebuilt == [int(value) for value in mask]


def plain_clean(mask: list[bool], min_duration: int, merge_gap: int) -> list[int]:
    text = "".join("1" if value else "0" for value in mask)
    runs: list[list[int]] = []
    for i, letter in enumerate(text):
        if letter == "1" and runs and i - runs[-1][1] <= merge_gap:
            runs[-1][1] = i + 1
        elif letter == "1":
            runs.append([i, i + 1])
    kept = [run for run in runs if run[1] - run[0] >= min_duration]
    return [int(any(a <= i < b for a, b in kept)) for i in range(len(mask))]


@given(mask=masks, min_duration=st.integers(0, 6), merge_gap=st.integers(0, 6))
def test_clean_merges_first_then_drops(mask, min_duration: int, merge_gap: int) -> None:
    got = clean(mask, min_duration, merge_gap).tolist()
    assert got == plain_clean(mask, min_duration, merge_gap)


def test_the_threshold_includes_its_own_value() -> None:
    assert threshold(np.array([0.25, 0.5, 0.75], dtype=np.float32), 0.5).tolist() == [0, 1, 1]


@pytest.mark.parametrize(
    "wrong",
    [
        {"alpha": 1.1},
        {"theta": 0.0},
        {"theta": 1.2},
        {"min_duration": -1},
        {"merge_gap": -1},
        {"several_labels": "sum"},
    ],
)
def test_settings_out_of_range_are_refused(wrong: dict) -> None:
    with pytest.raises(ConfigError):
        PseudoLabelConfig(**wrong)
