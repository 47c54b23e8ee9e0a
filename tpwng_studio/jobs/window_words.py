"""The core's remedies in the words of the window, which has controls where a terminal has options.

A text in, the same without an option of the command line out. Called by whatever shows an error
of the worker. No Qt.
"""

from __future__ import annotations

import re

_ANOTHER_RUN = "train a new run"
# The first that fits wins, so whole remedies stand before single options.
_REMEDIES: tuple[tuple[str, str], ...] = (
    (r"add --resume to go on with it, or choose another --out", "Resume it, or train a new run"),
    (r"(train|retrain) without --resume", _ANOTHER_RUN),
    (r"(give|resume with) the (--labels|same settings).*another --out", _ANOTHER_RUN),
    (r"resume with the same settings, or choose another --out", _ANOTHER_RUN),
    (r"choose another --out, so that the model before it stays", _ANOTHER_RUN),
    # The window's folders are the project's: there is no other to choose.
    (r"(?<!,) or choose another --out", ""),
    (r"choose another --out", "choose another place"),
    (r"(train )?with --set temporal\.causal=true", "train with Look back only"),
    (r"use --device cpu", "choose Settings, Compute on: CPU"),
    (r"(give|name it with) (the |it with )?--clip", "choose under Data set… the CLIP"),
    (r"make it again: tpwng-core (label|score)", "make it again: Train, Use"),
    (r"run the round again: tpwng-core retrain", "run the round again: Retrain"),
    (r"train one: tpwng-core train", "train one: Train"),
    (r"run tpwng-core extract first", "extract them: Data set…"),
    (r"extract them: tpwng-core extract", "extract them: Data set…"),
    (r"give --videos or --(features|fps)", "extract its features first"),
    (r"check --features", "extract the videos again: Data set…"),
    (r"--clip", "CLIP"),
    (r"--device", "Settings, Compute on"),
    (r"--checkpoint", "a model"),
    (r"--manifest", "the data set"),
    (r"--ground-truth", "the ground truth"),
    (r"--labels", "the labels"),
    (r"--features", "the features"),
)
# Two dashes in the name of a file are none of these.
_NOT_IN_A_NAME = r"(?<![\w./\\-])"
_OPTION = re.compile(_NOT_IN_A_NAME + r"--([a-z][a-z-]*)")


def _whole(remedy: str) -> re.Pattern[str]:
    """The remedy with each option as a word of its own."""
    return re.compile(_OPTION.sub(lambda one: f"{_NOT_IN_A_NAME}{one[0]}(?![\\w-])", remedy))


_PATTERNS = [(_whole(remedy), words) for remedy, words in _REMEDIES]


def in_window_words(text: str) -> str:
    """A message or a remedy without options; one that is not known loses its dashes at least."""
    for pattern, words in _PATTERNS:
        text = pattern.sub(words, text)
    return _OPTION.sub(lambda found: found[1].replace("-", " "), text)
