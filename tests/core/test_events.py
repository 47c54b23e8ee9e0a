"""Events as JSON lines, and progress with rate and remaining time."""

from __future__ import annotations

import json
from pathlib import Path

from tpwng_core.events import Artifact, Event, Metric, Progress, Ticker, to_json


def test_an_event_is_one_line_with_its_name_and_time() -> None:
    line = to_json(Artifact(kind="scores", path=Path("a b.npz")), request_id=7)
    body = json.loads(line)
    assert "\n" not in line
    assert {key: body[key] for key in ("event", "id", "kind", "path")} == {
        "event": "artifact",
        "id": 7,
        "kind": "scores",
        "path": "a b.npz",
    }
    assert body["time"] > 1e9


def test_without_a_request_there_is_no_id() -> None:
    assert "id" not in json.loads(to_json(Metric(step=1, epoch=1, values={"auc": 0.5})))


def test_values_that_are_no_numbers_stay_valid_json() -> None:
    body = json.loads(to_json(Metric(step=1, epoch=1, values={"auc": float("nan")})))
    assert body["values"]["auc"] is None


def test_progress_counts_up_and_knows_what_is_left() -> None:
    seen: list[Event] = []
    ticker = Ticker(seen.append, 4, "video")
    ticker.advance()
    ticker.advance(3)
    last = seen[-1]
    assert isinstance(last, Progress)
    assert (last.done, last.total, last.unit, last.eta_s) == (4, 4, "video", 0.0)
    first = seen[0]
    assert isinstance(first, Progress)
    assert first.eta_s is not None
    assert first.rate is not None
    assert first.rate > 0


def test_an_unknown_total_has_no_eta() -> None:
    seen: list[Event] = []
    Ticker(seen.append, None, "frame").advance()
    assert isinstance(seen[0], Progress)
    assert seen[0].eta_s is None
