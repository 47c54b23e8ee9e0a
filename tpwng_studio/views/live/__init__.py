"""The live panel: a source is watched, its score drawn as it comes, its alarms listed."""

from tpwng_studio.views.live.view import LiveView

__all__ = ["LiveView"]
