"""Reads files with libraries that cannot live in our environment; run by another Python.

``foreign_readers.py label-studio TASKS CONFIG`` or ``foreign_readers.py cvat FILE`` prints what
the library made of the file as JSON. ``make readers`` makes the environment.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path


def label_studio(tasks: Path, config: Path) -> dict:
    """What the SDK thinks of tasks under their configuration, and what its converter makes."""
    from label_studio_sdk.converter import Converter
    from label_studio_sdk.label_interface import LabelInterface

    text = config.read_text(encoding="utf-8")
    interface = LabelInterface(text)
    interface.validate()
    found = json.loads(tasks.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        Converter(text, folder, upload_dir=folder).convert_to_json(str(tasks), folder, is_dir=False)
        converted = json.loads((Path(folder) / "result.json").read_text(encoding="utf-8"))
    return {
        "tasks": [interface.validate_task({"data": task["data"]}) for task in found],
        "annotations": [
            interface.validate_annotation(said) for task in found for said in task["annotations"]
        ],
        "predictions": [
            interface.validate_prediction(said) for task in found for said in task["predictions"]
        ],
        "converted": len(converted),
    }


def cvat(path: Path) -> list[dict]:
    """The boxes that Datumaro reads."""
    from datumaro import Dataset

    dataset = Dataset.import_from(str(path), "cvat")
    return sorted(
        (
            {
                "frame": item.attributes["frame"],
                "track": box.attributes["track_id"],
                "outside": box.attributes["outside"],
                "category": box.attributes["category"],
                "box": list(box.get_bbox()),
            }
            for item in dataset
            for box in item.annotations
        ),
        key=lambda box: (box["track"], box["frame"]),
    )


if __name__ == "__main__":
    kind, *paths = sys.argv[1:]
    print(json.dumps({"label-studio": label_studio, "cvat": cvat}[kind](*map(Path, paths))))  # type: ignore[operator]
