"""How a job ended, in the words of the strip of jobs."""

from __future__ import annotations

import pytest

from tpwng_studio.jobs.job import Job, State
from tpwng_studio.jobs.job_words import outcome_words, summary_words


def ended(state: State, error: str, *, began: bool = True) -> Job:
    job = Job(id="1", verb="train", args={}, title="Train", state=state)
    job.error, job.hint = error, "run it again"
    job.started_s = 10.0 if began else None
    return job


@pytest.mark.parametrize("error", ["cancelled", "terminated", "the worker was ended by signal 9"])
def test_who_cancels_need_not_hear_how_it_was_done(error: str) -> None:
    assert outcome_words(ended("cancelled", error)) == "cancelled"


def test_what_never_began_says_why() -> None:
    words = outcome_words(ended("cancelled", "not begun, because of another", began=False))
    assert words == "cancelled: not begun, because of another (run it again)"


def test_a_failure_says_what_and_the_remedy() -> None:
    job = ended("failed", "no space\nmore of it")
    assert outcome_words(job) == "failed: no space (run it again)"


def test_one_video_is_called_one() -> None:
    job = ended("done", "")
    for number, words in ((1, "1 video scored"), (24, "24 videos scored")):
        job.summary = {"scored": number}
        assert summary_words(job) == words
