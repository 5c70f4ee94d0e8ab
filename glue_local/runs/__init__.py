"""The life cycle of job runs: states, the queue of a job, stops, retries."""

from glue_local.runs.job_run import JOB_RUN, finish, refuse, release_waiting, start, stop

__all__ = ["JOB_RUN", "finish", "refuse", "release_waiting", "start", "stop"]
