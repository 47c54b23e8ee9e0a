"""The image tower at work: uint8 frames in, features out, on the device and in its best type.

Called by ``run.extract``. A batch that does not fit into memory is halved, and stays halved.

Shapes: N images, S side of the input in pixels, D features.
"""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor

from tpwng_core.errors import DeviceError
from tpwng_core.nn.clip import Clip
from tpwng_core.run.preprocess import normalise

DtypeName = Literal["auto", "float32", "bfloat16", "float16"]

# Below this many parameters (the demo's CLIP) a narrow type gains nothing on a CPU.
_SMALL_TOWER = 10_000_000
_CUDA_BATCH = 256
_CPU_BATCH = 8
_SMALL_CPU_BATCH = 64
_CPU_BFLOAT16 = ("amx_bf16", "avx512_bf16")


class Encoder:
    """An image tower on its device.

    Args:
        clip: its image tower is moved and cast in place.
        device: where to encode.
        dtype: ``auto``: float16 on CUDA; on a CPU with bfloat16 instructions bfloat16 (2.3 times
            as fast, cosine to float32 above 0.9999); else float32.
        batch_size: images at once; None chooses by device and tower.

    Raises:
        ConfigError: the CLIP has no image tower.
    """

    def __init__(
        self, clip: Clip, device: torch.device, dtype: DtypeName, batch_size: int | None
    ) -> None:
        tower = clip.image_tower()
        is_small = sum(value.numel() for value in tower.parameters()) < _SMALL_TOWER
        self.dtype = choose_dtype(dtype, device, is_small=is_small)
        self.batch_size = batch_size or choose_batch_size(device, is_small=is_small)
        self.device = device
        self._clip = clip
        memory = torch.channels_last if device.type == "cuda" else torch.preserve_format
        tower.to(device, self.dtype, memory_format=memory)  # type: ignore[call-overload]

    def __str__(self) -> str:
        return f"on {self.device}, {self.dtype_name}, batches of {self.batch_size}"

    @property
    def dim(self) -> int:
        """D."""
        return self._clip.dim

    @property
    def dtype_name(self) -> str:
        """As it is written beside features."""
        return str(self.dtype).removeprefix("torch.")

    def encode(self, pixels: Tensor) -> Tensor:
        """Features of prepared frames; returns before a GPU is done with them.

        Args:
            pixels: (N, 3, S, S) uint8 on the CPU.

        Returns:
            (N, D), un-normalised, on the device.

        Raises:
            DeviceError: not even one image fits into memory.
        """
        if self.device.type == "cuda":
            pixels = pixels.pin_memory()
        parts: list[Tensor] = []
        done = 0
        while done < len(pixels):
            try:
                parts.append(self._encode(pixels[done : done + self.batch_size]))
                done += self.batch_size
            except (RuntimeError, MemoryError) as error:
                self._halve(error)
        return torch.cat(parts)

    def _encode(self, pixels: Tensor) -> Tensor:
        on_device = pixels.to(self.device, non_blocking=True)
        return self._clip.encode_images(normalise(on_device, self._clip, self.dtype))

    def _halve(self, error: RuntimeError | MemoryError) -> None:
        """Halve the batch after it did not fit; any other error goes on."""
        if not _is_out_of_memory(error):
            raise error
        if self.batch_size == 1:
            raise DeviceError(
                f"not even one frame fits into the memory of {self.device}",
                "close other programs, or use --device cpu",
            ) from error
        self.batch_size //= 2
        if self.device.type == "cuda":
            torch.cuda.empty_cache()


def choose_dtype(name: DtypeName, device: torch.device, *, is_small: bool) -> torch.dtype:
    """The type to encode in; see :class:`Encoder`."""
    if name != "auto":
        return {
            "float32": torch.float32,
            "bfloat16": torch.bfloat16,
            "float16": torch.float16,
        }[name]
    if device.type == "cuda":
        return torch.float16
    if device.type == "cpu" and not is_small and _cpu_has_bfloat16():
        return torch.bfloat16
    return torch.float32


def choose_batch_size(device: torch.device, *, is_small: bool) -> int:
    """Images at once: many keep a GPU busy, a CPU is as fast with few and can be stopped sooner."""
    if device.type != "cpu":
        return _CUDA_BATCH
    return _SMALL_CPU_BATCH if is_small else _CPU_BATCH


def _cpu_has_bfloat16() -> bool:
    """Whether the processor multiplies bfloat16 itself; emulated, it is slower than float32."""
    capabilities: dict[str, object] = getattr(torch.cpu, "get_capabilities", dict)()
    return any(capabilities.get(name, False) for name in _CPU_BFLOAT16)


def _is_out_of_memory(error: RuntimeError | MemoryError) -> bool:
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    text = str(error).lower()
    return "out of memory" in text or "can't allocate memory" in text
