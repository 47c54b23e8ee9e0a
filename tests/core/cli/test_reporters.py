"""What a person sees while a verb works."""

from __future__ import annotations

import io
from pathlib import Path

from tpwng_core.cli.reporters import TerminalReporter
from tpwng_core.events import Artifact, Message, Metric, Progress, Started


def shown(events: list, **options) -> str:
    stream = io.StringIO()
    report = TerminalReporter(stream, **options)
    for event in events:
        report(event)
    report.close()
    return stream.getvalue()


EVENTS = [
    Started(verb="train", total=2),
    Progress(done=1, total=2, unit="step"),
    Metric(step=1, epoch=1, values={"rank_n": 0.5, "auc": 0.8766}),
    Message(level="info", text="hello"),
    Message(level="warning", text="careful"),
    Artifact(kind="checkpoint", path=Path("c.safetensors")),
    Progress(done=2, total=2, unit="step"),
]


def test_lines_and_a_bar() -> None:
    text = shown(EVENTS)
    assert "epoch 1  rank normal 0.5  AUC 0.8766" in text
    assert "hello" in text
    assert "warning: careful" in text
    assert "2/2" in text
    assert "c.safetensors" not in text


def test_verbose_names_every_file() -> None:
    assert "wrote checkpoint c.safetensors" in shown(EVENTS, at_least="debug")


def test_quiet_shows_errors_only() -> None:
    assert shown(EVENTS, at_least="error") == ""
    assert "bad" in shown([Message(level="error", text="bad")], at_least="error")


def test_each_verb_within_a_verb_gets_a_bar_of_its_own() -> None:
    first = [Started(verb="a"), Progress(done=1, total=1, unit="video")]
    text = shown([*first, Started(verb="b"), Progress(done=3, total=3, unit="step")])
    assert "1/1" in text
    assert "3/3" in text


def test_a_watch_tells_time_and_score_and_nothing_twice() -> None:
    values = {"score": 0.834, "time_s": 12.333, "frame": 148.0, "alarm": 1.0}
    lost = Metric(step=1, epoch=1, values={"lost": 1.0, "retry_s": 2.0})
    calm = Metric(step=2, epoch=0, values={**values, "alarm": 0.0, "time_s": 13.0})
    text = shown([Started(verb="watch"), Metric(step=1, epoch=0, values=values), calm, lost])
    assert text.splitlines() == ["12.33 s  score 0.83  alarm", "13.00 s  score 0.83"]
