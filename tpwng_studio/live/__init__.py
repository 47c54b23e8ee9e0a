"""What the warm worker answers while a person waits: other R, searches, heat maps, attention."""
