"""A reviewed video is changed when other labels hold than a person looked through."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.core.drawn import labels_of
from tpwng_core.labels import ABNORMAL, NORMAL, Runs
from tpwng_studio.state.reviewed import ReviewedLabels, digest_of

LABELS = replace(labels_of(50), reviewed=True)
ONE = Runs.painted([(3, 9, ABNORMAL)], 50, base=NORMAL)
OTHER = Runs.painted([(3, 10, ABNORMAL)], 50, base=NORMAL)


def test_other_runs_are_a_change_and_the_same_again_are_none() -> None:
    reviewed = ReviewedLabels()
    reviewed.note(LABELS, ONE)
    for runs, changed in ((ONE, False), (OTHER, True), (ONE, False)):
        reviewed.compare("drawn", digest_of(runs))
        assert reviewed.is_changed("drawn") == changed


def test_an_edit_is_looked_at_by_who_makes_it() -> None:
    reviewed = ReviewedLabels()
    reviewed.note(LABELS, ONE)
    reviewed.compare("drawn", digest_of(OTHER))
    reviewed.note(LABELS, OTHER)
    assert not reviewed.is_changed("drawn")
    reviewed.note(replace(LABELS, reviewed=False), OTHER)
    reviewed.note(LABELS, ONE)
    reviewed.compare("drawn", digest_of(ONE))
    assert not reviewed.is_changed("drawn")


def test_digests_are_kept_and_a_lost_file_changes_nothing(tmp_path: Path) -> None:
    reviewed = ReviewedLabels()
    reviewed.write(tmp_path)
    assert not [*tmp_path.iterdir()]
    reviewed.note(LABELS, ONE)
    reviewed.write(tmp_path)
    again = ReviewedLabels.read(tmp_path)
    again.compare("drawn", digest_of(OTHER))
    assert again.is_changed("drawn")
    for text in ("{", "[]"):
        (tmp_path / "reviewed.json").write_text(text)
        lost = ReviewedLabels.read(tmp_path)
        lost.compare("drawn", digest_of(OTHER))
        assert not lost.is_changed("drawn")
