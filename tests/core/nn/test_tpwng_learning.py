"""The method learns: from video labels alone it finds the abnormal snippets of a toy world."""

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from tests.core.nn.tiny import tiny_model
from tpwng_core.nn.bags import Bags
from tpwng_core.nn.losses import LossConfig, weighted_terms
from tpwng_core.nn.targets import pseudo_targets
from tpwng_core.nn.tpwng import Tpwng
from tpwng_core.pseudolabels import PseudoLabelConfig

LENGTH = 16
NUM_BAGS = 12


def toy_bags(concepts: Tensor, seed: int) -> tuple[Bags, Tensor]:
    """Abnormal bags hold 4 snippets near their category, all others lie near "normal"."""
    generator = torch.Generator().manual_seed(seed)
    category = torch.randint(len(concepts) - 1, (NUM_BAGS,), generator=generator)
    start = torch.randint(LENGTH - 4, (NUM_BAGS, 1), generator=generator)
    place = torch.arange(LENGTH)[None]
    truth = (place >= start) & (place < start + 4)
    normal = torch.full_like(truth, len(concepts) - 1, dtype=torch.int64)
    kinds = torch.cat([torch.where(truth, category[:, None], normal), normal])
    noise = torch.randn(*kinds.shape, concepts.shape[1], generator=generator)
    features = 10 * F.normalize(concepts[kinds] + 0.15 * noise, dim=-1)
    mask = torch.ones(NUM_BAGS, LENGTH, dtype=torch.bool)
    labels = F.one_hot(category, len(concepts) - 1).bool()
    unset = torch.full(mask.shape, -2, dtype=torch.int8)
    halves = features[:NUM_BAGS], mask, features[NUM_BAGS:], mask
    return Bags(*halves, labels, unset, unset), truth


def toy_concepts(model: Tpwng) -> Tensor:
    """Unit directions, each somewhat like its category's text, as CLIP's two towers are."""
    generator = torch.Generator().manual_seed(9)
    with torch.no_grad():
        texts = F.normalize(model.prompts(), dim=-1)
    texts = F.normalize(texts - texts.mean(dim=0), dim=-1)
    return F.normalize(texts + 0.2 * torch.randn(texts.shape, generator=generator), dim=-1)


def area_under_curve(score: Tensor, truth: Tensor) -> float:
    """Share of (abnormal, normal) pairs of snippets in the right order; ties count half."""
    high, low = score[truth][:, None], score[~truth][None]
    return float(((high > low).float() + 0.5 * (high == low).float()).mean())


def train(model: Tpwng, concepts: Tensor, num_steps: int) -> None:
    optimiser = torch.optim.Adam([*model.text_parameters(), *model.temporal_parameters()], 3e-3)
    for step in range(num_steps):
        bags, _ = toy_bags(concepts, step)
        output = model(bags)
        targets = pseudo_targets(output, bags, PseudoLabelConfig())
        terms = weighted_terms(output, bags, targets, LossConfig())
        optimiser.zero_grad()
        torch.autograd.backward(torch.stack(list(terms.values())).sum())
        optimiser.step()


@pytest.mark.parametrize("softness", [256.0, 4.0])
def test_scores_of_new_videos_find_the_abnormal_snippets(softness: float) -> None:
    model = tiny_model(softness=softness, seed=1)
    concepts = toy_concepts(model)
    test, truth = toy_bags(concepts, 1000)
    before = model.eval().score(test.abnormal, test.abnormal_mask)
    train(model.train(), concepts, 80)
    after = model.eval().score(test.abnormal, test.abnormal_mask)
    assert area_under_curve(before, truth) < 0.5
    assert area_under_curve(after, truth) > 0.9


def test_pseudo_labels_agree_with_the_truth_nobody_gave() -> None:
    model = tiny_model()
    concepts = toy_concepts(model)
    test, truth = toy_bags(concepts, 1000)
    before = pseudo_targets(model(test), test, PseudoLabelConfig()).psi
    train(model, concepts, 80)
    psi = pseudo_targets(model(test), test, PseudoLabelConfig()).psi
    assert area_under_curve(psi, truth) > max(0.95, area_under_curve(before, truth))
