from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtGui import QColor, QImage

from tpwng_core.labels import UNSET
from tpwng_core.video import index_video
from tpwng_studio import theme
from tpwng_studio.state.session import Session
from tpwng_studio.views.timeline import TimelineView
from tpwng_studio.views.timeline.geometry import HANDLE_PX
from tpwng_studio.views.timeline.scene import theta_at, theta_y


def picture(view: TimelineView) -> QImage:
    return view.grab().toImage()


def share_of(image: QImage, colour: QColor, places: Iterable[tuple[int, int]]) -> float:
    found = [image.pixelColor(*place) == colour for place in places]
    return sum(found) / len(found)


def column(view: TimelineView, row: str, frame: float) -> list[tuple[int, int]]:
    plot = view.scene.geometry.plot(row)
    x = plot.left() + round(view.viewport.x_of(frame))
    return [(x, y) for y in range(plot.top(), plot.bottom())]


def test_steps_keep_their_value_to_the_next_snippet(view: TimelineView, session: Session) -> None:
    image, line = picture(view), theme.current().score
    derived = session.derived
    assert derived is not None
    heights = []
    for frame in (82, 84, 86):
        heights.append(
            [y for x, y in column(view, "score", frame) if image.pixelColor(x, y) == line]
        )
    assert heights[0] == heights[1] == heights[2] != []


def test_the_playhead_covers_no_number_of_the_ruler(view: TimelineView, session: Session) -> None:
    tick = next(one for one in view.scene.ticks if one.time and one.frame > 0)
    numbers = view.scene.geometry.plot("ruler").adjusted(0, 0, 0, -HANDLE_PX)
    pictures = []
    for frame in (0, tick.frame, tick.frame + 3):
        session.seek(frame)
        pictures.append(picture(view))
    assert pictures[0].copy(numbers) == pictures[1].copy(numbers) == pictures[2].copy(numbers)
    x = view.scene.geometry.left + round(view.viewport.centre_of(tick.frame))
    places = [(x, y) for y in range(numbers.bottom() + 2, numbers.bottom() + HANDLE_PX - 1)]
    assert share_of(pictures[1], theme.current().playhead, places) == 1.0
    look = view.scene.look
    assert 1 + look.line_px + look.small_px <= numbers.height()


def test_theta_is_where_the_mouse_finds_it(view: TimelineView, session: Session) -> None:
    for theta in (0.1, 0.35, 0.55, 0.9, 1.0):
        session.set_tuning(theta=theta)
        session.settle()
        y = theta_y(view.scene)
        assert theta_at(view.scene, y) == theta
        image, colour = picture(view), theme.current().abnormal_text
        plot = view.scene.geometry.plot("psi")
        line = [(x, round(y)) for x in range(plot.left() + 150, plot.right() - 150, 7)]
        above = [(x, round(y) - 1) for x, _ in line]
        assert max(share_of(image, colour, line), share_of(image, colour, above)) > 0.8


def test_the_abnormal_side_is_tinted_and_the_normal_side_is_not(view: TimelineView) -> None:
    image, ground = picture(view), theme.current().background
    y = round(theta_y(view.scene))
    plot = view.scene.geometry.plot("psi")
    x = plot.left() + 3
    assert image.pixelColor(x, y - 12) != ground
    assert image.pixelColor(x, plot.bottom() - 3) == ground


def test_a_stale_curve_is_dashed(view: TimelineView, session: Session) -> None:
    def drawn() -> int:
        image, line = picture(view), theme.current().s_normal
        plot = view.scene.geometry.plot("s_normal")
        return sum(
            image.pixelColor(x, y) == line
            for x in range(plot.left(), plot.right())
            for y in range(plot.top(), plot.bottom())
        )

    solid = drawn()
    session.set_tuning(span_softness=3.0)
    session.settle()
    assert session.stale
    assert drawn() < 0.85 * solid


def test_psi_of_a_normal_video_is_dimmed(view: TimelineView, session: Session) -> None:
    session.open_video("test_normal_000")
    image, line = picture(view), theme.current().psi
    for frame in (20, 60, 120):
        assert share_of(image, line, column(view, "psi", frame)) == 0


def test_labels_differ_in_shape_as_well_as_in_colour(view: TimelineView, session: Session) -> None:
    session.paint(20, 60, "abnormal")
    session.paint(80, 120, "unknown")
    session.paint(140, 170, "normal")
    session.select(None)
    image, ground = picture(view), theme.current().background
    filled = {
        name: 1 - share_of(image, ground, column(view, "human", frame + 3))
        for name, frame in (("abnormal", 40), ("unknown", 100), ("normal", 150), ("unset", 200))
    }
    assert filled["abnormal"] > filled["unknown"] > filled["normal"] > filled["unset"]


def test_a_hidden_frame_of_a_long_strip_is_seen(view: TimelineView, session: Session) -> None:
    session.paint(100, 101, "abnormal")
    session.select(None)
    view.resize(view.minimumWidth(), view.height())
    image, ground = picture(view), theme.current().background
    assert share_of(image, ground, column(view, "human", 100.2)) < 0.5


def test_without_scores_the_rows_say_what_to_do_and_labels_still_work(
    view: TimelineView, session: Session
) -> None:
    assert session.project is not None
    assert session.video is not None
    session.set_index(index_video(session.video.path))
    for item in (*session.project.pseudo_dir.iterdir(), *session.project.scores_dir.iterdir()):
        item.unlink()
    session.reload_curves()
    assert not view.scene.content.curves
    assert view.scene.content.num_frames > 0
    image, muted = picture(view), theme.current().muted
    plot = view.scene.geometry.plot("psi")
    words = [
        (x, y) for x in range(plot.left(), plot.right()) for y in range(plot.top(), plot.bottom())
    ]
    assert share_of(image, muted, words) > 0
    session.paint(10, 20, "abnormal")
    assert view.scene.content.strips["label"].state.tolist() != [UNSET]
