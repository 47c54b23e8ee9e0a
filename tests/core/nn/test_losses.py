"""Eq. 10-14 against plain loops, one bag at a time, and each departure from the print."""

import math

import pytest
import torch
from torch import Tensor

from tests import reference
from tests.core.nn.tiny import gradient, joined, output_of, random_bags
from tpwng_core.errors import ConfigError
from tpwng_core.nn.bags import Bags
from tpwng_core.nn.losses import (
    LossConfig,
    classification_loss,
    inconsistency_loss,
    rank_abnormal_loss,
    rank_normal_loss,
    smoothness_loss,
    sparsity_loss,
    weighted_terms,
)
from tpwng_core.nn.masked import minmax
from tpwng_core.nn.targets import fused_curve, pseudo_targets
from tpwng_core.nn.tpwng import TpwngOutput
from tpwng_core.pseudolabels import PseudoLabelConfig

LENGTHS = (7, 4, 9, 1, 3, 6)
LABELS = ((0,), (1, 2), (2,), (1,), (0,), (0, 1, 2))


def make(seed: int = 0) -> tuple[TpwngOutput, Bags]:
    bags = random_bags(LENGTHS, tuple(reversed(LENGTHS)), LABELS, seed=seed)
    torch.manual_seed(seed)
    shape = (len(LENGTHS), max(LENGTHS), 4)
    return output_of(torch.randn(shape), torch.randn(shape), seed=seed), bags


def real(values: Tensor, mask: Tensor) -> list:
    return [row[keep].double().tolist() for row, keep in zip(values, mask, strict=True)]


def mean(values: list[float]) -> float:
    return sum(values) / len(values)


def plain_terms(output: TpwngOutput, bags: Bags) -> dict[str, float]:
    """Every unweighted term of a step, bag by bag, from the reference alone."""
    flat = output.flat_below
    curves, opposed = [], []
    abnormal = real(output.abnormal_similarity, bags.abnormal_mask)
    for s, labels in zip(abnormal, LABELS, strict=True):
        curves.append(reference.fuse([[row[c] for row in s] for c in labels], flat))
    for curve in real(output.opposed, bags.abnormal_mask):
        opposed.append(reference.minmax(curve, flat))
    gammas: list[float] = []
    weights: list[float] = []
    guides = real(output.guide, bags.abnormal_mask)
    for s, guide, labels in zip(abnormal, guides, LABELS, strict=True):
        columns = [[row[c] for row in s] for c in labels]
        gamma, weight = reference.pseudo_labels(guide, columns, 0.2, 0.55, flat)
        gammas += gamma
        weights += [weight] * len(gamma)
    logits = joined(real(output.abnormal_logits, bags.abnormal_mask))
    normal_logits = joined(real(output.normal_logits, bags.normal_mask))
    zeros = [0.0] * len(normal_logits)
    normal = real(output.normal_similarity, bags.normal_mask)
    pairs = zip(abnormal, LABELS, strict=True)
    both = zip(curves, opposed, strict=True)
    return {
        "rank_n": mean([reference.rank_normal(s) for s in normal]),
        "rank_a": mean([reference.rank_abnormal(s, list(labels)) for s, labels in pairs]),
        "dil": mean([reference.inconsistency(a, n) for a, n in both]),
        "cl": reference.cross_entropy(
            logits + normal_logits, gammas + zeros, weights + [1.0] * len(zeros)
        ),
        "sparse": mean([reference.sparsity(curve) for curve in curves]),
        "smooth": mean([reference.smoothness(curve) for curve in curves]),
    }


@pytest.mark.parametrize("seed", range(4))
def test_every_term_and_the_total_equal_plain_loops(seed: int) -> None:
    output, bags = make(seed)
    targets = pseudo_targets(output, bags, PseudoLabelConfig())
    terms = weighted_terms(output, bags, targets, LossConfig())
    plain = plain_terms(output, bags)
    weights = {"sparse": 0.1, "smooth": 0.01}
    assert terms.keys() == plain.keys()
    for name, value in terms.items():
        assert float(value) == pytest.approx(weights.get(name, 1.0) * plain[name], abs=1e-5), name
    total = sum(float(value) for value in terms.values())
    assert total == pytest.approx(reference.overall(plain), abs=1e-5)


def test_the_order_of_the_bags_changes_nothing() -> None:
    output, bags = make()
    order = [3, 5, 0, 2, 1, 4]
    fields: dict = output._asdict()
    per_bag = [name for name in fields if name not in ("text", "flat_below")]
    shuffled = output._replace(**{name: fields[name][order] for name in per_bag})
    config = PseudoLabelConfig()
    before = weighted_terms(output, bags, pseudo_targets(output, bags, config), LossConfig())
    bags = Bags(*(item[order] for item in bags))
    after = weighted_terms(shuffled, bags, pseudo_targets(shuffled, bags, config), LossConfig())
    for name, value in before.items():
        assert float(after[name]) == pytest.approx(float(value), abs=1e-6)


def test_departure_a16_a_bag_of_every_category_adds_no_ranking_loss() -> None:
    similarity = torch.randn(1, 5, 4, requires_grad=True)
    mask, labels = torch.ones(1, 5, dtype=torch.bool), torch.ones(1, 3, dtype=torch.bool)
    loss = rank_abnormal_loss(similarity, mask, labels, 1.0)
    assert float(loss.detach()) == 0.0
    assert gradient(loss, similarity).tolist() == [0.0] * 20


def test_one_abnormal_category_leaves_only_the_ranking_of_normal_bags() -> None:
    similarity, mask = torch.randn(2, 5, 2), torch.ones(2, 5, dtype=torch.bool)
    labels = torch.ones(2, 1, dtype=torch.bool)
    assert float(rank_abnormal_loss(similarity, mask, labels, 1.0)) == 0.0
    plain = mean([reference.rank_normal(bag.tolist()) for bag in similarity])
    assert float(rank_normal_loss(similarity, mask, 1.0)) == pytest.approx(plain, abs=1e-6)


@pytest.mark.parametrize("margin", [0.0, 0.3, 2.0])
def test_the_margin_is_that_of_the_hinges(margin: float) -> None:
    output, bags = make(1)
    pairs = zip(real(output.abnormal_similarity, bags.abnormal_mask), LABELS, strict=True)
    plain = mean([reference.rank_abnormal(s, list(labels), margin) for s, labels in pairs])
    got = rank_abnormal_loss(output.abnormal_similarity, bags.abnormal_mask, bags.labels, margin)
    assert float(got) == pytest.approx(plain, abs=1e-5)


def test_departure_a2_names_follow_the_formulas() -> None:
    """A constant curve is smooth and not sparse; a comb is sparse by half and not smooth."""
    mask = torch.ones(1, 6, dtype=torch.bool)
    constant, comb = torch.ones(1, 6), torch.tensor([[0.0, 1, 0, 1, 0, 1]])
    assert float(smoothness_loss(constant, mask)) == 0.0
    assert float(sparsity_loss(constant, mask)) == 1.0
    assert float(smoothness_loss(comb, mask)) == 1.0
    assert float(sparsity_loss(comb, mask)) == 0.5


def test_departure_a2_means_do_not_grow_with_length() -> None:
    comb = torch.tensor([[0.0, 1.0] * 50])
    mask = torch.ones(1, 100, dtype=torch.bool)
    assert float(sparsity_loss(comb, mask)) == 0.5
    assert float(smoothness_loss(comb, mask)) == 1.0


def test_departure_a3_certain_labels_have_a_finite_loss_and_gradient() -> None:
    logits = torch.tensor([[30.0, -30.0, 0.0]], requires_grad=True)
    label = torch.tensor([[0.0, 1.0, 1.0]])
    loss = classification_loss(logits, label, torch.ones(1, 3))
    assert float(loss.detach()) == pytest.approx((60 + math.log(2)) / 3, abs=1e-4)
    assert gradient(loss, logits).tolist() == pytest.approx([1 / 3, -1 / 3, -1 / 6], abs=1e-4)


def test_snippets_of_weight_zero_do_not_dilute_the_classification_loss() -> None:
    logits, label = torch.randn(2, 4), torch.ones(2, 4)
    weight = torch.tensor([[1.0, 0, 0, 0], [0, 0, 0, 0]])
    got = classification_loss(logits, label, weight)
    assert float(got) == pytest.approx(float(torch.nn.functional.softplus(-logits[0, 0])))
    assert float(classification_loss(logits, label, torch.zeros(2, 4))) == 0.0


def test_departure_a4_the_inconsistency_is_of_whole_curves() -> None:
    """Per snippet it would be 1 wherever both curves are above 0, with no gradient."""
    mask = torch.ones(1, 5, dtype=torch.bool)
    rising = torch.tensor([[0.0, 0.25, 0.5, 0.75, 1.0]], requires_grad=True)
    falling = rising.detach().flip(1)
    assert float(inconsistency_loss(rising, rising, mask).detach()) == pytest.approx(1, abs=1e-4)
    loss = inconsistency_loss(rising, falling, mask)
    assert 0 < float(loss.detach()) < 0.5
    assert gradient(loss, rising).abs().max() > 0.05


@pytest.mark.parametrize(("length", "counts"), [(1, False), (3, False), (4, True), (9, True)])
def test_departure_a21_short_bags_have_no_inconsistency(length: int, counts: bool) -> None:
    curve = torch.linspace(0, 1, length)[None].requires_grad_()
    loss = inconsistency_loss(curve, curve, torch.ones(1, length, dtype=torch.bool))
    assert bool(loss.detach() > 0) == counts
    assert torch.isfinite(gradient(loss, curve)).all()


def test_departure_a21_a_flat_bag_has_no_gradient_in_any_text_loss() -> None:
    noise = torch.randn(1, 8, 4) * 1e-7
    similarity = (noise + torch.tensor([2.0, 0.0, 0.0, 2.0])).requires_grad_()
    bags = random_bags((8,), (8,), ((0,),))
    output = output_of(similarity)._replace(opposed=similarity[..., -1])
    config = LossConfig(rank_normal=False, rank_abnormal=False)
    targets = pseudo_targets(output, bags, PseudoLabelConfig())
    terms = weighted_terms(output, bags, targets, config)
    assert gradient(torch.stack(list(terms.values())).sum(), similarity).tolist() == [0.0] * 32


def test_departure_a5_the_inconsistency_reads_normalised_curves() -> None:
    """Raw cosines with an offset are nearly parallel whatever their shape."""
    output, bags = make(2)
    raised = output._replace(
        opposed=output.opposed + 50, abnormal_similarity=output.abnormal_similarity + 50
    )
    targets = pseudo_targets(output, bags, PseudoLabelConfig())
    plain = weighted_terms(output, bags, targets, LossConfig())["dil"]
    assert float(weighted_terms(raised, bags, targets, LossConfig())["dil"]) == pytest.approx(
        float(plain), abs=1e-3
    )


@pytest.mark.parametrize(
    ("config", "names"),
    [
        (
            LossConfig(rank_normal=False, rank_abnormal=False, inconsistency=False),
            "cl sparse smooth",
        ),
        (LossConfig(rank_abnormal=False, inconsistency=False), "cl sparse smooth rank_n"),
        (LossConfig(rank_normal=False, inconsistency=False), "cl sparse smooth rank_a"),
        (LossConfig(rank_normal=False, rank_abnormal=False), "cl sparse smooth dil"),
        (LossConfig(base=False), "rank_n rank_a dil"),
    ],
)
def test_each_row_of_table_5_has_its_terms(config: LossConfig, names: str) -> None:
    output, bags = make()
    targets = pseudo_targets(output, bags, PseudoLabelConfig())
    assert set(weighted_terms(output, bags, targets, config)) == set(names.split())


def test_the_curve_of_several_labels_can_be_the_raw_mean() -> None:
    output, bags = make()
    targets = pseudo_targets(output, bags, PseudoLabelConfig())
    terms = weighted_terms(output, bags, targets, LossConfig(), "raw-mean")
    curve = fused_curve(output, bags, "raw-mean")
    assert float(terms["sparse"]) == pytest.approx(
        0.1 * float(sparsity_loss(curve, bags.abnormal_mask))
    )
    opposed = minmax(output.opposed, bags.abnormal_mask, output.flat_below)
    assert float(terms["dil"]) == pytest.approx(
        float(inconsistency_loss(curve, opposed, bags.abnormal_mask))
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"margin": -1.0},
        {"lambda_sparse": -0.1},
        {"base": False, "rank_normal": False, "rank_abnormal": False, "inconsistency": False},
    ],
)
def test_settings_that_make_no_sense_are_refused(wrong: dict) -> None:
    with pytest.raises(ConfigError):
        LossConfig(**wrong)


def test_gradients_equal_differences_of_the_plain_loops() -> None:
    """dil + sparse + smooth of one bag with two labels, moved one similarity at a time."""
    s = torch.randn(5, 4, generator=torch.Generator().manual_seed(7)).double().tolist()
    opposed = torch.randn(5, generator=torch.Generator().manual_seed(8)).double().tolist()

    def plain(s: list) -> float:
        curve = reference.fuse([[row[c] for row in s] for c in (0, 2)], 1e-3)
        prior = 0.1 * reference.sparsity(curve) + 0.01 * reference.smoothness(curve)
        return reference.inconsistency(curve, reference.minmax(opposed, 1e-3)) + prior

    similarity = torch.tensor([s], dtype=torch.float32, requires_grad=True)
    bags = random_bags((5,), (5,), ((0, 2),))
    output = output_of(similarity)._replace(opposed=torch.tensor([opposed]).float())
    targets = pseudo_targets(output, bags, PseudoLabelConfig())
    terms = weighted_terms(output, bags, targets, LossConfig())
    loss = terms["dil"] + terms["sparse"] + terms["smooth"]
    got = gradient(loss, similarity).view(5, 4)
    for f in range(5):
        for c in range(4):
            above, below = [list(row) for row in s], [list(row) for row in s]
            above[f][c] += 1e-6
            below[f][c] -= 1e-6
            slope = (plain(above) - plain(below)) / 2e-6
            assert float(got[f, c]) == pytest.approx(slope, abs=1e-4)


def test_what_people_said_of_normal_videos_holds_in_the_classification_loss() -> None:
    """Against a plain loop: corrected frames are 1, unknown ones are left out, the rest is 0."""
    output, bags = make()
    said = torch.full(bags.normal_mask.shape, -2, dtype=torch.int8)
    said[0, :3] = torch.tensor([1, -1, 0])
    bags = bags._replace(normal_target=said)
    targets = pseudo_targets(output, bags, PseudoLabelConfig())
    terms = []
    for half, mask in (("abnormal", bags.abnormal_mask), ("normal", bags.normal_mask)):
        logits = getattr(output, f"{half}_logits")
        for b, t in mask.nonzero().tolist():
            label = float(targets.label[b, t]) if half == "abnormal" else float(said[b, t] == 1)
            weight = float(targets.weight[b, t]) if half == "abnormal" else said[b, t] != -1
            if weight:
                eta = 1 / (1 + math.exp(-float(logits[b, t])))
                terms.append(-math.log(eta if label else 1 - eta))
    got = weighted_terms(output, bags, targets, LossConfig())["cl"]
    assert float(got) == pytest.approx(sum(terms) / len(terms), rel=1e-5)
