"""Every kind of act can be drawn, wherever it fits, at any moment."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from tpwng_core.world.act import Act, Moment, Sprite
from tpwng_core.world.canvas import WIDTH, Canvas, sheet_size
from tpwng_core.world.kinds import ALL, KINDS, Kind, fits
from tpwng_core.world.person import random_look
from tpwng_core.world.scenes import SCENES
from tpwng_core.world.vehicles import random_car

LENGTH = 120
MOMENTS = (0, 20, 45, 55, 70, 85, 119)


def an_act(name: str, kind: Kind, scene: str, variant: int) -> Act:
    rng = np.random.default_rng(3)
    event = kind.role == "event"
    rows = SCENES[scene].road if variant in kind.on_road else SCENES[scene].walk[0]
    return Act(
        kind=name, start=0, end=LENGTH, at=(70.0, rows[0]), variant=variant, seed=1.5,
        looks=tuple(random_look(rng) for _ in range(kind.people)),
        cars=tuple(random_car(rng) for _ in range(kind.cars)),
        lead=30, onset=50 if event else None, offset=80 if event else None, tail=30,
    )  # fmt: skip


def sprites(act: Act, scene: str, frame: int) -> list[Sprite]:
    moment = Moment(act=act, scene=SCENES[scene], frame=frame, dark=frame % 2 == 0)
    return KINDS[act.kind].draw(moment)


@pytest.mark.parametrize("name", KINDS)
def test_every_variant_can_be_drawn_where_it_fits(name):
    size = sheet_size(96)
    for scene in ALL:
        for variant in fits(name, scene):
            act = an_act(name, KINDS[name], scene, variant)
            for frame in MOMENTS:
                canvas = Canvas(Image.new("RGB", size), 1.2)
                for sprite in sprites(act, scene, frame):
                    left, top, right, bottom = sprite.box
                    assert left < right
                    assert top < bottom
                    sprite.paint(canvas)


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if kind.role == "event"])
def test_an_event_shows_evidence_in_the_middle_of_the_picture(name):
    for scene in ALL:
        for variant in fits(name, scene):
            act = an_act(name, KINDS[name], scene, variant)
            shown = [sprite for sprite in sprites(act, scene, 60) if sprite.evidence]
            assert shown
            assert all(sprite.box[0] < WIDTH and sprite.box[2] > 0 for sprite in shown)


def test_a_phase_follows_another_without_gap():
    act = an_act("fire", KINDS["fire"], "yard", 0)
    phases = [act.phase_at(frame)[0] for frame in range(LENGTH)]
    assert phases == (
        ["before"] * 20 + ["prelude"] * 30 + ["event"] * 30 + ["aftermath"] * 30 + ["after"] * 10
    )
    assert all(0 <= act.phase_at(frame)[1] < act.phase_at(frame)[2] for frame in range(LENGTH))
