"""A worker that says what a test wrote down: ``python scripted_worker.py SCRIPT``.

A line of the script is an event without its id, ``{"sleep": SECONDS}``, ``{"die": CODE}`` or
``{"deaf": true}``, after which stop and SIGTERM change nothing. At its end it waits to be stopped.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

HEARD = "heard.jsonl"


def play(lines: list[str], number: object) -> None:
    for line in lines:
        step: dict[str, Any] = json.loads(line)
        if "sleep" in step:
            time.sleep(step["sleep"])
        elif "die" in step:
            print("Fatal: the decoder broke", file=sys.stderr, flush=True)
            os._exit(step["die"])
        elif "deaf" not in step:
            say({"time": time.time(), **step, "id": number})


def say(event: dict[str, Any]) -> None:
    print(json.dumps(event), flush=True)


def main() -> None:
    script = Path(sys.argv[1])
    lines = script.read_text(encoding="utf-8").splitlines()
    is_deaf = any("deaf" in json.loads(line) for line in lines)
    if is_deaf:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    for line in sys.stdin:
        request = json.loads(line)
        with script.with_name(HEARD).open("a", encoding="utf-8") as stream:
            stream.write(line)
        if "verb" in request:
            threading.Thread(target=play, args=(lines, request["id"]), daemon=True).start()
        elif "stop" in request and not is_deaf:
            say({"event": "finished", "id": request["stop"], "time": time.time(),
                 "summary": {"stopped": True}})  # fmt: skip


if __name__ == "__main__":
    main()
