"""What is told when a live source cannot be opened."""

from __future__ import annotations

import pytest

from tpwng_core.errors import VideoError
from tpwng_core.video.live_open import open_source


def test_an_error_does_not_tell_the_password() -> None:
    source = "http://ada:secret@127.0.0.1:9/live.ts"
    with pytest.raises(VideoError) as caught:
        open_source(source, "url", 1.0)
    assert "secret" not in str(caught.value)
    assert "127.0.0.1:9" in str(caught.value)
