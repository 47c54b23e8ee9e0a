"""What a Ray cluster costs beside the same work without it, and whether it gives the same files.

    python benchmarks/cluster.py [--videos 12] [--frames 900]

A real local cluster of two nodes (two raylets) with a processor each extracts made-up videos with
the small CLIP; beside it, extraction here with two decoding threads. A run's first tasks wait for
processes that import torch; what a run over a single video takes tells how much of it that is.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.contract import ROOT, Bench, make_parser
from benchmarks.footage import film
from tpwng_core.events import silent
from tpwng_core.features import compare_features, read_features
from tpwng_core.run.cluster import ClusterConfig, extract_on_cluster
from tpwng_core.run.extract import ExtractConfig, extract

CONFIG = ExtractConfig(workers=2)


@contextmanager
def two_nodes() -> Iterator[str]:
    """The address of a cluster on this machine."""
    from ray.cluster_utils import Cluster

    start: Any = Cluster

    os.environ["PYTHONPATH"] = str(ROOT)
    node: dict[str, Any] = {"num_cpus": 1, "object_store_memory": 100 << 20}
    cluster = start(initialize_head=True, head_node_args={**node, "include_dashboard": False})
    try:
        cluster.add_node(**node)
        yield cluster.address
    finally:
        cluster.shutdown()


def there(videos: Path, out: Path, address: str) -> float:
    """Seconds on the cluster."""
    start_s = time.perf_counter()
    summary = extract_on_cluster(
        [videos], out=out, clip="demo", config=CONFIG, device="cpu",
        cluster=ClusterConfig(address=address), report=silent,
    )  # fmt: skip
    assert not summary.failed, summary.failed
    return time.perf_counter() - start_s


def here(videos: Path, out: Path) -> float:
    """Seconds without."""
    start_s = time.perf_counter()
    summary = extract([videos], out=out, clip="demo", config=CONFIG, device="cpu", report=silent)
    assert not summary.failed, summary.failed
    return time.perf_counter() - start_s


def run(bench: Bench, options: argparse.Namespace, folder: Path) -> None:
    """One video and all on the cluster, and all without it."""
    videos, single = folder / "videos", folder / "single"
    for number in range(options.videos):
        path = videos / f"v{number:02}.mp4"
        path.parent.mkdir(exist_ok=True)
        film(path, 320, 240, options.frames)
    single.mkdir()
    (single / "v00.mp4").hardlink_to(videos / "v00.mp4")
    with two_nodes() as address:
        single_s = there(single, folder / "single-out", address)
        there_s = there(videos, folder / "there", address)
    here_s = here(videos, folder / "here")
    bench.add(
        "overhead",
        f"extraction of {options.videos} videos on a Ray cluster of two nodes over the same "
        "without Ray",
        there_s / here_s, "x", detail=f"{there_s:.1f} and {here_s:.1f} s; a single video there "
        f"{single_s:.1f} s",
        numbers={"there_s": there_s, "here_s": here_s, "single_s": single_s},
    )  # fmt: skip
    add_difference(bench, folder / "there", folder / "here")


def add_difference(bench: Bench, there: Path, here: Path) -> None:
    """Features of both; other frames share a batch there, so sums may be rounded otherwise."""
    found = compare_features(there, here).videos
    cosines = [each.cosine_min for each in found if each.cosine_min is not None]
    assert len(cosines) == len(list(here.iterdir())) == len(list(there.iterdir()))
    for path in here.iterdir():
        assert read_features(path).meta == read_features(there / path.name).meta, path.name
    bench.add(
        "difference", "features of both, largest 1 - cosine", max(0.0, 1 - min(cosines)),
        goal=1e-5, detail=f"{len(cosines)} files with equal headers",
    )  # fmt: skip


def main() -> None:
    """Command line."""
    parser = make_parser(__doc__)
    parser.add_argument("--videos", type=int, default=12)
    parser.add_argument("--frames", type=int, default=900)
    options = parser.parse_args()
    # Ray's processes outlive this one unless the cluster is shut down, also when told to end.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    if options.quick:
        options.videos, options.frames = 2, 120
    with tempfile.TemporaryDirectory() as folder:
        run(Bench(options.rows), options, Path(folder))


if __name__ == "__main__":
    main()
