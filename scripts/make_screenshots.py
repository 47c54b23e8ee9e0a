"""Make assets/screenshots from a finished demo: the figures that the README shows.

tpwng-core demo --out demo
python scripts/make_screenshots.py demo
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tpwng_core.files import asset
from tpwng_core.groundtruth import read_ground_truth
from tpwng_core.report.canvas import save
from tpwng_core.report.video_figure import video_figure
from tpwng_core.run.demo_report import curves_of
from tpwng_core.scores import read_score_folder


def main() -> None:
    """Draw the first abnormal test video; nobody picks it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("demo", type=Path, help="a finished demo")
    root = parser.parse_args().demo
    truth = read_ground_truth(root / "annotations.txt")
    scores = read_score_folder(root / "scores")
    video = next(name for name, intervals in truth.items() if intervals)
    curves = curves_of(root, video, scores[video].score, truth[video])
    target = asset("demo").parent / "screenshots" / "video.png"
    save(video_figure(curves), target)
    print(target)


if __name__ == "__main__":
    main()
