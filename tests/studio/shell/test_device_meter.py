"""What the machine computes on, in words, asked without torch."""

from __future__ import annotations

import stat
from pathlib import Path

from pytestqt.qtbot import QtBot

from tpwng_studio.shell.device_meter import DeviceMeter, cpu_words, gpu_words

ANSWER = "NVIDIA H200, 31 %, 2048 MiB, 143771 MiB\nNVIDIA H200, 7 %, 1 MiB, 143771 MiB\n"


def program(folder: Path, text: str, code: int = 0) -> str:
    path = folder / "smi"
    path.write_text(f"#!/bin/sh\ncat <<'END'\n{text}END\nexit {code}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_the_busiest_gpu_is_told_and_all_are_listed() -> None:
    words = gpu_words(ANSWER)
    assert words is not None
    assert words[0] == "GPU 31%"
    assert words[1].count("NVIDIA H200") == 2


def test_what_is_no_answer_is_known_as_such() -> None:
    assert gpu_words("NVIDIA-SMI has failed\n") is None
    assert gpu_words("") is None


def test_a_driver_is_asked_in_a_process_of_its_own(tmp_path: Path, qtbot: QtBot) -> None:
    meter = DeviceMeter(program(tmp_path, ANSWER))
    with qtbot.waitSignal(meter.measured) as told:
        meter.start()
    meter.stop()
    assert told.args is not None
    assert told.args[0] == "GPU 31%"


def test_a_driver_that_fails_leaves_the_cpu(tmp_path: Path, qtbot: QtBot) -> None:
    meter = DeviceMeter(program(tmp_path, "no driver\n", 9))
    with qtbot.waitSignal(meter.measured) as told:
        meter.start()
    meter.stop()
    assert told.args is not None
    assert told.args[0].startswith("CPU")


def test_a_program_that_is_not_there_leaves_the_cpu(tmp_path: Path, qtbot: QtBot) -> None:
    meter = DeviceMeter(str(tmp_path / "gone"))
    with qtbot.waitSignal(meter.measured, check_params_cb=lambda text, _: "CPU" in text):
        meter.start()
    meter.stop()


def test_the_load_of_the_cpu_is_a_share() -> None:
    text, tip = cpu_words()
    assert text.startswith("CPU")
    assert "cores" in tip
