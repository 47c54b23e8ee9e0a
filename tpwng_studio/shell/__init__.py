"""The window around the views: layouts, dialogs opened, keys bound, parts wired."""
