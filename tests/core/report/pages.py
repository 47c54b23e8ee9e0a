"""Reads a page as a browser would: what is open, what is fetched, which ids there are."""

from __future__ import annotations

from html.parser import HTMLParser

Attributes = list[tuple[str, str | None]]
VOID = {"meta", "img", "br", "link", "hr", "input"}


class PageReader(HTMLParser):
    """Collects elements, ids, links and text; ``unbalanced`` lists tags closed out of order."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.unbalanced: list[str] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(page)
        self.unbalanced += self._open

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.unbalanced.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data

    def named(self, tag: str) -> list[dict[str, str | None]]:
        """Attributes of all elements of a kind."""
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def ids(self) -> list[str]:
        """All ids, in order."""
        return [str(attributes["id"]) for _, attributes in self.elements if "id" in attributes]

    @property
    def targets(self) -> list[str]:
        """All href and src."""
        found = []
        for _, attributes in self.elements:
            found += [str(attributes[key]) for key in ("href", "src") if key in attributes]
        return found


def assert_sound(page: str) -> PageReader:
    """Balanced, self-contained, accessible; every inner link leads somewhere."""
    reader = PageReader(page)
    assert reader.unbalanced == []
    assert len(reader.ids) == len(set(reader.ids))
    assert "http" not in page
    assert "@import" not in page
    assert not {"script", "link", "iframe", "object"} & {tag for tag, _ in reader.elements}
    for target in reader.targets:
        assert target.startswith(("data:image/", "#"))
        assert target[0] != "#" or target[1:] in reader.ids
    assert all(image.get("alt") for image in reader.named("img"))
    assert all(drawing.get("aria-label") for drawing in reader.named("svg"))
    assert len(reader.named("caption")) == len(reader.named("table"))
    return reader
