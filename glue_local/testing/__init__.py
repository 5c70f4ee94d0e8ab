"""Testing Glue jobs with pytest: fixtures of a local endpoint and one Spark session, and a comparison of frames."""

from glue_local.testing.frames import assert_frames_equal

__all__ = ["assert_frames_equal"]
