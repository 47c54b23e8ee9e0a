"""What each action calls: the ids of the table on the left, methods of the parts on the right.

In: the window, whose parts are made. Out: a mapping for :class:`ActionSet`. No other room decides
what a key does.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from tpwng_studio.shell.layouts import LAYOUTS
from tpwng_studio.state.session import Session

if TYPE_CHECKING:
    from tpwng_studio.shell.main_window import MainWindow

Handlers = dict[str, Callable[[], object]]
_ZOOM = 1.5


def handlers_of(window: MainWindow) -> Handlers:
    """A handler for every action."""
    return {
        **_file(window),
        **_play_and_move(window),
        **_segments(window),
        **_labels(window),
        **_view(window),
        **_run_and_help(window),
    }


def _file(window: MainWindow) -> Handlers:
    session, dialogs = window.session, window.dialogs
    return {
        "file.new": dialogs.choose_videos,
        "file.open": dialogs.open_project,
        "file.demo": window.projects.open_demo,
        "file.add_videos": dialogs.add_videos,
        "file.save": session.save,
        "file.import": dialogs.import_labels,
        "file.export": dialogs.export,
        "file.relink": dialogs.relink,
        "file.take_out": partial(_take_out, window),
        "file.close": partial(window.leaving.when_kept, session.close_project),
        "app.settings": dialogs.settings,
        "app.quit": window.close,
        "edit.undo": session.undo,
        "edit.redo": session.redo,
    }


def _play_and_move(window: MainWindow) -> Handlers:
    session, playback = window.session, window.playback
    return {
        "play.toggle": playback.toggle,
        "play.back": playback.backwards,
        "play.stop": playback.stop,
        "play.on": playback.forwards,
        "play.slower": playback.slower,
        "play.faster": playback.faster,
        "play.loop": playback.toggle_loop,
        "play.mute": playback.sound.toggle_mute,
        "move.back": partial(session.step, -1),
        "move.on": partial(session.step, 1),
        "move.back_1s": partial(session.step_seconds, -1.0),
        "move.on_1s": partial(session.step_seconds, 1.0),
        "move.back_10s": partial(session.step_seconds, -10.0),
        "move.on_10s": partial(session.step_seconds, 10.0),
        "move.first": partial(session.seek, 0),
        "move.last": lambda: session.seek(session.num_frames - 1),
        "move.goto": window.dialogs.goto,
        "move.previous_video": partial(_step_video, window, -1),
        "move.next_video": partial(_step_video, window, 1),
    }


def _segments(window: MainWindow) -> Handlers:
    session = window.session
    return {
        "segment.previous": partial(session.select_next, -1),
        "segment.next": partial(session.select_next, 1),
        "segment.none": partial(_let_go, window),
        "segment.mark_in": session.mark_in,
        "segment.mark_out": session.mark_out,
        "segment.create": session.confirm,
        "segment.start_here": partial(session.edge_to_playhead, "start"),
        "segment.end_here": partial(session.edge_to_playhead, "end"),
        "segment.nudge_back": partial(session.nudge_selected, -1),
        "segment.nudge_on": partial(session.nudge_selected, 1),
        "segment.split": session.split_selected,
        "segment.merge": session.merge_selected,
        "segment.delete": session.delete_selected,
    }


def _labels(window: MainWindow) -> Handlers:
    session = window.session
    return {
        "state.abnormal": partial(session.say, "abnormal"),
        "state.normal": partial(session.say, "normal"),
        "state.unknown": partial(session.say, "unknown"),
        **{f"category.{n}": partial(_categorise, session, n) for n in range(1, 10)},
        "video.reviewed": session.toggle_reviewed,
        "video.accept": session.accept_pseudo_labels,
        "review.next": partial(session.next_review, 1),
        "review.previous": partial(session.next_review, -1),
    }


def _view(window: MainWindow) -> Handlers:
    session, timeline, player = window.session, window.timeline, window.player
    return {
        "view.zoom_in": partial(timeline.zoom, _ZOOM),
        "view.zoom_out": partial(timeline.zoom, 1 / _ZOOM),
        "view.fit": timeline.fit,
        "view.segment": timeline.zoom_to_segment,
        "view.blur": player.toggle_blur,
        "view.overlay": player.toggle_overlay,
        "view.heat": window.heat.toggle,
        "view.attention": window.attention.toggle,
        "view.keep_ghost": session.keep_ghost,
        "view.drop_ghost": session.drop_ghost,
        **{f"layout.{n}": partial(window.choose_layout, n) for n in LAYOUTS},
        "layout.reset": window.layouts.reset,
        "view.next_panel": partial(window.focus_panel, 1),
        "view.previous_panel": partial(window.focus_panel, -1),
        "view.filter": window.find_video,
        "view.search": window.find_moment,
        "view.theme": window.toggle_theme,
        "view.fullscreen": window.toggle_fullscreen,
    }


def _run_and_help(window: MainWindow) -> Handlers:
    dialogs = window.dialogs
    return {
        "run.dataset": dialogs.dataset,
        "run.train": partial(window.choose_layout, "train"),
        "run.retrain": window.teach,
        "run.watch": window.live.show,
        "run.rescore": partial(_rescore, window),
        "run.copy_search": partial(_copy_search, window),
        "run.copy_command": partial(_copy_command, window),
        "app.palette": dialogs.palette,
        "app.help": dialogs.help,
        "app.keys": dialogs.keys,
        "app.about": dialogs.about,
    }


def _step_video(window: MainWindow, step: int) -> None:
    """The panel is made when this is first called; so with those below."""
    window.panels.library.step(step)


def _take_out(window: MainWindow) -> None:
    window.panels.library.take_out()


def _rescore(window: MainWindow) -> None:
    window.panels.parameters.rerun.rescore()


def _copy_command(window: MainWindow) -> None:
    window.panels.parameters.instant.copy_command()


def _copy_search(window: MainWindow) -> None:
    window.panels.search.copy_command()


def _let_go(window: MainWindow) -> None:
    """Escape leaves the full screen, else selects nothing."""
    if window.isFullScreen():
        window.toggle_fullscreen()
    else:
        window.session.set_mark(None, None)
        window.session.select(None)


def _categorise(session: Session, number: int) -> None:
    """1 to 9 name the selected segment, in the order of the project's categories."""
    names = list(session.categories)
    if number <= len(names):
        session.set_selected_category(names[number - 1])
