"""The export dialog: labels and curves in other tools' formats, and the figure of a video."""

from tpwng_studio.dialogs.export.dialog import ExportDialog

__all__ = ["ExportDialog"]
