"""Videos: which frame is which, any frame exactly, many frames fast, and what is wrong with a file.

The only room that knows a decoder (FFmpeg through PyAV). Paths in; indices, RGB pictures and
reports out.
"""

from tpwng_core.video.find import VIDEO_SUFFIXES, VideoFile, find_videos
from tpwng_core.video.fingerprint import fingerprint
from tpwng_core.video.health import VideoHealth, health
from tpwng_core.video.index import VideoIndex, index_video
from tpwng_core.video.live import LiveSnippet, LiveSource, Lost, Waiting
from tpwng_core.video.reader import VideoReader
from tpwng_core.video.rewrite import Stretch, rewrite_video
from tpwng_core.video.sampling import DecodeReport, FrameSampler, sample_frames
from tpwng_core.video.write import save_frames, write_video

__all__ = [
    "VIDEO_SUFFIXES",
    "DecodeReport",
    "FrameSampler",
    "LiveSnippet",
    "LiveSource",
    "Lost",
    "Stretch",
    "VideoFile",
    "VideoHealth",
    "VideoIndex",
    "VideoReader",
    "Waiting",
    "find_videos",
    "fingerprint",
    "health",
    "index_video",
    "rewrite_video",
    "sample_frames",
    "save_frames",
    "write_video",
]
