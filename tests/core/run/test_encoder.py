from __future__ import annotations

from pathlib import Path

import pytest
import torch
import torch.nn.functional as F

from tests.core.nn.small_clip import write_small_clip
from tpwng_core.errors import DeviceError
from tpwng_core.nn.clip import Clip, load_clip
from tpwng_core.run.encoder import Encoder, choose_batch_size, choose_dtype

CPU = torch.device("cpu")
CUDA = torch.device("cuda")


@pytest.fixture
def clip(tmp_path: Path) -> Clip:
    return load_clip(str(write_small_clip(tmp_path)))


@pytest.fixture
def pixels() -> torch.Tensor:
    generator = torch.Generator().manual_seed(1)
    return torch.randint(0, 256, (7, 3, 64, 64), dtype=torch.uint8, generator=generator)


def test_a_batch_that_does_not_fit_is_halved_and_goes_on(clip: Clip, pixels, monkeypatch):
    encoder = Encoder(clip, CPU, "float32", 8)
    expected = encoder.encode(pixels)
    tower, sizes = clip.image_tower().forward, []

    def narrow(images):
        sizes.append(len(images))
        if len(images) > 2:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return tower(images)

    monkeypatch.setattr(clip.image_tower(), "forward", narrow)
    torch.testing.assert_close(encoder.encode(pixels), expected, atol=1e-5, rtol=0)
    assert (encoder.batch_size, sizes) == (2, [7, 4, 2, 2, 2, 1])


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        RuntimeError("MPS backend out of memory (MPS allocated: 1 GB)"),
        RuntimeError("[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate memory"),
    ],
)
def test_a_frame_that_does_not_fit_alone_is_a_device_error(clip: Clip, pixels, monkeypatch, error):
    def full(images):
        raise error

    monkeypatch.setattr(clip.image_tower(), "forward", full)
    with pytest.raises(DeviceError, match="not even one frame fits"):
        Encoder(clip, CPU, "float32", 8).encode(pixels)


def test_another_error_is_not_taken_for_a_lack_of_memory(clip: Clip, pixels, monkeypatch):
    def broken(images):
        raise RuntimeError("shapes do not match")

    monkeypatch.setattr(clip.image_tower(), "forward", broken)
    with pytest.raises(RuntimeError, match="shapes"):
        Encoder(clip, CPU, "float32", 8).encode(pixels)


def test_bfloat16_changes_features_little(tmp_path: Path, clip: Clip, pixels):
    wide = Encoder(clip, CPU, "float32", 8).encode(pixels)
    narrow = Encoder(load_clip(str(tmp_path)), CPU, "bfloat16", 8).encode(pixels)
    assert narrow.dtype == torch.bfloat16
    assert F.cosine_similarity(wide, narrow.float()).min() > 0.9995


def test_the_type_fits_the_device(monkeypatch: pytest.MonkeyPatch):
    capabilities: dict[str, bool] = {"amx_bf16": True}
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: capabilities, raising=False)
    assert choose_dtype("auto", CPU, is_small=False) == torch.bfloat16
    assert choose_dtype("auto", CPU, is_small=True) == torch.float32
    assert choose_dtype("auto", CUDA, is_small=False) == torch.float16
    assert choose_dtype("bfloat16", CUDA, is_small=True) == torch.bfloat16
    capabilities.clear()
    assert choose_dtype("auto", CPU, is_small=False) == torch.float32


def test_a_gpu_gets_more_at_once_than_a_processor():
    assert choose_batch_size(CUDA, is_small=False) > choose_batch_size(CPU, is_small=False)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device here")
def test_a_gpu_gives_the_features_of_the_processor(tmp_path: Path, clip: Clip, pixels):
    here = Encoder(clip, CPU, "float32", 8).encode(pixels)
    there = Encoder(load_clip(str(tmp_path)), CUDA, "auto", 4).encode(pixels).cpu().float()
    assert F.cosine_similarity(here, there).min() > 0.9999
