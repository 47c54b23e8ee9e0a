"""Eq. 1-2: what the prompts are made of, what they train, and what is refused."""

import pytest
import torch
from torch import Tensor

from tests import reference
from tests.core.nn.tiny import DIM, TEXTS, WIDTH, gradient, tiny_tower
from tpwng_core.errors import ConfigError
from tpwng_core.nn.prompts import PromptConfig, PromptLearner
from tpwng_core.nn.text_tower import TextTower


def make(texts=TEXTS, num_context: int = 8, tower: TextTower | None = None) -> PromptLearner:
    generator = torch.Generator().manual_seed(1)
    config = PromptConfig(num_context=num_context)
    return PromptLearner(tower or tiny_tower(), texts, config, generator)


def full_context_features(prompts: PromptLearner, text: str) -> Tensor:
    """T of one category by the reference splice over every position of the tower."""
    tower = prompts.tower
    embed = tower.token_embedding.weight.tolist()
    words = [embed[row] for row in tower.tokenize(text)]
    rows = reference.prompt_rows(
        embed[tower.sos],
        prompts.context.tolist(),
        words,
        embed[tower.eos],
        [[0.0] * WIDTH] * tower.context_length,
    )
    padded = rows + [embed[tower.eos]] * (tower.context_length - len(rows))
    pooled = tower.encode(torch.tensor(padded)[None], torch.tensor([len(rows) - 1]))
    return (pooled @ prompts.text_projection)[0]


def test_the_few_tokens_needed_give_what_all_77_positions_give() -> None:
    prompts = make()
    for text, got in zip(TEXTS, prompts(), strict=True):
        assert torch.allclose(got, full_context_features(prompts, text), atol=1e-5)


def test_positions_are_added_row_by_row_from_the_first() -> None:
    """The tower adds them; the reference adds them itself to a tower whose positions are zero."""
    prompts = make(("fighting", "normal"), num_context=2)
    tower = prompts.tower
    embed = tower.token_embedding.weight.tolist()
    positions = tower.positional_embedding.tolist()
    expected = prompts()
    rows = reference.prompt_rows(
        embed[tower.sos], prompts.context.tolist(), [embed[2]], embed[tower.eos], positions
    )
    tower.positional_embedding.zero_()
    pooled = tower.encode(torch.tensor(rows)[None], torch.tensor([4]))
    assert torch.allclose((pooled @ prompts.text_projection)[0], expected[0], atol=1e-5)


def test_two_names_of_one_token_get_different_features() -> None:
    """Read where the end of text would be without context, under the causal mask, they cannot."""
    prompts = make(("fighting", "arson", "normal"))
    first, second = prompts()[:2]
    assert not torch.allclose(first, second, atol=1e-2)
    prompts.eos_index.fill_(2)
    first, second = prompts()[:2]
    assert torch.equal(first, second)


def test_the_end_of_text_is_found_after_context_and_words() -> None:
    assert make(num_context=8).eos_index.tolist() == [10, 11, 10, 10]


def test_only_context_and_projection_are_trained() -> None:
    prompts = make()
    trained = {name for name, value in prompts.named_parameters() if value.requires_grad}
    assert trained == {"context", "text_projection"}
    loss = prompts().square().sum()
    assert gradient(loss, prompts.context).abs().min() > 0
    assert gradient(prompts().square().sum(), prompts.text_projection).abs().sum() > 0


def test_training_the_projection_leaves_the_shared_tower_alone() -> None:
    tower = tiny_tower()
    before = tower.text_projection.clone()
    prompts = make(tower=tower)
    with torch.no_grad():
        prompts.text_projection.add_(1.0)
    assert torch.equal(tower.text_projection, before)


def test_context_vectors_start_small_and_follow_the_generator() -> None:
    assert torch.equal(make().context, make().context)
    big = PromptLearner(tiny_tower(), TEXTS, PromptConfig(num_context=60))
    assert float(big.context.detach().std()) == pytest.approx(0.02, rel=0.2)


def test_the_context_is_shared_by_all_categories() -> None:
    assert make().context.shape == (8, WIDTH)


def test_a_category_never_trained_on_is_read_under_the_learned_context() -> None:
    prompts = make()
    with torch.no_grad():
        prompts.context.normal_()
    known = prompts.encode_new(["arson", "riot"])
    assert known.shape == (2, DIM)
    assert torch.allclose(known[0], prompts()[2], atol=1e-6)
    assert torch.allclose(known[1], full_context_features(prompts, "riot"), atol=1e-5)


def test_a_name_that_just_fits_is_taken_and_one_more_word_is_refused() -> None:
    tower = tiny_tower(context_length=14)  # [SOS], 8 context vectors, 4 words, [EOS]
    make(("road road road road", "normal"), tower=tower)
    with pytest.raises(ConfigError, match="5 tokens, and 4 fit"):
        make(("road road road road road", "normal"), tower=tower)
    with pytest.raises(ConfigError, match="no words"):
        make(("", "normal"), tower=tower)


def test_a_tower_stays_in_evaluation_mode() -> None:
    prompts = make().train()
    assert prompts.training
    assert not prompts.tower.training


def test_what_cannot_be_a_prompt_is_refused() -> None:
    with pytest.raises(ConfigError, match="num_context"):
        PromptConfig(num_context=0)
    with pytest.raises(ConfigError, match="abnormal category"):
        make(("normal",))


def test_prompts_are_float32_under_autocast() -> None:
    prompts = make()
    expected = prompts()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert torch.equal(prompts(), expected)
