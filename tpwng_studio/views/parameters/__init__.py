"""The parameters panel: what acts at once, how psi is spread, and what needs the model again."""

from tpwng_studio.views.parameters.view import ParametersView

__all__ = ["ParametersView"]
