"""Names of videos and categories: what counts as the same, and what counts as normal.

Strings in, ids out (spec/files.md, "Names"). Called by the readers of manifests and ground
truth and by whoever needs a prompt for a category that brings none.
"""

from __future__ import annotations

import re

# spec/files.md names the first four; the others are folders of UCF-Crime's training half.
NORMAL_NAMES = frozenset(
    {
        "normal",
        "a",
        "testing_normal_videos_anomaly",
        "training_normal_videos_anomaly",
        "normal_videos",
        "normal_videos_event",
    }
)

UCF_CRIME_CATEGORIES = (
    "Abuse",
    "Arrest",
    "Arson",
    "Assault",
    "Burglary",
    "Explosion",
    "Fighting",
    "RoadAccidents",
    "Robbery",
    "Shooting",
    "Shoplifting",
    "Stealing",
    "Vandalism",
)
XD_VIOLENCE_CATEGORIES = ("B1", "B2", "B4", "B5", "B6", "G")

# Suffixes of videos (a test compares them with video.VIDEO_SUFFIXES, which lies behind the
# decoders), features and scores.
_SUFFIX = re.compile(
    r"\.(features\.safetensors|scores\.npz|pseudo\.npz|np[yz]|3gp|asf|avi|dav|flv|gif|h?26[45]"
    r"|hevc|m2?ts|m4v|mjpe?g|mkv|mov|mp4|mpe?g|mxf|ogv|ps|ts|vob|webm|wmv)$",
    re.IGNORECASE,
)
_XD_LABEL_IN_NAME = re.compile(r"_label_([ABG0-9]+(?:-[BG0-9]+)*)$")
_UCF_NAME = re.compile(r"([A-Za-z]+?)(_Videos)?_?\d+(_|$)")
_UCF_BY_FOLDED_NAME = {name.casefold(): name for name in UCF_CRIME_CATEGORIES}


def video_id(name: str) -> str:
    """Id of the video that a path or file name stands for: its stem.

    Folders and the suffix of a video, feature or score file are dropped; other dots stay, since
    ids such as ``Bad.Boys.1995__#01-11-55_01-12-40_label_G-B2-B6`` contain them.
    """
    return _SUFFIX.sub("", re.split(r"[/\\]", name.strip())[-1])


def is_normal_name(text: str) -> bool:
    """Whether ``text`` is one of the names of the one normal category; case is ignored."""
    return text.strip().casefold() in NORMAL_NAMES


def category_prompt(category: str) -> str:
    """Text of a category that has no prompt of its own: its id, camel case split.

    Example:
        >>> category_prompt("RoadAccidents")
        'road accidents'
    """
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", category)
    return re.sub(r"[\s_\-]+", " ", words).strip().lower()


def parse_label(text: str) -> tuple[str, ...]:
    """Category ids of a label, in the order of the label; () means normal.

    ``fighting|arson`` and XD-Violence codes such as ``B1-B2-0`` are sets; ``normal`` and its
    other names are the empty set.

    Raises:
        ValueError: the label is empty, has an empty part, or joins normal with a category.
    """
    codes = _xd_codes(text.strip()) if "-" in text else None
    parts = codes or [part.strip() for part in text.split("|")]
    if not all(parts):
        raise ValueError(f"label {text!r} has an empty part")
    categories = tuple(dict.fromkeys(part for part in parts if not is_normal_name(part)))
    if categories and len(categories) < len(set(parts)):
        raise ValueError(f"label {text!r} joins normal with a category")
    return categories


def benchmark_labels(name: str) -> tuple[str, ...] | None:
    """Labels that a benchmark video's own name states, or None where it states none.

    XD-Violence ids end in ``_label_B2-G-0``; UCF-Crime paths are ``Class/Class028_x264.mp4``.

    Args:
        name: path or id of a video.
    """
    xd_label = _XD_LABEL_IN_NAME.search(video_id(name))
    if xd_label:
        codes = _xd_codes(xd_label[1])
        return None if codes is None else tuple(code for code in codes if code != "A")
    ucf_name = _UCF_NAME.match(video_id(name))
    words = re.split(r"[/\\]", name.strip())[-2:-1] + ([ucf_name[1]] if ucf_name else [])
    for word in words:
        if is_normal_name(word):
            return ()
        if word.casefold() in _UCF_BY_FOLDED_NAME:
            return (_UCF_BY_FOLDED_NAME[word.casefold()],)
    return None


def _xd_codes(text: str) -> list[str] | None:
    """Distinct codes of an XD-Violence label without its zeros, or None for any other text."""
    parts = text.upper().split("-")
    codes = [part for part in dict.fromkeys(parts) if part != "0"]
    known = all(code == "A" or code in XD_VIOLENCE_CATEGORIES for code in codes)
    return codes if codes and known else None
