"""Which device a person means. Called by every verb that computes."""

from __future__ import annotations

import torch

from tpwng_core.errors import DeviceError


def resolve_device(name: str) -> torch.device:
    """The device of ``--device``.

    Args:
        name: "auto" (CUDA, else Apple's MPS, else CPU), "cpu", "cuda", "cuda:1", "mps".

    Raises:
        DeviceError: there is no such device here.
    """
    if name == "auto":
        return torch.device(_best())
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise DeviceError(f"there is no device {name!r}", "auto, cpu, cuda, cuda:1, mps") from error
    if device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count():
        found = torch.cuda.device_count()
        raise DeviceError(f"device {name} is not there: CUDA sees {found}", "use --device cpu")
    if device.type == "mps" and not torch.backends.mps.is_available():
        raise DeviceError("this machine has no MPS device", "use --device cpu")
    if device.type not in ("cpu", "cuda", "mps"):
        raise DeviceError(f"device {name!r} cannot be used", "auto, cpu, cuda, cuda:1, mps")
    return device


def _best() -> str:
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"
