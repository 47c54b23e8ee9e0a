from __future__ import annotations

import pytest
import torch
from torch import Tensor

from tests.core.nn.small_clip import write_small_clip
from tpwng_core.errors import ConfigError
from tpwng_core.nn.clip import load_clip
from tpwng_core.nn.text_tower import TextTower, Tokenizer


@pytest.fixture(scope="module")
def tower(tmp_path_factory: pytest.TempPathFactory) -> TextTower:
    return load_clip(str(write_small_clip(tmp_path_factory.mktemp("clip"))), with_vision=False).text


def prompts(tower: TextTower, length: int) -> Tensor:
    torch.manual_seed(3)
    return torch.randn(4, length, tower.width)


def test_few_tokens_give_what_the_full_context_gives(tower: TextTower):
    eos = torch.tensor([2, 5, 7, 3])
    full = prompts(tower, tower.context_length)
    torch.testing.assert_close(
        tower.encode(full[:, :8], eos), tower.encode(full, eos), atol=1e-5, rtol=0
    )


def test_what_stands_behind_the_end_does_not_matter(tower: TextTower):
    one, two = prompts(tower, 9), prompts(tower, 9)
    two[:, 6:] = 5.0
    eos = torch.tensor([5, 5, 4, 2])
    torch.testing.assert_close(tower.encode(one, eos), tower.encode(two, eos), atol=1e-6, rtol=0)
    assert not torch.allclose(tower.encode(one, eos + 2), tower.encode(two, eos + 2))


def test_gradients_reach_the_context_vectors_and_no_weight(tower: TextTower):
    embeddings = prompts(tower, 6).requires_grad_()
    pooled = tower.encode(embeddings, torch.tensor([5, 4, 3, 2]))
    (gradient,) = torch.autograd.grad(pooled.square().sin().sum(), embeddings)
    assert gradient[0].abs().amax(dim=-1).min() > 0
    assert gradient[3, 3:].abs().max() == 0
    assert all(value.grad is None for value in tower.parameters())


def test_nothing_is_cut_off(tower: TextTower):
    fitting = " ".join(["street"] * (tower.context_length - 2))
    assert len(tower.tokenize(fitting)) == tower.context_length - 2
    with pytest.raises(ConfigError, match=r"75 tokens, and 67 fit.*num_context"):
        tower.tokenize(fitting, num_context=8)
    with pytest.raises(ConfigError, match="76 tokens, and 75 fit"):
        tower.tokenize(f"{fitting} street")
    with pytest.raises(ConfigError, match="no words"):
        tower.tokenize("  ")


def test_a_vocabulary_without_the_marks_is_refused():
    with pytest.raises(ConfigError, match="token_ids lacks"):
        Tokenizer(lambda text: [1], 8, 9, [1, 2, 8])
