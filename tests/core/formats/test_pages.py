"""The review report and the figures: whole, escaped, and readable by others."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree.ElementTree import parse

import pytest
from PIL import Image

from tests.core.formats.samples import curves, item_of, scores
from tests.core.labels.samples import empty
from tpwng_core.errors import ConfigError
from tpwng_core.formats import ExportItem, ExportOptions, export, preview
from tpwng_core.labels import LabelSegment

NAME = "a<b>&|*c*"


@pytest.fixture
def item() -> ExportItem:
    segment = LabelSegment(start=5, end=20, state="abnormal", category="<script>", author="ann")
    base = item_of(replace(empty(video=NAME), reviewed=True).paint(segment))
    return replace(base, path=None, scores=scores(NAME), curves=curves(NAME))


class _Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.add(tag)

    def handle_data(self, data) -> None:
        self.texts.append(data)


def test_the_page_names_every_video_and_segment_and_runs_nothing(
    item: ExportItem, tmp_path: Path
) -> None:
    (path,) = export(item, "report-html", tmp_path)
    page = _Texts()
    page.feed(path.read_text(encoding="utf-8"))
    assert NAME in page.texts
    assert "abnormal (<script>)" in page.texts
    assert "ann" in page.texts
    assert "svg" in page.tags
    assert not page.tags & {"script", "link", "iframe"}


def test_markdown_shows_names_as_they_are(item: ExportItem, tmp_path: Path) -> None:
    (path,) = export(item, "report-md", tmp_path)
    text = path.read_text(encoding="utf-8")
    assert r"a\<b\>\&\|\*c\*" in text
    rows = [line for line in text.splitlines() if line.startswith(r"| a\<b")]
    assert len(rows) == 2
    assert preview([item], "report-md", num_lines=1) == "# Review report"


def test_figures_are_svg_and_png(item: ExportItem, tmp_path: Path) -> None:
    options = ExportOptions(source="effective")
    (svg,) = export(item, "figure-svg", tmp_path, options)
    assert parse(svg).getroot().tag.endswith("svg")  # written by us
    (png,) = export(item, "figure-png", tmp_path, options)
    with Image.open(png) as image:
        assert image.width == 1500
    assert NAME in preview([item], "figure-png", options)


def test_a_figure_needs_the_length(item: ExportItem, tmp_path: Path) -> None:
    unknown = replace(item, labels=None, num_frames=None, curves=None, scores=None)
    with pytest.raises(ConfigError, match="length"):
        export(unknown, "figure-svg", tmp_path)
