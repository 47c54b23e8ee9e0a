"""What leaves the window and comes into it: exports, imports, figures, commands for a terminal."""
