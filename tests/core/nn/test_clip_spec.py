from __future__ import annotations

from pathlib import Path

import pytest

from tpwng_core.errors import ConfigError
from tpwng_core.nn.clip_spec import DEFAULT_CLIP, FOLDER_SOURCES, ClipSpec


@pytest.mark.parametrize(
    ("text", "kind", "name", "source"),
    [
        (DEFAULT_CLIP, "pretrained", "ViT-B-16-quickgelu", "openai"),
        ("ViT-L-14-quickgelu", "pretrained", "ViT-L-14-quickgelu", "openai"),
        ("ViT-B-32:laion2b_s34b_b79k", "pretrained", "ViT-B-32", "laion2b_s34b_b79k"),
        ("ViT-B-16-quickgelu:/a/b.pt", "file", "ViT-B-16-quickgelu", "/a/b.pt"),
        ("ViT-B-16-quickgelu:b.safetensors", "file", "ViT-B-16-quickgelu", "b.safetensors"),
        ("ViT-B-16:C:\\w\\b.pt", "file", "ViT-B-16", "C:\\w\\b.pt"),
        ("demo", "folder", "demo", ""),
    ],
)
def test_texts_name_a_clip(text: str, kind: str, name: str, source: str):
    spec = ClipSpec.parse(text)
    assert (spec.kind, spec.name, spec.source) == (kind, name, source)


@pytest.mark.parametrize("text", ["/a/b.pt", "b.safetensors", "C:\\b.pt", "./weights", "", ":x"])
def test_weights_without_their_architecture_are_refused_with_the_remedy(text: str):
    with pytest.raises(ConfigError, match="names no architecture") as caught:
        ClipSpec.parse(text)
    assert "NAME:FILE" in caught.value.hint


def test_a_file_in_the_working_folder_is_no_architecture(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("weights").write_bytes(b"")
    with pytest.raises(ConfigError, match="names no architecture"):
        ClipSpec.parse("weights")


def test_a_folder_must_hold_a_clip(tmp_path: Path):
    spec = ClipSpec.parse(str(tmp_path))
    assert spec.kind == "folder"
    with pytest.raises(ConfigError, match=r"no CLIP folder: it has no config\.json"):
        spec.folder()


def test_others_may_enter_names_for_folders(tmp_path: Path, monkeypatch):
    monkeypatch.setitem(FOLDER_SOURCES, "made", lambda argument: tmp_path / argument)
    folder = tmp_path / "ucf-like:0"
    folder.mkdir()
    for name in ("config.json", "weights.safetensors"):
        (folder / name).touch()
    assert ClipSpec.parse("made:ucf-like:0").folder() == folder


def test_a_spec_reads_as_it_was_written():
    for text in ("demo", DEFAULT_CLIP, "ViT-B-16-quickgelu:/a/b.pt"):
        assert str(ClipSpec.parse(text)) == text
