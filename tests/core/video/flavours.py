"""The list of video flavours that must be read exactly."""

from __future__ import annotations

from tests.core.video.rendering import Flavour

_X264 = {"g": "30", "bf": "3", "preset": "medium"}
_OPEN_GOP = {**_X264, "x264-params": "open-gop=1:keyint=20:scenecut=0"}
_X265 = {"x265-params": "log-level=none:keyint=20:pools=1:frame-threads=1", "preset": "ultrafast"}


def _uneven(number: int) -> int:
    return 3000 * number + 1700 * (number * number % 3) + (20000 if number > 40 else 0)


FLAVOURS = [
    Flavour(name="h264", suffix=".mp4", codec="libx264", options=_X264),
    Flavour(name="h264_one_gop", suffix=".mp4", codec="libx264", options={"g": "1000"}),
    Flavour(name="h264_no_b", suffix=".mov", codec="libx264", options={"g": "10", "bf": "0"}),
    Flavour(name="h264_open_gop", suffix=".mp4", codec="libx264", options=_OPEN_GOP),
    Flavour(name="h264_open_gop", suffix=".mkv", codec="libx264", options=_OPEN_GOP),
    Flavour(name="h264_open_gop", suffix=".ts", codec="libx264", options=_OPEN_GOP),
    Flavour(name="h264_intra_refresh", suffix=".ts", codec="libx264",
            options={**_X264, "x264-params": "intra-refresh=1:keyint=20"}),
    Flavour(name="h264_fields", suffix=".ts", codec="libx264",
            options={**_X264, "flags": "+ildct+ilme"}),
    Flavour(name="h264", suffix=".flv", codec="libx264", options=_X264),
    Flavour(name="h264_10_bit", suffix=".mp4", codec="libx264", options=_X264,
            pixel_format="yuv420p10le"),
    Flavour(name="h264_fragmented", suffix=".mp4", codec="libx264", options=_X264,
            container_options={"movflags": "frag_keyframe+empty_moov"}),
    Flavour(name="h264_raw", suffix=".h264", codec="libx264", options=_X264, method="decode"),
    Flavour(name="h264_b_frames", suffix=".avi", codec="libx264", options=_X264, method="decode"),
    Flavour(name="h264_vfr", suffix=".mp4", codec="libx264", options=_X264, times=_uneven,
            variable=True),
    Flavour(name="h264_vfr", suffix=".mkv", codec="libx264", options=_X264, times=_uneven,
            variable=True),
    Flavour(name="h264_edit_list", suffix=".mp4", codec="libx264", options=_X264, first=17),
    Flavour(name="h264_late_start", suffix=".ts", codec="libx264", options=_X264, first=-50),
    Flavour(name="h264_rotated", suffix=".mp4", codec="libx264", options=_X264, rotation=90),
    Flavour(name="h264_upside_down", suffix=".mp4", codec="libx264", options=_X264, rotation=180),
    Flavour(name="hevc", suffix=".mp4", codec="libx265", options=_X265),
    Flavour(name="hevc_open_gop", suffix=".ts", codec="libx265",
            options={"x265-params": _X265["x265-params"] + ":open-gop=1:bframes=3"}),
    Flavour(name="hevc_raw", suffix=".hevc", codec="libx265", options=_X265, method="decode"),
    Flavour(name="hevc_10_bit", suffix=".mkv", codec="libx265", options=_X265,
            pixel_format="yuv420p10le"),
    Flavour(name="mpeg4", suffix=".avi", codec="mpeg4", options={"g": "12"}),
    Flavour(name="mpeg4_b_frames", suffix=".avi", codec="mpeg4", options={"g": "12", "bf": "2"}),
    Flavour(name="mpeg4_b_frames", suffix=".mp4", codec="mpeg4", options={"g": "12", "bf": "2"}),
    Flavour(name="mpeg2", suffix=".mpg", codec="mpeg2video", options={"g": "12", "bf": "2"}),
    Flavour(name="mpeg2", suffix=".ts", codec="mpeg2video", options={"g": "12", "bf": "2"}),
    Flavour(name="mpeg1", suffix=".mpg", codec="mpeg1video", options={"g": "12", "bf": "2"}),
    Flavour(name="mjpeg", suffix=".avi", codec="mjpeg", pixel_format="yuvj420p"),
    Flavour(name="vp8_alt_ref", suffix=".webm", codec="libvpx",
            options={"auto-alt-ref": "1", "lag-in-frames": "16", "g": "30", "b": "400k",
                     "deadline": "good", "cpu-used": "4"}),
    Flavour(name="vp9_alt_ref", suffix=".webm", codec="libvpx-vp9",
            options={"auto-alt-ref": "1", "lag-in-frames": "16", "g": "30", "b": "400k",
                     "deadline": "good", "cpu-used": "5"}),
    Flavour(name="av1", suffix=".mkv", codec="libsvtav1",
            options={"preset": "8", "g": "30", "crf": "20", "svtav1-params": "lp=1"}),
    Flavour(name="wmv2", suffix=".asf", codec="wmv2", options={"g": "12"}),
    Flavour(name="ffv1", suffix=".mkv", codec="ffv1"),
]  # fmt: skip
