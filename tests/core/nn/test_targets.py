"""Eq. 5-6 on batches equal Eq. 5-6 on one video; people overrule; flat bags are left out."""

import numpy as np
import pytest
import torch
from torch import Tensor

from tests import reference
from tests.core.nn.tiny import output_of, random_bags
from tpwng_core import pseudolabels
from tpwng_core.nn.bags import Bags
from tpwng_core.nn.targets import fused_curve, pseudo_targets, target_statistics
from tpwng_core.nn.tpwng import TpwngOutput
from tpwng_core.pseudolabels import PseudoLabelConfig

LENGTHS = (7, 4, 9, 1, 2)
LABELS = ((0,), (1, 2), (2,), (1,), (0, 1, 2))


def make(seed: int = 0) -> tuple[TpwngOutput, Bags]:
    bags = random_bags(LENGTHS, LENGTHS, LABELS, seed=seed)
    torch.manual_seed(seed)
    return output_of(torch.randn(len(LENGTHS), max(LENGTHS), 4), seed=seed), bags


def flat_bags(values: Tensor) -> tuple[TpwngOutput, Bags]:
    """One bag of one label whose abnormal curve is ``values``."""
    bags = random_bags((len(values),), (3,), ((0,),))
    similarity = torch.zeros(1, len(values), 4)
    similarity[0, :, 0] = values
    return output_of(similarity, torch.zeros(1, 3, 4)), bags


@pytest.mark.parametrize("fusion", ["max", "raw-mean"])
@pytest.mark.parametrize(("alpha", "theta"), [(0.2, 0.55), (0.0, 0.35), (1.0, 0.9)])
def test_the_batch_equals_one_video_at_a_time(alpha: float, theta: float, fusion) -> None:
    output, bags = make()
    config = PseudoLabelConfig(alpha=alpha, theta=theta, several_labels=fusion)
    got = pseudo_targets(output, bags, config)
    for index, real in enumerate(bags.abnormal_mask):
        alone = pseudolabels.infer(
            output.guide[index][real].numpy(),
            output.abnormal_similarity[index][real].numpy(),
            LABELS[index],
            config,
            output.flat_below,
        )
        assert got.psi[index][real].tolist() == alone.psi.tolist()
        assert got.label[index][real].tolist() == alone.pseudo_label.tolist()
        assert bool(got.left_out[index]) != alone.usable
        assert got.weight[index][real].tolist() == [float(alone.usable)] * int(real.sum())
        assert not got.weight[index][~real].any()


@pytest.mark.parametrize("seed", range(5))
def test_the_batch_equals_plain_loops(seed: int) -> None:
    output, bags = make(seed)
    got = pseudo_targets(output, bags, PseudoLabelConfig())
    for index, real in enumerate(bags.abnormal_mask):
        columns = output.abnormal_similarity[index][real].double()
        wanted, weight = reference.pseudo_labels(
            output.guide[index][real].double().tolist(),
            [columns[:, label].tolist() for label in LABELS[index]],
            0.2,
            0.55,
            output.flat_below,
        )
        assert bool(got.left_out[index]) == (weight == 0)
        if weight:
            assert got.label[index][real].tolist() == wanted


def test_departure_a1_the_snippet_that_matches_the_abnormal_text_is_abnormal() -> None:
    output, bags = flat_bags(torch.tensor([0.0, 0.1, 2.0, 0.2]))
    output = output._replace(guide=torch.tensor([[3.0, 3.0, 1.0, 3.0]]))
    got = pseudo_targets(output, bags, PseudoLabelConfig())
    assert got.label.tolist() == [[0, 0, 1, 0]]


def test_departure_a21_a_flat_bag_is_left_out_and_never_all_abnormal() -> None:
    output, bags = flat_bags(3 + 1e-7 * torch.randn(6))
    got = pseudo_targets(output, bags, PseudoLabelConfig(theta=1e-6))
    assert got.left_out.tolist() == [True]
    assert not got.weight.any()


def test_departure_a21_a_flat_psi_leaves_the_bag_out_too() -> None:
    """At alpha 1/2, curves that rise together cancel."""
    rising = torch.tensor([0.0, 1.0, 2.0, 4.0])
    output, bags = flat_bags(rising)
    output = output._replace(guide=rising[None])
    got = pseudo_targets(output, bags, PseudoLabelConfig(alpha=0.5))
    assert got.left_out.tolist() == [True]
    assert not got.weight.any()


def test_a_bag_of_one_snippet_is_abnormal() -> None:
    output, bags = flat_bags(torch.tensor([0.3]))
    got = pseudo_targets(output, bags, PseudoLabelConfig(theta=1.0))
    assert (got.label.tolist(), got.weight.tolist()) == ([[1.0]], [[1.0]])


def test_what_people_said_holds_whatever_the_curves_say() -> None:
    output, bags = flat_bags(torch.tensor([0.0, 1.0, 2.0, 3.0, 4.0, 5.0]))
    output = output._replace(guide=torch.zeros(1, 6))
    bags = bags._replace(target=torch.tensor([[1, -2, -1, 0, 0, -2]], dtype=torch.int8))
    got = pseudo_targets(output, bags, PseudoLabelConfig())
    assert got.label[got.weight > 0].tolist() == [1, 0, 0, 0, 1]
    assert got.weight.tolist() == [[1, 1, 0, 1, 1, 1]]


def test_what_people_said_trains_even_where_the_bag_is_left_out() -> None:
    output, bags = flat_bags(torch.zeros(4))
    bags = bags._replace(target=torch.tensor([[1, -2, -1, 0]], dtype=torch.int8))
    got = pseudo_targets(output, bags, PseudoLabelConfig())
    assert got.weight.tolist() == [[1, 0, 0, 1]]
    assert got.label[0, [0, 3]].tolist() == [1, 0]


def test_departure_a16_several_labels_are_fused_after_normalising() -> None:
    output, bags = make()
    fused = fused_curve(output, bags)
    real = bags.abnormal_mask[1]
    columns = output.abnormal_similarity[1][real].double()
    wanted = reference.fuse([columns[:, 1].tolist(), columns[:, 2].tolist()], 1e-3)
    assert fused[1][real].tolist() == pytest.approx(wanted, abs=1e-5)
    raw = columns[:, 1:3].mean(dim=1).tolist()
    mean = fused_curve(output, bags, "raw-mean")[1][real]
    assert mean.tolist() == pytest.approx(reference.minmax(raw, 1e-3), abs=1e-5)


def test_no_gradient_passes_through_a_pseudo_label() -> None:
    output, bags = make()
    output = output._replace(guide=output.guide.requires_grad_())
    got = pseudo_targets(output, bags, PseudoLabelConfig())
    assert not any(value.requires_grad for value in got)


def test_the_line_of_an_epoch_tells_what_the_pseudo_labels_are_like() -> None:
    output, bags = flat_bags(torch.tensor([0.0, 1.0, 2.0, 3.0]))
    output = output._replace(enhanced=output.text[-1:] * 3, guide=torch.zeros(1, 4))
    numbers = target_statistics(output, bags, pseudo_targets(output, bags, PseudoLabelConfig()))
    assert numbers["nvp_cosine"] == pytest.approx(1.0)
    assert numbers["positive_share"] == pytest.approx(np.mean([0, 0, 1, 1]))
    assert numbers["left_out"] == 0
