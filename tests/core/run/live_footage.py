"""A small model that looks back, or both ways, for the tests of what is live."""

from __future__ import annotations

from pathlib import Path

from tests.core.run.footage import film
from tpwng_core.datasets import VideoRecord, write_manifest
from tpwng_core.events import silent
from tpwng_core.run.extract import ExtractConfig, extract
from tpwng_core.run.settings import load_settings
from tpwng_core.run.train import TrainRequest, train

STRIDE = 4


def trained(folder: Path, *, causal: bool) -> Path:
    videos = folder / "videos"
    videos.mkdir()
    records = []
    for number in range(4):
        path = film(videos / f"v{number}.mp4", 40, first=30 * number)
        labels = ("fire",) if number % 2 else ()
        records.append(VideoRecord(video=path.stem, path=path, labels=labels, split="train"))
    write_manifest(folder / "manifest.csv", records)
    config = ExtractConfig(stride=STRIDE)
    out = folder / "features"
    extract([videos], out=out, clip="demo", config=config, device="cpu", report=silent)
    overrides = ["training.epochs=1", f"temporal.causal={str(causal).lower()}"]
    request = TrainRequest(
        manifest=folder / "manifest.csv",
        features=out,
        out=folder / "run",
        settings=load_settings("demo", None, overrides),
        device="cpu",
    )
    train(request, silent)
    return folder / "run" / "checkpoint.safetensors"
