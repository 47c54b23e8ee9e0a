"""Pictures and sound of the open video: one decoding thread, one clock, the newest wish wins."""
