"""The panes of the window: each reads the session, hears its signals and calls its intents."""
