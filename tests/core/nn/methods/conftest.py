"""A small text tower and bags whose snippets are aligned with its texts."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from tests.core.nn.methods.toy import DIM, TEXTS, ToyWorld
from tpwng_core.nn.methods import Problem, TextInput
from tpwng_core.nn.text_tower import TextTower, Tokenizer

VOCABULARY = ["[sos]", "[eos]", "fighting", "road", "accident", "normal"]
WIDTH = 16


class CausalBlock(nn.Module):
    """Mean of the tokens so far, so that [EOS] sees the words; enough of a transformer here."""

    def forward(self, states: Tensor, attn_mask: Tensor) -> Tensor:
        weights = attn_mask.softmax(dim=-1)
        return states + weights @ states


@pytest.fixture(scope="session")
def tower() -> TextTower:
    generator = torch.Generator().manual_seed(3)
    embedding = nn.Embedding(len(VOCABULARY), WIDTH)
    embedding.weight.data = torch.randn(len(VOCABULARY), WIDTH, generator=generator)
    embedding.weight.data[:2] *= 0.1  # the words decide, not the marks around them
    modules = {
        "token_embedding": embedding,
        "transformer": nn.Module(),
        "ln_final": nn.LayerNorm(WIDTH),
    }
    modules["transformer"].resblocks = nn.ModuleList([CausalBlock()])
    return TextTower(
        modules,
        positional_embedding=0.1 * torch.randn(32, WIDTH, generator=generator),
        text_projection=torch.randn(WIDTH, DIM, generator=generator),
        tokenizer=Tokenizer(
            lambda text: [VOCABULARY.index(word) for word in text.split()], sos=0, eos=1
        ),
    )


@pytest.fixture(scope="session")
def problem(tower: TextTower) -> Problem:
    text = TextInput(tower=tower, texts=TEXTS, similarity_scale=5.0)
    return Problem(dim=DIM, num_categories=len(TEXTS), text=text)


@pytest.fixture(scope="session")
def world(tower: TextTower) -> ToyWorld:
    return ToyWorld(tower.encode_texts(list(TEXTS)))
