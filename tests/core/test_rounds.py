"""A round of corrections on disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from tpwng_core.errors import ArtifactError
from tpwng_core.rounds import NAME, Round, is_round, read_round, write_round

ROUND = Round(
    taught="0123456789abcdef",
    checkpoint="fedcba9876543210",
    is_warm=True,
    human_weight=4.0,
    spread_above=0.99,
    corrected={"a": 30, "b": 12},
    trained=("a", "b", "c"),
    chosen_by=("d",),
)


def test_a_round_reads_as_it_was_written(tmp_path: Path) -> None:
    assert not is_round(tmp_path)
    assert write_round(tmp_path, ROUND) == tmp_path / NAME
    assert is_round(tmp_path)
    assert read_round(tmp_path) == ROUND
    assert ROUND.num_frames == 42


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"version": 2}', '{"version": 1, "trained": 3, "chosen_by": []}']
)
def test_a_damaged_file_is_told_with_its_name(tmp_path: Path, text: str) -> None:
    (tmp_path / NAME).write_text(text)
    with pytest.raises(ArtifactError, match=NAME):
        read_round(tmp_path)


def test_a_missing_file_is_told_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match=NAME):
        read_round(tmp_path)
