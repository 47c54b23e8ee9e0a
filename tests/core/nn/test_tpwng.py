"""The whole network: each loss trains its half, order and padding change nothing, state fits."""

from typing import Any

import pytest
import torch
from torch import Tensor

from tests import reference
from tests.core.nn.tiny import (
    DIM,
    TEXTS,
    gradient,
    more_padding,
    random_bags,
    reordered,
    rows,
    tiny_model,
)
from tpwng_core.errors import CheckpointError, ConfigError
from tpwng_core.nn.losses import LossConfig, weighted_terms
from tpwng_core.nn.normality import NormalityConfig
from tpwng_core.nn.targets import pseudo_targets
from tpwng_core.nn.tpwng import Tpwng
from tpwng_core.pseudolabels import PseudoLabelConfig

BAGS = random_bags()
FFN = {"normality.ffn.0.weight", "normality.ffn.0.bias", "normality.ffn.2.weight"}
FFN |= {"normality.ffn.2.bias"}
TEXT = {"prompts.context", "prompts.text_projection"}


def total_of(model: Tpwng, bags=BAGS) -> Tensor:
    return torch.stack(list(terms_of(model, bags).values())).sum()


def terms_of(model: Tpwng, bags=BAGS) -> dict[str, Tensor]:
    output = model(bags)
    targets = pseudo_targets(output, bags, PseudoLabelConfig())
    return weighted_terms(output, bags, targets, LossConfig())


def trained_by(model: Tpwng, loss: Tensor) -> set[str]:
    """Names of the parameters that a loss moves."""
    trained = {name: value for name, value in model.named_parameters() if value.requires_grad}
    parts = torch.autograd.grad(
        loss, list(trained.values()), retain_graph=True, allow_unused=True, materialize_grads=True
    )
    return {name for name, part in zip(trained, parts, strict=True) if bool((part != 0).any())}


def test_similarities_equal_plain_loops() -> None:
    model = tiny_model()
    output = model(BAGS)
    for index in range(3):
        bag = rows(BAGS.abnormal[index], BAGS.abnormal_mask[index])
        real = BAGS.abnormal_mask[index]
        for c, text in enumerate(output.text.tolist()):
            wanted = reference.frame_similarity(bag, text, 5.0)
            got = output.abnormal_similarity[index, real, c].tolist()
            assert got == pytest.approx(wanted, abs=1e-4)
        wanted = reference.frame_similarity(bag, output.enhanced[index].tolist(), 5.0)
        assert output.guide[index, real].tolist() == pytest.approx(wanted, abs=1e-4)
        normal = rows(BAGS.normal[index], BAGS.normal_mask[index])
        wanted = reference.frame_similarity(normal, output.text[1].tolist(), 5.0)
        got = output.normal_similarity[index, BAGS.normal_mask[index], 1].tolist()
        assert got == pytest.approx(wanted, abs=1e-4)


@pytest.mark.parametrize("module", ["tcsal", "transformer", "mtn", "gl-mhsa", "none"])
def test_padding_changes_no_term(module: str) -> None:
    model = tiny_model(module=module).eval()
    padded = terms_of(model, more_padding(BAGS))
    for name, value in terms_of(model).items():
        assert float(padded[name].detach()) == pytest.approx(float(value.detach()), abs=1e-5), name


def test_the_order_of_the_bags_changes_nothing() -> None:
    model = tiny_model()
    shuffled = terms_of(model, reordered(BAGS, [2, 0, 1]))
    for name, value in terms_of(model).items():
        assert float(shuffled[name].detach()) == pytest.approx(float(value.detach()), abs=1e-5)


def test_each_loss_trains_its_own_half() -> None:
    model = tiny_model()
    terms = terms_of(model)
    assert trained_by(model, terms["rank_n"]) == TEXT
    assert trained_by(model, terms["rank_a"]) == TEXT
    assert trained_by(model, terms["dil"]) == TEXT | FFN
    assert trained_by(model, terms["sparse"]) == TEXT
    assert trained_by(model, terms["smooth"]) == TEXT
    assert trained_by(model, terms["cl"]) == {
        name for name, _ in model.named_parameters() if name.startswith(("temporal", "head"))
    }


def test_departure_a6_the_switch_says_who_reads_the_enhanced_text() -> None:
    for nvp_in, in_guide, in_loss in (
        ("none", False, False),
        ("plg", True, False),
        ("dil", False, True),
        ("both", True, True),
    ):
        settings: Any = {"nvp_in": nvp_in}
        model: Any = tiny_model(normality=NormalityConfig(**settings))
        torch.nn.init.normal_(model.normality.ffn[2].weight)
        output = model(BAGS)
        plain = output.abnormal_similarity[..., -1]
        assert torch.equal(output.guide, plain) != in_guide
        assert torch.equal(output.opposed, plain) != in_loss
        trained = trained_by(model, terms_of(model)["dil"])
        assert bool(trained & FFN) == in_loss


def test_without_the_visual_prompt_the_plain_text_is_used_everywhere() -> None:
    output = tiny_model(normality=NormalityConfig(variant="none"))(BAGS)
    assert torch.allclose(output.guide, output.abnormal_similarity[..., -1], atol=1e-5)


def test_the_two_halves_share_no_parameter() -> None:
    model = tiny_model()
    text, temporal = model.text_parameters(), model.temporal_parameters()
    together = {id(item) for item in [*text, *temporal]}
    assert len(together) == len(text) + len(temporal)
    trained = [item for item in model.parameters() if item.requires_grad]
    assert together == {id(item) for item in trained}


def test_scores_are_probabilities_and_zero_in_the_padding() -> None:
    score = tiny_model().eval().score(BAGS.abnormal, BAGS.abnormal_mask)
    assert not score[~BAGS.abnormal_mask].any()
    real = score[BAGS.abnormal_mask]
    assert bool(((real > 0) & (real < 1)).all())


def test_scores_are_the_sigmoid_of_the_logits_the_losses_saw() -> None:
    model = tiny_model().eval()
    output = model(BAGS)
    score = model.score(BAGS.abnormal, BAGS.abnormal_mask)
    mask = BAGS.abnormal_mask
    assert torch.allclose(score[mask], torch.sigmoid(output.abnormal_logits[mask]), atol=1e-6)


def test_halves_of_different_length_go_through_as_one_batch() -> None:
    bags = random_bags((3, 2), (9, 8), ((0,), (1,)))
    output = tiny_model()(bags)
    assert output.abnormal_logits.shape == (2, 3)
    assert output.normal_logits.shape == (2, 9)


def test_a_few_steps_lower_the_loss() -> None:
    model = tiny_model()
    optimiser = torch.optim.Adam([*model.text_parameters(), *model.temporal_parameters()], 1e-2)
    totals = []
    for _ in range(15):
        total = total_of(model)
        optimiser.zero_grad()
        torch.autograd.backward(total)
        optimiser.step()
        totals.append(float(total.detach()))
    assert totals[-1] < 0.8 * totals[0]


def test_bags_of_one_snippet_train_without_harm() -> None:
    model = tiny_model()
    bags = random_bags((1, 1), (1, 1), ((0,), (1,)))
    trained = [*model.text_parameters(), *model.temporal_parameters()]
    assert torch.isfinite(gradient(total_of(model, bags), *trained)).all()


def test_the_text_half_is_float32_under_autocast() -> None:
    model = tiny_model().eval()
    expected = model.match(BAGS)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        got = model(BAGS)
    assert torch.equal(got.abnormal_similarity, expected.abnormal_similarity)
    assert torch.equal(got.guide, expected.guide)


def test_the_trained_state_goes_round_without_the_clip() -> None:
    model, other = tiny_model(seed=0), tiny_model(seed=0)
    with torch.no_grad():
        for item in [*model.text_parameters(), *model.temporal_parameters()]:
            item.add_(0.1 * torch.randn_like(item))
    state = model.trained_state()
    assert not any(name.startswith("prompts.tower") for name in state)
    assert {"prompts.context", "normality.mean_prompt"} <= state.keys()
    other.load_trained_state(state)
    assert torch.equal(other(BAGS).abnormal_logits, model(BAGS).abnormal_logits)
    assert torch.equal(other(BAGS).text, model(BAGS).text)


def test_a_state_that_does_not_fit_is_refused_by_name() -> None:
    model = tiny_model()
    state = model.trained_state()
    without = {name: value for name, value in state.items() if name != "prompts.context"}
    for wrong, message in (
        (without, r"lacks tensor prompts\.context"),
        ({**state, "extra": torch.zeros(1)}, "unknown tensor extra"),
        ({**state, "prompts.context": torch.zeros(9, 1)}, r"\(9, 1\), the model's is \(3, 12\)"),
    ):
        with pytest.raises(CheckpointError, match=message):
            model.load_trained_state(wrong)


def test_a_scale_of_zero_is_refused() -> None:
    model = tiny_model()
    with pytest.raises(ConfigError, match="similarity scale"):
        Tpwng(model.prompts, model.normality, model.temporal, model.head, 0.0)


def test_texts_have_the_dimension_of_the_features() -> None:
    assert tiny_model()(BAGS).text.shape == (len(TEXTS), DIM)
