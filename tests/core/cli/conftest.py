"""The small world and run of the verbs' tests, for the doors to them."""

from tests.core.run.conftest import bench, run_folder

__all__ = ["bench", "run_folder"]
