from __future__ import annotations

import subprocess
import sys

import matplotlib
import pytest

from tpwng_core.errors import OutputError
from tpwng_core.report import canvas
from tpwng_core.report.video_figure import video_figure

ROOMS = "canvas curves demo envelope evaluation figures html table video_figure videos"


def test_importing_reports_imports_neither_matplotlib_nor_torch():
    rooms = "; ".join(f"import tpwng_core.report.{room}" for room in ROOMS.split())
    heavy = "{'matplotlib', 'torch', 'PIL', 'cv2'}"
    code = f"import sys; {rooms}; assert not {heavy} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_same_numbers_give_the_same_bytes(curves):
    assert canvas.to_svg(video_figure(curves)) == canvas.to_svg(video_figure(curves))
    assert canvas.to_png(video_figure(curves)) == canvas.to_png(video_figure(curves))


def test_svg_names_no_date_and_no_program(curves):
    svg = canvas.to_svg(video_figure(curves))
    assert "<metadata>" not in svg
    assert "Matplotlib v" not in svg


def test_pictures_in_svg_are_jpeg(curves):
    svg = canvas.to_svg(video_figure(curves))
    assert svg.count("data:image/jpeg;base64,") == len(curves.thumbnails)
    assert "image/png" not in svg


def test_drawing_leaves_global_settings_and_pyplot_alone(curves):
    before = dict(matplotlib.rcParams)
    canvas.to_svg(video_figure(curves))
    assert dict(matplotlib.rcParams) == before
    code = (
        "import sys; from tpwng_core.report import canvas, figures;"
        "canvas.to_svg(figures.training_figure({'L': [1, 2]}));"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_persons_own_matplotlib_settings_do_not_reach_the_figure(curves):
    plain = canvas.to_svg(video_figure(curves))
    with matplotlib.rc_context({"font.size": 30, "lines.linewidth": 9}):
        assert canvas.to_svg(video_figure(curves)) == plain


@pytest.mark.parametrize(("name", "head"), [("f.svg", b"<?xml"), ("f.PNG", b"\x89PNG")])
def test_the_suffix_chooses_the_format(curves, tmp_path, name, head):
    canvas.save(video_figure(curves), tmp_path / name)
    assert (tmp_path / name).read_bytes().startswith(head)


def test_an_unknown_suffix_is_refused(curves, tmp_path):
    with pytest.raises(OutputError, match="unknown suffix"):
        canvas.save(video_figure(curves), tmp_path / "f.tiff")


def test_text_the_font_cannot_draw_becomes_boxes_and_long_text_loses_its_middle():
    assert canvas.drawable("a\n b 火") == "a b □"
    short = canvas.drawable("x" * 50 + "tail", 20)
    assert len(short) == 20
    assert short.endswith("tail")
    assert "…" in short
