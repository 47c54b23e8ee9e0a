"""The verbs: each makes one noun from another and reports while it works."""
