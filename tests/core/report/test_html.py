from __future__ import annotations

import re

import pytest

from tests.core.report.pages import PageReader, assert_sound
from tpwng_core.report import canvas, html
from tpwng_core.report.figures import training_figure
from tpwng_core.report.video_figure import video_figure

EVIL = "<script>alert(\"x\")</script> & 'y'"
PNG = b"\x89PNG\r\n\x1a\n"


def everything(image: str | bytes) -> str:
    return html.page(
        EVIL,
        EVIL,
        [
            html.section(
                EVIL, html.paragraph(EVIL), html.bullets([EVIL]), html.tiles({EVIL: EVIL})
            ),
            html.section("other", html.table([EVIL, "n"], [[EVIL, "1"]], EVIL)),
            html.section("third", html.subsection(EVIL, html.details(EVIL, html.paragraph(EVIL)))),
            html.section("fourth", html.figure(image, EVIL, EVIL), html.link(EVIL, "other")),
        ],
        footer=EVIL,
    )


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_text_is_escaped_everywhere(kind):
    image = canvas.to_svg(training_figure({"L": [1.0, 2.0]})) if kind == "svg" else PNG
    page = everything(image)
    reader = assert_sound(page)
    assert "<script" not in page
    assert reader.text.count(EVIL) >= 14


def test_a_page_says_its_notice_and_lists_its_sections():
    page = html.page("Title", "No benchmark.", [html.section("First"), html.section("Second")])
    reader = assert_sound(page)
    assert [item.get("class") for item in reader.named("p")] == ["notice"]
    assert reader.text.index("No benchmark.") < reader.text.index("First")
    assert len(reader.named("a")) == 2


def test_without_a_notice_there_is_no_banner():
    assert 'role="note"' not in html.page("t", "", [])


def test_numbers_go_right_and_words_left():
    rows = [["a", "87.8 ± 0.4", "0.5 s", "12,345", "4 apples"], ["b", "–", "12 s", "1", "1"]]
    markup = html.table(["name", "x", "y", "z", "w"], rows, "caption")
    kinds = [cell.get("class") for cell in PageReader(markup).named("td")]
    assert kinds == ["number", "number", "number", None] * 2


def test_a_column_without_a_single_digit_is_not_numbers():
    markup = html.table(["name", "x"], [["a", "–"], ["b", ""]], "caption")
    assert "number" not in markup


def test_a_row_of_another_length_is_refused():
    with pytest.raises((ValueError, IndexError)):
        html.table(["a", "b"], [["1"]], "caption")
    with pytest.raises(ValueError):
        html.table(["a"], [["1", "2"]], "caption")


def test_table_heads_and_row_heads_are_marked_for_screen_readers():
    reader = PageReader(html.table(["a", "b"], [["r", "1"]], "caption", strong=[0]))
    assert [head["scope"] for head in reader.named("th")] == ["col", "col", "row"]
    assert reader.named("tr")[1] == {"class": "strong"}


def test_a_drawing_takes_the_colours_of_the_page(curves):
    markup = html.figure(canvas.to_svg(video_figure(curves)), "c", "a", wide=True)
    assert "fill: var(--abnormal)" in markup
    assert "var(--ink)" in markup
    drawing = re.sub(r"base64,[^\"]+", "", markup)
    assert not re.search(r"#(?:d55e00|1b1f24|ffffff|0072b2)", drawing)
    assert "<style" not in drawing


def test_two_drawings_on_a_page_share_no_ids_and_keep_their_references(curves, make):
    drawings = [
        html.figure(canvas.to_svg(video_figure(one)), "c", "a")
        for one in (curves, make(video="Other", num_snippets=30))
    ]
    page = html.page("t", "", [html.section("s", *drawings)])
    reader = assert_sound(page)
    used = set(re.findall(r"url\(#([^)]+)\)", page))
    assert used
    assert used <= set(reader.ids)


def test_a_picture_becomes_a_data_uri_and_other_bytes_are_refused():
    assert "data:image/jpeg;base64," in html.figure(b"\xff\xd8\xff\xe0", "c", "a")
    with pytest.raises(ValueError, match="PNG"):
        html.figure(b"GIF89a", "c", "a")


def test_anchors_differ_for_different_texts_of_any_script():
    anchors = {html.anchor(text) for text in ("火", "灾", "a b", "a-b", "A b", "")}
    assert len(anchors) == 6
    assert all(re.fullmatch(r"[a-z][a-z0-9-]*", anchor) for anchor in anchors)
