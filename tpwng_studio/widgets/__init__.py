"""Small painted parts that several views use: controls, icons, curves. No session inside."""
