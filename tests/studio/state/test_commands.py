"""Undoable changes: any row of edits, undo and redo is what the journal replays."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.drawn import labels_of
from tests.studio.state.test_segments import N, pieces
from tpwng_core.labels import Journal, LabelSegment, State, VideoLabels
from tpwng_studio.state.commands import Change, LabelStep
from tpwng_studio.state.history import History
from tpwng_studio.state.labelbook import LabelBook

START = labels_of(N)


@given(pieces, pieces, st.booleans())
def test_a_change_goes_there_and_back(
    one: list[tuple[int, int, State]], two: list[tuple[int, int, State]], reviewed: bool
) -> None:
    before = labels_of(N, *one)
    after = VideoLabels(
        video="drawn",
        num_frames=N,
        fps=before.fps,
        category="arson",
        reviewed=reviewed,
        segments=labels_of(N, *two).segments,
    )
    change = Change.between(before, after)
    assert change.apply(before) == after
    assert change.revert(after) == before


def test_a_change_is_no_larger_than_it_must_be() -> None:
    many = labels_of(N, (0, 5, "normal"), (10, 15, "normal"), (20, 25, "normal"))
    change = Change.between(many, many.paint(LabelSegment(start=10, end=15, state="abnormal")))
    assert (change.low, len(change.old), len(change.new)) == (1, 1, 1)
    same = Change.between(many, many)
    assert not same.old
    assert not same.new


steps = st.lists(
    st.one_of(
        st.just("undo"),
        st.just("redo"),
        st.tuples(st.integers(0, N - 1), st.integers(1, 20), st.sampled_from(["paint", "erase"])),
    ),
    max_size=25,
)


@given(steps)
@settings(max_examples=40, deadline=None)
def test_edits_undo_and_redo_equal_the_replay_of_the_journal(
    taken: list[str | tuple[int, int, str]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        journal = Path(folder, "journal.jsonl")
        book, history = LabelBook(Path(folder, "labels"), journal), History()
        states: list[VideoLabels] = [START]  # what undo and redo walk along
        place = 0

        def read() -> VideoLabels:
            return book.get("drawn") or START

        def put(labels: VideoLabels, what: str) -> bool:
            book.put(labels, what)
            return True

        for step in taken:
            if step == "undo":
                history.undo()
                place = max(place - 1, 0)
            elif step == "redo":
                history.redo()
                place = min(place + 1, len(states) - 1)
            else:
                after = _edited(read(), step)
                if after != read():
                    change = Change.between(read(), after)
                    history.push(LabelStep(text="Edit", change=change, read=read, put=put))
                    states[place + 1 :] = [after]
                    place += 1
            assert read() == states[place]
            replayed = [entry.labels for entry in Journal(journal).entries()]
            assert (replayed[-1] if replayed else START) == read()


def _edited(labels: VideoLabels, step: str | tuple[int, int, str]) -> VideoLabels:
    assert not isinstance(step, str)
    start, length, how = step
    if how == "erase":
        return labels.erase(start, start + length)
    return labels.paint(LabelSegment(start=start, end=start + length, state="abnormal"))


def test_a_change_that_cannot_be_kept_is_no_step_and_one_not_undone_stays() -> None:
    history, kept = History(), [START]

    def put(labels: VideoLabels, what: str) -> bool:
        if what.startswith("Undo") or what == "Refused":
            return False
        kept.append(labels)
        return True

    change = Change.between(START, labels_of(N, (0, 5, "normal")))

    def step(text: str) -> LabelStep:
        return LabelStep(text=text, change=change, read=lambda: kept[-1], put=put)

    assert not history.push(step("Refused"))
    assert history.last is None
    assert history.push(step("Kept"))
    assert not history.undo()
    assert history.last is not None
    assert history.last.text == "Kept"
    assert kept[-1] == labels_of(N, (0, 5, "normal"))
