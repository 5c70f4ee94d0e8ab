"""A driver's JVM: started, exercised, watched, reset for the next run."""
