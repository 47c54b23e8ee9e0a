"""Figures stand on the ground and stay in their box, whatever they do."""

from __future__ import annotations

import inspect

import numpy as np
import pytest
from PIL import Image

from tpwng_core.world import poses
from tpwng_core.world.canvas import MARGIN, Canvas
from tpwng_core.world.person import Pose, draw_person, person_box, random_look

POSES = {
    name: function
    for name, function in inspect.getmembers(poses, inspect.isfunction)
    if function.__module__ == poses.__name__ and not name.startswith("_")
}
UNIT_PX = 4.0


def drawn(pose: Pose, heading: int) -> np.ndarray:
    image = Image.new("RGB", (400, 400), (255, 255, 255))
    look = random_look(np.random.default_rng(4))
    draw_person(Canvas(image, UNIT_PX), (45.0, 70.0), 40.0 / look.size, look, pose, heading=heading)
    return np.asarray(image)


@pytest.mark.parametrize("name", POSES)
@pytest.mark.parametrize("heading", [1, -1])
def test_a_figure_is_on_the_ground_and_in_its_box(name, heading):
    pose = POSES[name](0.4)
    left, top, right, bottom = person_box((45.0, 70.0), 40.0, pose, heading)
    ink = drawn(pose, heading).astype(int)
    dark = (ink.min(-1) < 170).nonzero()
    rows, columns = dark[0] / UNIT_PX - MARGIN, dark[1] / UNIT_PX - MARGIN
    assert 68.0 < rows.max() < 73.5
    assert rows.min() >= top - 1
    assert columns.min() >= left - 3
    assert columns.max() <= right + 3
    assert bottom >= 70.0


def test_lying_is_flat_and_standing_is_tall():
    stand = person_box((0.0, 0.0), 40.0, poses.stand(0.0))
    lie = person_box((0.0, 0.0), 40.0, poses.lie(0.0))
    assert stand[3] - stand[1] > 1.6 * (lie[3] - lie[1])


def test_masked_people_wear_dark_clothes():
    for seed in range(20):
        look = random_look(np.random.default_rng(seed), masked=True)
        assert look.masked
        assert max(look.top) < 70
