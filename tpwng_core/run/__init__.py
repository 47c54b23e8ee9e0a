"""The verbs: each makes one noun from another and reports while it works.

Importing this package imports no torch; it only tells ``nn.clip_spec`` who makes the text towers
of the synthetic benchmark, because networks know no verbs.
"""

from pathlib import Path

from tpwng_core.nn.clip_spec import FOLDER_SOURCES


def _synthetic_tower(argument: str) -> Path:
    from tpwng_core.run.synthetic_clip import tower_folder

    return tower_folder(argument)


FOLDER_SOURCES["synthetic"] = _synthetic_tower
