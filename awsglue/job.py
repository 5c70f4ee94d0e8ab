"""Job: the start and the commit of a run's bookmarks.

Page: https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-job.html
"""

from pyspark.sql import SparkSession

from . import bookmarks
from .context import GlueContext
from .options import NO_OPTIONS, Options


class Job:
    """One job run; the bookmark covers what is read between ``init`` and ``commit``."""

    def __init__(self, glue_context: "GlueContext | SparkSession") -> None:
        if isinstance(glue_context, SparkSession):
            glue_context = GlueContext(glue_context)
        if not isinstance(glue_context, GlueContext):
            raise Exception(f"cannot init Job instance given input parameter type: {type(glue_context)}")
        self._glue_context = glue_context
        self._name: str | None = None

    def init(self, job_name: str, args: Options = NO_OPTIONS) -> None:
        """Start the job; ``args``, the result of getResolvedOptions, determines how bookmarks are used."""
        self._name = job_name
        self._glue_context.bookmarks = bookmarks.of_run(job_name, args or {})

    def isInitialized(self) -> bool:
        """Return whether ``init`` was called."""
        return self._name is not None

    def commit(self) -> None:
        """Save the bookmarks of all sources atomically; RuntimeError if another run committed in the meantime."""
        if self._name is None:
            raise Exception("Job.commit was called before Job.init")
        if self._glue_context.bookmarks is not None:
            self._glue_context.bookmarks.commit()

    @classmethod
    def continuation_options(cls) -> list[str]:
        """Return the names of the legacy bookmark options."""
        return ["continuation-enabled", "continuation-readonly", "continuation-ignore"]

    @classmethod
    def job_bookmark_options(cls) -> list[str]:
        """Return the values of --job-bookmark-option."""
        return ["job-bookmark-enable", "job-bookmark-pause", "job-bookmark-disable"]

    @classmethod
    def job_bookmark_range_options(cls) -> list[str]:
        """Return the names of the options that limit a paused bookmark."""
        return ["--job-bookmark-from", "--job-bookmark-to"]

    @classmethod
    def id_params(cls) -> list[str]:
        """Return the names of the options that identify a run."""
        return ["--JOB_ID", "--JOB_RUN_ID", "--SECURITY_CONFIGURATION"]

    @classmethod
    def encryption_type_options(cls) -> list[str]:
        """Return the names of the encryption options."""
        return ["--encryption-type"]

    @classmethod
    def data_lineage_options(cls) -> list[str]:
        """Return the names of the lineage options."""
        return ["--enable-data-lineage"]
