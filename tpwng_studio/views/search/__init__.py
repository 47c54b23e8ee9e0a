"""The search panel: words in, moments of the whole project out."""

from tpwng_studio.views.search.view import SearchView

__all__ = ["SearchView"]
