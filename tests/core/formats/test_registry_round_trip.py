"""Reading back what was written gives everything but what the format declares as lost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.core.formats.samples import annotation, clock_of, items
from tpwng_core.formats import (
    FORMATS,
    ExportItem,
    ExportOptions,
    Format,
    ImportOptions,
    export,
    losses_of,
    read_annotations,
    sniff,
)
from tpwng_core.formats.losses import remains_of

READABLE = [item for item in FORMATS.values() if item.can_read and item.can_write]
SPLIT_AT_SPACES = ("ucf-crime", "xd-violence", "xd-violence-multiclass")
_FOLDER = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    max_examples=40,
    deadline=None,
)


def written(item: ExportItem, form: Format, folder: Path) -> list[Path]:
    omits = "unknown" not in form.states
    options = ExportOptions(unknown="omit" if omits else "error", slots="widen")
    return export(item, form.name, folder, options)


def remaining(item: ExportItem, form: Format):
    found = annotation(item)
    if "unknown" not in form.states:
        kept = tuple(mark for mark in found.marks if mark.state != "unknown")
        found = replace(found, marks=kept)
    return remains_of(found, form.loses)


@pytest.mark.parametrize("form", READABLE, ids=lambda form: form.name)
@_FOLDER
@given(data=st.data())
def test_nothing_but_the_declared_is_lost(tmp_path: Path, form: Format, data) -> None:
    item = data.draw(items(plain=form.name in SPLIT_AT_SPACES))
    expected = remaining(item, form)
    if expected and form.name == "ucf-crime":  # refuses a video of a category without a segment
        assume(any(mark.state == "abnormal" for mark in expected.marks) or not expected.categories)
    path = written(item, form, tmp_path)[0]
    if expected is None:
        return
    options = ImportOptions(clocks={item.video: clock_of(item)})
    (found,) = read_annotations(path, form.name, options)
    clock = clock_of(item)
    assert found == replace(expected, num_frames=clock.num_frames, fps=clock.fps)
    assert sniff(path) == form.name


@pytest.mark.parametrize("form", READABLE, ids=lambda form: form.name)
@_FOLDER
@given(data=st.data())
def test_an_export_names_what_it_loses(form: Format, data) -> None:
    item = data.draw(items(plain=form.name in SPLIT_AT_SPACES))
    named = losses_of([item], form.name)
    found = annotation(item)
    assert bool(named) == (remains_of(found, form.loses) != found)
    assert set(named) <= {*form.losses}
