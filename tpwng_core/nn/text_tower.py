"""CLIP's text tower, frozen, fed with embeddings instead of token ids.

In come the token embeddings of whole prompts (learned context vectors among them), out goes the
pooled text state before the projection, which ``nn.prompts`` trains. Only the tokens that a
prompt has are computed: the mask is causal, so what stands behind [EOS] cannot matter.

Shapes: K categories, L prompt length in tokens, W width of the text tower, D features.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

import torch
from torch import Tensor, nn

from tpwng_core.errors import ConfigError

_SHOWN_LETTERS = 60  # of a text in a message


class Tokenizer:
    """Words to rows of the token embedding, with the two marks around a text.

    Args:
        encode: open_clip's byte pair encoding, without the marks.
        sos: byte pair id of [SOS].
        eos: byte pair id of [EOS].
        token_ids: byte pair id of each row of the token embedding; None where row = id, as in
            every real CLIP. The demo's CLIP keeps only the rows of the words it has seen.

    Raises:
        ConfigError: ``token_ids`` lacks one of the marks.
    """

    def __init__(
        self,
        encode: Callable[[str], list[int]],
        sos: int,
        eos: int,
        token_ids: list[int] | None = None,
    ) -> None:
        self._encode = encode
        self._rows: Mapping[int, int] | None = None
        if token_ids is not None:
            self._rows = {identity: row for row, identity in enumerate(token_ids)}
            if not self._rows.keys() >= {sos, eos}:
                raise ConfigError(f"token_ids lacks {sos} or {eos}", "write the CLIP folder again")
        self.sos = sos if self._rows is None else self._rows[sos]
        self.eos = eos if self._rows is None else self._rows[eos]

    def __call__(self, text: str) -> list[int]:
        """Rows of ``text``, without [SOS] and [EOS].

        Raises:
            ConfigError: the text is empty, or has words this CLIP has no embedding for.
        """
        ids = self._encode(text)
        if not ids:
            raise ConfigError(f"{text!r} has no words", "give every category a text")
        if self._rows is None:
            return ids
        if not self._rows.keys() >= set(ids):
            raise ConfigError(
                f"this CLIP does not know the words of {text!r}",
                "it is a small one with few words: use those of its demo, "
                "or a full CLIP such as --clip ViT-B-16-quickgelu:openai",
            )
        return [self._rows[identity] for identity in ids]


class TextTower(nn.Module):
    """The text half of a CLIP; all parameters are frozen.

    Args:
        modules: open_clip's modules ``token_embedding``, ``transformer``, ``ln_final``.
        positional_embedding: (context length, W).
        text_projection: (W, D), applied after :meth:`encode`.
        tokenizer: text to rows of the token embedding.
    """

    positional_embedding: Tensor
    text_projection: Tensor

    def __init__(
        self,
        modules: Mapping[str, nn.Module],
        positional_embedding: Tensor,
        text_projection: Tensor,
        tokenizer: Tokenizer,
    ) -> None:
        super().__init__()
        self.token_embedding = cast(nn.Embedding, modules["token_embedding"])
        self.resblocks = cast(nn.ModuleList, modules["transformer"].resblocks)
        self.ln_final = modules["ln_final"]
        self.register_buffer("positional_embedding", positional_embedding.detach())
        self.register_buffer("text_projection", text_projection.detach())
        self._tokenizer = tokenizer
        self.requires_grad_(False)
        self.eval()

    @property
    def context_length(self) -> int:
        """The most tokens a prompt may have, [SOS] and [EOS] included."""
        return self.positional_embedding.shape[0]

    @property
    def width(self) -> int:
        """W."""
        return self.positional_embedding.shape[1]

    @property
    def sos(self) -> int:
        """Row of [SOS] in the token embedding."""
        return self._tokenizer.sos

    @property
    def eos(self) -> int:
        """Row of [EOS] in the token embedding."""
        return self._tokenizer.eos

    def train(self, mode: bool = True) -> TextTower:
        """Stay in evaluation mode: the tower is frozen whatever the model around it does."""
        return super().train(False)

    def tokenize(self, text: str, num_context: int = 0) -> list[int]:
        """Rows of ``text`` in the token embedding, without [SOS] and [EOS].

        Args:
            text: the words of a category or a question.
            num_context: learned context vectors that must fit into the prompt too.

        Raises:
            ConfigError: the text is empty, unknown to a small CLIP, or does not fit; nothing is
                ever cut off.
        """
        rows = self._tokenizer(text)
        room = self.context_length - 2 - num_context
        if len(rows) > room:
            shown = text if len(text) <= _SHOWN_LETTERS else f"{text[:_SHOWN_LETTERS]}…"
            raise ConfigError(
                f"the text {shown!r} has {len(rows)} tokens, and {max(room, 0)} fit",
                "shorten it" + (" or lower prompts.num_context" if num_context else ""),
            )
        return rows

    def encode(self, embeddings: Tensor, eos_index: Tensor) -> Tensor:
        """Pooled states of prompts, before the projection (Eq. 2).

        The positional embedding of rows 0 to L-1 is added here.

        Args:
            embeddings: (K, L, W) token embeddings of ``[SOS] ... [EOS]``, anything behind.
            eos_index: (K,) position of [EOS] in each row, less than L.

        Returns:
            (K, W); gradients flow to ``embeddings``.
        """
        length = embeddings.shape[1]
        states = embeddings + self.positional_embedding[:length]
        mask = torch.full((length, length), float("-inf"), device=states.device).triu_(1)
        for block in self.resblocks:
            states = block(states, attn_mask=mask)
        rows = torch.arange(len(states), device=states.device)
        # LayerNorm acts on each token alone, so only the pooled ones are normalised.
        return cast(Tensor, self.ln_final(states[rows, eos_index]))

    def encode_texts(self, texts: list[str]) -> Tensor:
        """Text features of plain texts, un-normalised: what open_clip's ``encode_text`` gives.

        Returns:
            (K, D).

        Raises:
            ConfigError: as :meth:`tokenize`.
        """
        rows = [[self.sos, *self.tokenize(text), self.eos] for text in texts]
        longest = max(len(row) for row in rows)
        padded = torch.tensor([row + [self.eos] * (longest - len(row)) for row in rows])
        device = self.positional_embedding.device
        eos_index = torch.tensor([len(row) - 1 for row in rows], device=device)
        with torch.no_grad():
            embeddings = self.token_embedding(padded.to(device))
            return self.encode(embeddings, eos_index) @ self.text_projection
