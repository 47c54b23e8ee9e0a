"""How well a few typed letters fit a name, as in editors: letters in order, word starts first.

Words in, a score and the places of the letters out. Called by the palette. No Qt.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_WORD_START = 8.0
_CONSECUTIVE = 5.0
_LETTER = 1.0
_LATE = 0.02
_PHRASE_WORD, _PHRASE_START = 6.0, 5.0  # a letter; of a text typed as it begins, 6.5 and more


@dataclass(frozen=True, kw_only=True)
class Match:
    """A fit: ``score`` (higher is better) and the ``places`` of the letters in the text."""

    score: float
    places: tuple[int, ...]


def match(query: str, text: str) -> Match | None:
    """Fit ``query`` to ``text``, ignoring case and spaces of the query; None when it does not.

    Tries each place of the first letter and takes the next possible place for every other one,
    preferring a word start; short names need no more.
    """
    letters = "".join(query.lower().split())
    if not letters:
        return Match(score=0.0, places=())
    lowered = text.lower()
    found = [
        Match(score=_score(places, lowered), places=places) for places in _fits(letters, lowered)
    ]
    return max(found, key=lambda item: item.score, default=None)


def match_phrases(query: str, phrases: Sequence[str]) -> Match | None:
    """Fit ``query`` to other names: each of its words begins a word of one phrase.

    A whole word is worth more than letters found here and there in a text; no place of a letter is
    known, as the text says something else.
    """
    parts = query.lower().split()
    if not parts:
        return None
    for phrase in phrases:
        words = phrase.lower().split()
        if all(any(word.startswith(part) for word in words) for part in parts):
            score = sum(
                (_PHRASE_WORD if part in words else _PHRASE_START) * len(part) for part in parts
            )
            return Match(score=score, places=())
    return None


def _fits(letters: str, text: str) -> Iterator[tuple[int, ...]]:
    start = text.find(letters[0])
    while start >= 0:
        yield from filter(
            None, (_follow(letters, text, start), _follow_words(letters, text, start))
        )
        start = text.find(letters[0], start + 1)


def _follow(letters: str, text: str, start: int) -> tuple[int, ...] | None:
    """Each letter at its next place."""
    places = [start]
    for letter in letters[1:]:
        place = text.find(letter, places[-1] + 1)
        if place < 0:
            return None
        places.append(place)
    return tuple(places)


def _follow_words(letters: str, text: str, start: int) -> tuple[int, ...] | None:
    """Each letter right after the one before, else at the next start of a word."""
    places = [start]
    for letter in letters[1:]:
        after = places[-1] + 1
        if text[after : after + 1] == letter:
            places.append(after)
            continue
        starts = (i for i in range(after, len(text)) if text[i] == letter and _starts_word(text, i))
        place = next(starts, None)
        if place is None:
            return None
        places.append(place)
    return tuple(places)


def _score(places: tuple[int, ...], text: str) -> float:
    score = -_LATE * len(text)
    for number, place in enumerate(places):
        score += _LETTER - _LATE * place
        if _starts_word(text, place):
            score += _WORD_START
        if number and place == places[number - 1] + 1:
            score += _CONSECUTIVE
    return score


def _starts_word(text: str, place: int) -> bool:
    return place == 0 or not text[place - 1].isalnum()
