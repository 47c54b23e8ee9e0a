"""The list of the project's videos: what they are, how far one is, what is wrong with them."""

from tpwng_studio.views.library.view import LibraryView

__all__ = ["LibraryView"]
