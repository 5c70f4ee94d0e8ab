"""Test Glue jobs with pytest: fixtures for a local account and a Spark session, and a comparison of frames."""

from glue_local.testing.frames import assert_frames_equal

__all__ = ["assert_frames_equal"]
