"""Windows above the window. None is modal: they open, answer by signals, and close."""
