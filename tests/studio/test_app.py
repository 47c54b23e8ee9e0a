"""The program: words, environment, signals, and the self-test."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import tpwng_core
from tpwng_studio import app


def test_help_and_version_answer_without_qt() -> None:
    code = (
        "import sys; from tpwng_studio.app import _parser; _parser().format_help();"
        "print([name for name in sys.modules if name.startswith('PySide6')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_version_is_the_packages(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        app.main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.strip() == f"tpwng-studio {tpwng_core.__version__}"


def test_a_path_that_is_not_there_is_said_before_a_window_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert app.main([str(tmp_path / "gone")]) == 3
    assert "gone" in capsys.readouterr().err


def test_plugins_of_opencv_are_dropped_and_others_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM_PLUGIN_PATH", "/venv/lib/cv2/qt/plugins")
    monkeypatch.setenv("QT_QPA_FONTDIR", "/usr/share/fonts")
    app.drop_plugins_of_opencv()
    assert "QT_QPA_PLATFORM_PLUGIN_PATH" not in os.environ
    assert os.environ["QT_QPA_FONTDIR"] == "/usr/share/fonts"


def test_the_self_test_passes(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tpwng_studio", "--self-test", "--self-test-pictures", tmp_path],
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "self-test passed" in done.stdout
    assert len(list(tmp_path.glob("*.png"))) > 20


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to catch")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_closes_the_window_in_good_order(tmp_path: Path, number: signal.Signals) -> None:
    environment = {**os.environ, "XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    process = subprocess.Popen(
        [sys.executable, "-m", "tpwng_studio", "--demo"], env=environment, stderr=subprocess.PIPE
    )
    lock = tmp_path / "tpwng-studio" / "demo" / ".studio.lock"
    deadline = time.monotonic() + 60
    while not lock.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(2.0)
    assert process.poll() is None, "the window did not stay open"
    process.send_signal(number)
    _, told = process.communicate(timeout=30)
    assert process.returncode == 0, told
    assert not lock.exists()
