"""Self-contained HTML pages from a few composable functions.

Text comes in as plain ``str`` and is always escaped; what these functions return is
:class:`Html` and passes through. Pictures go inline, nothing is fetched, no script runs.
Called by the report builders; pages are written with ``files.write_text``.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Collection, Mapping, Sequence
from hashlib import sha1

from tpwng_core.report.palette import LIGHT
from tpwng_core.report.stylesheet import stylesheet


class Html(str):
    """Markup that is safe to put into a page as it is."""

    __slots__ = ()


Text = str  # plain text unless it is Html

_NUMBER = re.compile(r"^(?:[-+−±]?[\d.,:]+ ?(?:%|s|[kMG]?B)?(?: ?± ?[\d.,]+)?|–|)$")
_VARIABLES = {color: f"var(--{name})" for name, color in LIGHT.items()}
_COLOR = re.compile("|".join(_VARIABLES))
_IMAGE_TYPES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg"}


def escape(text: Text) -> Html:
    """``text`` as markup: escaped, unless it already is :class:`Html`."""
    return text if isinstance(text, Html) else Html(html.escape(text, quote=True))


def join(*blocks: Html) -> Html:
    """Blocks one after another."""
    return Html("\n".join(blocks))


def page(title: str, notice: str, sections: Sequence[Html], *, footer: str = "") -> Html:
    """A whole document.

    Args:
        title: heading and window title.
        notice: banner under the title that says what the page is and is not; "" for none.
        sections: results of :func:`section`; those with an id are listed as contents.
        footer: last line, e.g. the versions.
    """
    banner = f'<p class="notice" role="note">{escape(notice)}</p>\n' if notice else ""
    foot = f"<footer><p>{escape(footer)}</p></footer>\n" if footer else ""
    return Html(
        "<!DOCTYPE html>\n"
        '<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{stylesheet()}</style>\n</head>\n<body>\n"
        f"<header>\n<h1>{escape(title)}</h1>\n{banner}{_contents(sections)}</header>\n"
        f"<main>\n{join(*sections)}\n</main>\n{foot}</body>\n</html>\n"
    )


def section(title: str, *blocks: Html) -> Html:
    """A part of the page with a heading that the contents link to."""
    name = anchor(title)
    return Html(
        f'<section aria-labelledby="{name}">\n<h2 id="{name}">{escape(title)}</h2>\n'
        f"{join(*blocks)}\n</section>"
    )


def subsection(title: str, *blocks: Html) -> Html:
    """A smaller part, inside a section."""
    return Html(f"<h3>{escape(title)}</h3>\n{join(*blocks)}")


def anchor(text: str) -> str:
    """The id of a heading: readable, and different for different texts."""
    plain = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:40]
    return f"{plain or 'part'}-{sha1(text.encode('utf-8')).hexdigest()[:6]}"


def link(text: Text, target: str) -> Html:
    """A link to the section or other element on the page whose id is ``anchor(target)``."""
    return Html(f'<a href="#{anchor(target)}">{escape(text)}</a>')


def paragraph(text: Text) -> Html:
    """A paragraph."""
    return Html(f"<p>{escape(text)}</p>")


def bullets(items: Sequence[Text]) -> Html:
    """A list."""
    return Html("<ul>" + "".join(f"<li>{escape(item)}</li>" for item in items) + "</ul>")


def tiles(facts: Mapping[str, Text]) -> Html:
    """Few key numbers, large: name -> value."""
    cells = (f"<div><dt>{escape(n)}</dt><dd>{escape(v)}</dd></div>" for n, v in facts.items())
    return Html(f'<dl class="tiles">{"".join(cells)}</dl>')


def details(summary: Text, *blocks: Html, opened: bool = False) -> Html:
    """Blocks behind a line that opens them."""
    state = " open" if opened else ""
    return Html(f"<details{state}><summary>{escape(summary)}</summary>\n{join(*blocks)}</details>")


def side_by_side(*blocks: Html) -> Html:
    """Blocks beside each other where there is room."""
    return Html(f'<div class="side-by-side">{"".join(f"<div>{b}</div>" for b in blocks)}</div>')


def table(
    headers: Sequence[Text],
    rows: Sequence[Sequence[Text]],
    caption: Text,
    *,
    strong: Collection[int] = (),
) -> Html:
    """A table; columns in which every cell is a number are aligned right.

    Args:
        headers: one per column.
        rows: cells, as many as headers; the first cell names the row.
        caption: says what the table shows.
        strong: indices of rows in bold.
    """
    kinds = [_column_class([row[column] for row in rows]) for column in range(len(headers))]
    head = "".join(
        f'<th scope="col"{kind}>{escape(text)}</th>'
        for text, kind in zip(headers, kinds, strict=True)
    )
    body = "\n".join(_table_row(row, kinds, place in strong) for place, row in enumerate(rows))
    return Html(
        '<div class="scroll" tabindex="0" role="group" aria-label="table"><table>\n'
        f"<caption>{escape(caption)}</caption>\n<thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{body}\n</tbody>\n</table></div>"
    )


def figure(image: str | bytes, caption: Text, alt: str, *, wide: bool = False) -> Html:
    """A picture with its caption.

    Args:
        image: an SVG document, put inline in the page's colours; or PNG or JPEG bytes.
        caption: below the picture.
        alt: the picture in words.
        wide: on a narrow screen, scroll it instead of shrinking it.

    Raises:
        ValueError: the bytes are neither PNG nor JPEG.
    """
    body = _inline_svg(image, alt) if isinstance(image, str) else _image(image, alt)
    kind = ' class="wide"' if wide else ""
    scroll = '<div class="scroll" tabindex="0" role="group" aria-label="figure">'
    body = f"{scroll}{body}</div>" if wide else body
    return Html(f"<figure{kind}>{body}<figcaption>{escape(caption)}</figcaption></figure>")


def _contents(sections: Sequence[Html]) -> str:
    heads = [re.search(r'<h2 id="([^"]+)">(.*?)</h2>', part) for part in sections]
    items = "".join(f'<li><a href="#{head[1]}">{head[2]}</a></li>' for head in heads if head)
    return f'<nav aria-label="Contents"><ul>{items}</ul></nav>\n' if items else ""


def _column_class(cells: Sequence[Text]) -> str:
    """Numbers go right; sentences get room, so that a phone scrolls instead of stacking words."""
    if any(isinstance(cell, Html) for cell in cells):
        return ""
    has_digit = any(char.isdigit() for cell in cells for char in cell)
    if has_digit and all(_NUMBER.match(cell) for cell in cells):
        return ' class="number"'
    return ' class="long"' if any(len(cell) > 30 for cell in cells) else ""


def _table_row(row: Sequence[Text], kinds: Sequence[str], strong: bool) -> str:
    first = f'<th scope="row"{kinds[0]}>{escape(row[0])}</th>'
    rest = "".join(
        f"<td{kind}>{escape(cell)}</td>" for cell, kind in zip(row[1:], kinds[1:], strict=True)
    )
    kind = ' class="strong"' if strong else ""
    return f"<tr{kind}>{first}{rest}</tr>"


def _image(data: bytes, alt: str) -> str:
    kinds = [kind for magic, kind in _IMAGE_TYPES.items() if data.startswith(magic)]
    if not kinds:
        raise ValueError("a figure is an SVG text, or PNG or JPEG bytes")
    coded = base64.b64encode(data).decode("ascii")
    return f'<img alt="{escape(alt)}" src="data:{kinds[0]};base64,{coded}">'


def _inline_svg(svg: str, alt: str) -> str:
    """An SVG document as an element of the page: its colours, no ids that could collide."""
    opening, _, rest = svg[svg.index("<svg") + 4 :].partition(">")
    shape = " ".join(re.findall(r'\b(?:width|height|viewBox)="[^"]+"', opening))
    rest = re.sub(r"<style.*?</style>|<metadata>.*?</metadata>", "", rest, flags=re.DOTALL)
    rest = _COLOR.sub(lambda match: _VARIABLES[match[0]], rest)
    rest = _rename_ids(rest.replace("xlink:href", "href"), alt)
    return f'<svg role="img" aria-label="{escape(alt)}" {shape}>{rest.strip()}'


def _rename_ids(markup: str, alt: str) -> str:
    # With the words, because one page may draw the same numbers twice under other names.
    prefix = f"v{sha1((alt + markup).encode('utf-8')).hexdigest()[:8]}-"
    used = set(re.findall(r'(?:url\(#|href="#)([^)"]+)', markup))
    markup = re.sub(
        r' id="([^"]+)"',
        lambda match: f' id="{prefix}{match[1]}"' if match[1] in used else "",
        markup,
    )
    return re.sub(r'(url\(#|href="#)', rf"\g<1>{prefix}", markup)
