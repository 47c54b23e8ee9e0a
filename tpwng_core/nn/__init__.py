"""The networks of the method, in torch. Nothing here reads files or knows category names."""
