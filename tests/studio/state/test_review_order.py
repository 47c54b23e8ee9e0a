"""The order of the videos in the queue: every place is come to, and back is back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tpwng_core.review import ReviewItem
from tpwng_studio.state.review_order import ReviewOrder


def places(*worth: tuple[str, float]) -> list[ReviewItem]:
    return [
        ReviewItem(video=video, start=start, end=start + 10, reason="edge", priority=value)
        for start, (video, value) in enumerate(worth)
    ]


def test_videos_are_listed_whole_and_the_worthiest_first() -> None:
    listed = ReviewOrder().sorted(places(("a", 0.2), ("b", 0.9), ("a", 0.5), ("b", 0.1)))
    assert [(item.video, item.priority) for item in listed] == [
        ("b", 0.9),
        ("b", 0.1),
        ("a", 0.5),
        ("a", 0.2),
    ]


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.floats(0, 1), min_size=1))
def test_going_on_comes_to_every_video_before_one_comes_again(worth: dict[str, float]) -> None:
    order, items, seen = ReviewOrder(), places(*worth.items()), list[str]()
    for _ in worth:
        others = [item for item in items if not seen or item.video != seen[-1]]
        seen.append(order.sorted(others)[0].video)
        order.go_to(seen[-1])
    assert sorted(seen) == sorted(worth)
    assert [worth[video] for video in seen] == sorted(worth.values(), reverse=True)


def test_back_is_where_one_came_from_and_on_again_the_same_way() -> None:
    order, items = ReviewOrder(), places(("a", 0.9), ("b", 0.5), ("c", 0.1))
    for video in "abc":
        order.go_to(video)
    for here, before in (("c", "b"), ("b", "a")):
        assert order.can_go_back
        assert order.sorted(item for item in items if item.video != here)[-1].video == before
        order.go_to(before)
    assert not order.can_go_back
    assert [item.video for item in order.sorted(items[1:])] == ["b", "c"]


def test_nobody_goes_back_to_a_video_that_is_out_of_the_project() -> None:
    order = ReviewOrder()
    for video in "ab":
        order.go_to(video)
    order.forget("a")
    assert not order.can_go_back
    order.forget("b")
    order.go_to("c")
    assert not order.can_go_back
