"""What is on screen and what people said, without widgets: the session and its storeys."""
