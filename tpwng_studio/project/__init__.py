"""The project folder: its videos, what is known of them, and one window at a time."""
