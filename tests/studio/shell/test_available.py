"""What there is to act on."""

from __future__ import annotations

from tpwng_studio.project.project import Project
from tpwng_studio.shell.available import title_of, what_is_there
from tpwng_studio.state.session import Session


def test_an_open_video_can_be_edited_and_names_the_window(session: Session) -> None:
    assert what_is_there(session) == {"project", "video", "edit", "segment"}
    assert title_of(session) == "demo[*] – test_fighting_000 – TPWNG Studio"
    session.close_project()
    assert what_is_there(session) == set()
    assert title_of(session) == "TPWNG Studio"


def test_a_project_of_another_window_is_only_looked_at(session: Session) -> None:
    assert session.project is not None
    other = Session()
    other.open_project(Project.open(session.project.folder))
    assert what_is_there(other) == {"project", "video"}
    other.shutdown()
