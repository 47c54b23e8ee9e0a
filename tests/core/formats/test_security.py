"""Files from elsewhere run nothing, read nothing else, and write nowhere else."""

from __future__ import annotations

import pickle
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from tests.core.formats.samples import item_of
from tests.core.labels.samples import empty
from tpwng_core.errors import ArtifactError, ConfigError, DatasetError, InputError
from tpwng_core.events import silent
from tpwng_core.formats import FORMATS, ExportOptions, Format, ImportOptions, export, import_
from tpwng_core.labels import LabelSegment
from tpwng_core.run.gathering import Sources
from tpwng_core.run.importing import ImportRequest, import_file

FPS = ImportOptions(fps=Fraction(30))
TEXT = [
    item
    for item in FORMATS.values()
    if item.can_read and item.can_write and item.name not in ("npz", "parquet", "srt")
]
ATTACKS = {
    "entity": '<!DOCTYPE x [<!ENTITY e SYSTEM "{path}">]>',
    "laughs": '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY e "&a;&a;&a;&a;">]>',
    "document type": '<!DOCTYPE x SYSTEM "{path}">',
}


@pytest.fixture
def victim(tmp_path: Path):
    said = empty(video="victim").paint(LabelSegment(start=3, end=9, state="abnormal"))
    return replace(item_of(said), path=None)


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("name", ["elan", "cvat"])
def test_document_types_and_entities_are_refused(
    tmp_path: Path, victim, name: str, attack: str
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    (path,) = export(victim, name, tmp_path)
    head, body = path.read_text(encoding="utf-8").split("?>\n", 1)
    evil = ATTACKS[attack].format(path=secret.as_uri())
    body = body.replace("victim", "&e;", 1) if attack != "document type" else body
    path.write_text(f"{head}?>\n{evil}{body}", encoding="utf-8")
    with pytest.raises(DatasetError, match="document type or entities"):
        import_(path, name, FPS)


@pytest.mark.parametrize("form", TEXT, ids=lambda item: item.name)
@pytest.mark.parametrize("name", ["../../evil", "..", "/evil", "a/../../../evil", "..\\\\evil"])
def test_names_in_files_never_lead_out_of_the_folder(
    tmp_path: Path, victim, form: Format, name: str
) -> None:
    deep = tmp_path / "a" / "b" / "c"
    path = export(victim, form.name, deep / "in")[0]
    text = path.read_text(encoding="utf-8").replace("victim", name)
    path.write_text(text, encoding="utf-8")
    for sidecar in path.parent.glob("*.meta.json"):
        sidecar.unlink()
    beside = Sources(fps=Fraction(30))
    request = ImportRequest(file=path, format=form.name, out=deep / "out", beside=beside)
    with suppress(InputError):  # or under a plain name
        import_file(request, silent)
    written = {found.parent for found in tmp_path.rglob("*.labels.json")}
    assert written <= {deep / "out"}
    assert not Path("/evil.labels.json").exists()


@pytest.mark.parametrize("form", FORMATS.values(), ids=lambda item: item.name)
def test_a_video_never_writes_out_of_the_export_folder(
    tmp_path: Path, victim, form: Format
) -> None:
    assert victim.labels is not None
    evil = replace(victim, video="../evil", labels=replace(victim.labels, video="../evil"))
    out = tmp_path / "a" / "out"
    with suppress(InputError, ConfigError):
        export(evil, form.name, out)
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert all(out in path.parents for path in written)


class _Bomb:
    def __reduce__(self):
        return (Path.touch, (Path("bomb"),))


def test_nothing_is_unpickled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "v.npz"
    bomb = np.empty(1, dtype=object)
    bomb[0] = _Bomb()
    np.savez(path, human=bomb, meta=np.array("{}"))
    with pytest.raises(ArtifactError):
        import_(path, "npz", FPS)
    for name in FORMATS:
        if FORMATS[name].can_read:
            path.write_bytes(pickle.dumps(_Bomb()))
            with pytest.raises((DatasetError, ArtifactError)):
                import_(path, name, FPS)
    assert not (tmp_path / "bomb").exists()


@pytest.mark.parametrize("form", TEXT, ids=lambda item: item.name)
@pytest.mark.parametrize(
    "content", ["", "{", "[]", "{}", "<a/>", "\x00", "a b c d", "[[[[", "x" * 9]
)
def test_nonsense_is_told_as_such(tmp_path: Path, form: Format, content: str) -> None:
    path = tmp_path / f"x{form.extension}"
    path.write_text(content, encoding="utf-8")
    with suppress(DatasetError, ArtifactError):  # told, or an empty list of videos
        assert import_(path, form.name, FPS) == []


@pytest.mark.parametrize("name", ["elan", "cvat"])
def test_a_character_that_xml_cannot_hold_is_told_before_anything_is_written(
    tmp_path: Path, victim, name: str
) -> None:
    segment = LabelSegment(start=0, end=2, state="abnormal", category="a\x01b")
    odd = replace(victim, labels=victim.labels.paint(segment))
    with pytest.raises(ConfigError, match=r"'\\x01'"):
        export(odd, name, tmp_path)
    assert not list(tmp_path.iterdir())


def test_text_that_is_no_utf8_is_told(tmp_path: Path, victim) -> None:
    segment = LabelSegment(start=0, end=2, state="abnormal", category="\udcff")
    odd = replace(victim, labels=victim.labels.paint(segment))
    for name in ("segments-csv", "webvtt", "activitynet"):
        with pytest.raises(ConfigError, match="no valid text"):
            export(odd, name, tmp_path, ExportOptions())
    assert not list(tmp_path.glob("*.csv"))
