"""Live sources: files that grow, streams that break off."""

from __future__ import annotations

import http.server
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from tests.core.run.footage import film
from tpwng_core.errors import InputError, VideoError
from tpwng_core.video import LiveSnippet, LiveSource, Lost, VideoReader, Waiting


def record(folder: Path) -> Path:
    """A film of 75 frames as a transport stream, which can be read while it grows."""
    whole = film(folder / "whole.mp4", 75)
    path = folder / "whole.ts"
    with av.open(str(whole)) as source, av.open(str(path), "w") as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(source.streams.video[0]):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    return path


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return record(tmp_path_factory.mktemp("live"))


def write_slowly(content: bytes, path: Path) -> threading.Thread:
    def work() -> None:
        with path.open("wb", buffering=0) as stream:
            for start in range(0, len(content), 4000):
                stream.write(content[start : start + 4000])
                time.sleep(0.02)

    path.touch()
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def snippets_of(source: str, stride: int = 16, patience_s: float = 1.0) -> list[LiveSnippet]:
    with LiveSource(source, stride=stride, patience_s=patience_s) as live:
        return [item for item in live if isinstance(item, LiveSnippet)]


@pytest.mark.parametrize("stride", [1, 7, 16, 80])
def test_a_growing_file_gives_the_centre_frames_of_the_whole_one(
    recording: Path, tmp_path: Path, stride: int
) -> None:
    growing = tmp_path / "growing.ts"
    thread = write_slowly(recording.read_bytes(), growing)
    snippets = snippets_of(str(growing), stride)
    thread.join()
    with VideoReader(recording) as reader:
        assert sum(snippet.num_frames for snippet in snippets) == reader.index.num_frames
        for snippet in snippets:
            centre = snippet.start + snippet.num_frames // 2
            np.testing.assert_array_equal(snippet.picture, reader.frame(centre))
            assert snippet.time_s == pytest.approx(reader.index.times_s[snippet.start], abs=1e-6)
    assert [snippet.start for snippet in snippets] == list(range(0, 75, stride))


class Stubborn(http.server.BaseHTTPRequestHandler):
    """Sends two thirds of the recording and hangs up, twice; then nothing is found."""

    content = b""
    calls = 0

    def do_GET(self) -> None:
        type(self).calls += 1
        if type(self).calls > 2:
            self.send_error(404)
            return
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.content[: len(self.content) * 2 // 3])

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def address(recording: Path) -> Iterator[str]:
    handler = type("Handler", (Stubborn,), {"content": recording.read_bytes(), "calls": 0})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/live.ts"
        server.shutdown()
        thread.join()


def test_a_stream_that_breaks_off_is_opened_again(address: str) -> None:
    seen: list[LiveSnippet] = []
    losses: list[Lost] = []
    with LiveSource(address, stride=16, patience_s=1.0) as live:
        for item in live:
            if isinstance(item, LiveSnippet):
                seen.append(item)
            elif isinstance(item, Lost):
                losses.append(item)
            if len(losses) == 3:
                break
    assert {snippet.connection for snippet in seen} == {0, 1}
    assert next(snippet.start for snippet in seen if snippet.connection == 1) == 0
    assert losses[2].pause_s > losses[0].pause_s
    assert "404" in losses[2].reason or "Not Found" in losses[2].reason


def test_an_address_that_never_answered_is_an_error() -> None:
    with pytest.raises(VideoError, match="cannot be opened"):
        snippets_of("http://127.0.0.1:9/none.ts")


def test_a_missing_file_is_told_at_once() -> None:
    with pytest.raises(InputError, match="there is no file"):
        LiveSource("nowhere.ts", stride=16)


def test_what_cannot_be_watched_while_it_grows_says_how(tmp_path: Path) -> None:
    path = tmp_path / "text.mp4"
    path.write_text("no video at all\n" * 40)
    with pytest.raises(VideoError, match="cannot be opened") as caught:
        snippets_of(str(path), patience_s=0.5)
    assert ".ts" in caught.value.hint


def test_a_slow_reader_loses_nothing_of_a_file(recording: Path) -> None:
    with LiveSource(str(recording), stride=4, patience_s=0.5) as live:
        starts = []
        for item in live:
            if isinstance(item, LiveSnippet):
                starts.append(item.start)
            time.sleep(0.01)
    assert starts == list(range(0, 75, 4))
    assert live.num_dropped == 0


def test_silence_is_told_while_a_stream_is_opened_and_while_it_says_nothing(
    recording: Path,
) -> None:
    """Whoever waits can do something else meanwhile, such as end."""
    content = recording.read_bytes()
    with socket.create_server(("127.0.0.1", 0)) as server:
        source = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        with LiveSource(source, stride=16, patience_s=20.0) as live:
            items = iter(live)
            first = next(items)
            assert isinstance(first, Waiting)
            assert first.silent_s < 2
            peer, _ = server.accept()
            with peer:
                peer.sendall(content)
                peer.shutdown(socket.SHUT_WR)
                seen = [next(item for item in items if isinstance(item, LiveSnippet))]
                assert seen[0].arrived_s <= time.monotonic()
                lost = next(item for item in items if isinstance(item, Lost))
                assert lost.pause_s == 1.0
