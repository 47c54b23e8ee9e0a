"""XML: written in lines, read without ever following an entity or a document type.

Called by the formats of ELAN and CVAT.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from tpwng_core.errors import ConfigError, DatasetError

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_FORBIDDEN = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_IN_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_IN_ATTRIBUTES = _IN_TEXT | str.maketrans({'"': "&quot;", "\n": "&#10;", "\t": "&#9;"})


def leaf(name: str, text: str = "", attributes: Mapping[str, str] | None = None) -> str:
    """An element with text as a line.

    Raises:
        ConfigError: the text has a character that XML cannot hold.
    """
    inner = _checked(text).translate(_IN_TEXT)
    return f"<{name}{_attributes(attributes)}>{inner}</{name}>\n"


def empty(name: str, attributes: Mapping[str, str]) -> str:
    """An element without content as a line."""
    return f"<{name}{_attributes(attributes)}/>\n"


def nested(
    name: str, lines: Iterable[str], attributes: Mapping[str, str] | None = None
) -> Iterator[str]:
    """An element around lines."""
    yield f"<{name}{_attributes(attributes)}>\n"
    yield from lines
    yield f"</{name}>\n"


def read_xml(path: Path) -> Element:
    """The root element of a file; document types and entities are refused.

    Raises:
        DatasetError: missing, no XML, or with a document type.
    """
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root: Element = fromstring(path.read_bytes(), forbid_dtd=True)
    except OSError as error:
        raise DatasetError(f"cannot read {path}: {error.strerror}", "check the path") from error
    except ParseError as error:
        raise DatasetError(f"{path} is no XML: {error}", "export it again") from error
    except DefusedXmlException as error:
        raise DatasetError(
            f"{path} has a document type or entities, which are not followed", "remove them"
        ) from error
    return root


def _attributes(values: Mapping[str, str] | None) -> str:
    pairs = (values or {}).items()
    escaped = ((name, _checked(value).translate(_IN_ATTRIBUTES)) for name, value in pairs)
    return "".join(f' {name}="{value}"' for name, value in escaped)


def _checked(text: str) -> str:
    odd = _FORBIDDEN.search(text)
    if odd:
        raise ConfigError(
            f"XML cannot hold the character {odd[0]!r} of {text[:60]!r}",
            "rename it, or choose another format",
        )
    return text
