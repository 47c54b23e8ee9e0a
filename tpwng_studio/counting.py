"""How many of a thing there are, in words.

A number and a noun in, text out. Called by dialogs, forms and jobs. No Qt.
"""

from __future__ import annotations


def count(number: int, noun: str) -> str:
    """``1 edit``, ``14 edits``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
