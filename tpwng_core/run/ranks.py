"""Several processes that train one model: torchrun starts them, this room joins them.

Each takes its rows of every step's bags; gradients, losses and wishes to stop are shared, so that
N processes give the loss curve of one. Without torchrun everything here is the identity. Called by
``run.train``; stepped by ``run.loop``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from tpwng_core.config import require
from tpwng_core.nn.bags import Bags
from tpwng_core.nn.device import resolve_device


@dataclass(frozen=True, kw_only=True)
class Ranks:
    """This process among those that train together.

    Attributes:
        rank: number of this process; the first one measures, writes and reports.
        count: number of processes.
    """

    rank: int = 0
    count: int = 1

    @property
    def is_first(self) -> bool:
        """Whether this process writes and reports."""
        return self.rank == 0

    def device(self, name: str) -> torch.device:
        """The device of ``--device``; each process of a machine takes a GPU of its own."""
        device = resolve_device(name)
        if self.count > 1 and device.type == "cuda":
            return resolve_device(f"cuda:{os.environ['LOCAL_RANK']}")
        return device

    def wrap(self, module: nn.Module) -> nn.Module:
        """A module whose backward pass averages gradients over the processes."""
        if self.count == 1:
            return module
        # rows of Table 5 that are switched off leave parameters without gradient
        return DistributedDataParallel(module, broadcast_buffers=False, find_unused_parameters=True)

    def share(self, bags: Bags) -> Bags:
        """This process's bags of a step.

        Raises:
            ConfigError: they cannot be shared evenly.
        """
        if self.count == 1:
            return bags
        num_bags = len(bags.abnormal)
        require(
            num_bags % self.count == 0,
            f"training.batch_size {num_bags} is no multiple of {self.count} processes",
        )
        return Bags(*(tensor[self.rank :: self.count] for tensor in bags))

    def mean(self, value: Tensor) -> Tensor:
        """The mean of a tensor over the processes, without gradient."""
        if self.count == 1:
            return value.detach()
        summed = value.detach().clone()
        dist.all_reduce(summed)
        return summed / self.count

    def any(self, wish: bool, device: torch.device) -> bool:
        """Whether any process wishes it."""
        if self.count == 1:
            return wish
        return bool(self.mean(torch.tensor(float(wish), device=device)) > 0)


ALONE = Ranks()


@contextmanager
def joined_ranks(device: str) -> Iterator[Ranks]:
    """The processes that torchrun started, or this one alone.

    Args:
        device: as ``--device``; decides how they talk (NCCL between GPUs, else gloo).
    """
    if not dist.is_torchelastic_launched() or int(os.environ.get("WORLD_SIZE", "1")) == 1:
        yield ALONE
        return
    is_cuda = resolve_device(device).type == "cuda"
    if is_cuda:
        torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
    dist.init_process_group("nccl" if is_cuda else "gloo")
    try:
        yield Ranks(rank=dist.get_rank(), count=dist.get_world_size())
    finally:
        dist.destroy_process_group()
