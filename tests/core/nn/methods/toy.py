"""Bags of a toy world: normal snippets near one text, abnormal ones near another."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from tpwng_core.nn.bags import Bags
from tpwng_core.nn.methods import Method

DIM = 16
TEXTS = ("fighting", "road accident", "normal")


class ToyWorld:
    """Draws bags around the text features (K, D), normal last."""

    def __init__(self, texts: Tensor) -> None:
        self.texts = F.normalize(texts, dim=-1)

    def bags(self, seed: int, num_bags: int = 8, lengths: tuple[int, int] = (6, 24)) -> Bags:
        """Bags with true snippet labels in ``target``; a third of an abnormal bag is abnormal."""
        generator = torch.Generator().manual_seed(seed)
        longest = lengths[1]
        counts = torch.randint(lengths[0], longest + 1, (2, num_bags), generator=generator)
        masks = torch.arange(longest) < counts[..., None]
        category = torch.randint(len(self.texts) - 1, (num_bags,), generator=generator)
        target = torch.zeros(num_bags, longest, dtype=torch.int8)
        for row, count in zip(target, counts[0].tolist(), strict=True):
            span = max(count // 3, 1)
            start = int(torch.randint(count - span + 1, (1,), generator=generator))
            row[start : start + span] = 1
        place = torch.where(target == 1, category[:, None], len(self.texts) - 1)
        normal_place = torch.full_like(place, len(self.texts) - 1)
        return Bags(
            abnormal=self._snippets(place, masks[0], generator),
            abnormal_mask=masks[0],
            normal=self._snippets(normal_place, masks[1], generator),
            normal_mask=masks[1],
            labels=F.one_hot(category, len(self.texts) - 1).bool(),
            target=target,
            normal_target=torch.full(masks[1].shape, -2, dtype=torch.int8),
        )

    def _snippets(self, place: Tensor, mask: Tensor, generator: torch.Generator) -> Tensor:
        noise = torch.randn(*place.shape, self.texts.shape[1], generator=generator)
        features = 10 * F.normalize(self.texts[place] + 0.15 * noise, dim=-1)
        return features * mask[..., None]


def padded(bags: Bags, extra: int, filling: float) -> Bags:
    """The same bags with ``extra`` more padding, filled with junk."""
    abnormal = bags.abnormal.masked_fill(~bags.abnormal_mask[..., None], filling)
    normal = bags.normal.masked_fill(~bags.normal_mask[..., None], filling)
    return bags._replace(
        abnormal=F.pad(abnormal, (0, 0, 0, extra), value=filling),
        abnormal_mask=F.pad(bags.abnormal_mask, (0, extra)),
        normal=F.pad(normal, (0, 0, 0, extra), value=filling),
        normal_mask=F.pad(bags.normal_mask, (0, extra)),
        target=F.pad(bags.target, (0, extra), value=-2),
        normal_target=F.pad(bags.normal_target, (0, extra), value=-2),
    )


def reordered(bags: Bags, order: Tensor) -> Bags:
    """The same pairs of bags in another order."""
    return Bags(*(item[order] for item in bags))


def area_under_curve(score: Tensor, target: Tensor) -> float:
    """Share of (abnormal, normal) pairs of snippets in the right order, ties count half."""
    high, low = score[target == 1][:, None], score[target == 0][None]
    return float(((high > low).float() + 0.5 * (high == low).float()).mean())


def total_loss(method: Method, bags: Bags) -> Tensor:
    """What a step minimises."""
    return torch.stack([torch.zeros(()), *method.losses(bags).values()]).sum()


def train(method: Method, world: ToyWorld, num_steps: int = 60) -> None:
    """A few steps on new bags each; the method ends in evaluation mode."""
    torch.manual_seed(0)
    trained = [*method.text_parameters(), *method.temporal_parameters()]
    optimiser = torch.optim.Adam(trained, lr=3e-3)
    for step in range(num_steps):
        optimiser.zero_grad()
        total_loss(method, world.bags(seed=step)).backward()
        optimiser.step()
    method.eval()
