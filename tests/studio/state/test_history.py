"""The order of edits: what is undone and redone next, and what a new edit forgets."""

from __future__ import annotations

from tpwng_studio.state.history import History


class Adding:
    """Appends its text to a list; refuses what it is told to."""

    def __init__(self, done: list[str], text: str, *refused: str) -> None:
        self.text = self.undone_text = self.redone_text = text
        self.place = None
        self._done, self._refused = done, refused

    def do(self) -> bool:
        """Append."""
        if "do" not in self._refused:
            self._done.append(self.text)
        return "do" not in self._refused

    def undo(self) -> bool:
        """Take away again."""
        if "undo" not in self._refused:
            assert self._done.pop() == self.text
        return "undo" not in self._refused


def test_the_newest_step_is_undone_first_and_redone_last() -> None:
    done: list[str] = []
    history = History()
    for text in "abc":
        assert history.push(Adding(done, text))
    assert history.undo()
    assert history.undo()
    assert done == ["a"]
    assert history.last is not None
    assert history.last.text == "a"
    assert history.redo()
    assert done == ["a", "b"]
    assert history.next is not None
    assert history.next.text == "c"


def test_a_new_step_forgets_what_was_undone() -> None:
    done: list[str] = []
    history = History()
    history.push(Adding(done, "a"))
    history.undo()
    history.push(Adding(done, "b"))
    assert not history.redo()
    assert done == ["b"]


def test_what_cannot_be_done_is_no_step_and_what_cannot_be_undone_stays() -> None:
    done: list[str] = []
    history = History()
    history.push(Adding(done, "a", "undo"))
    assert not history.push(Adding(done, "b", "do"))
    assert not history.undo()
    assert history.last is not None
    assert history.last.text == "a"
    history.clear()
    assert not history.undo()
