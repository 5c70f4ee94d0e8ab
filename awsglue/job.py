"""Job: the beginning and the end of what a bookmark covers.

Page: https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-job.html
"""

from pyspark.sql import SparkSession

from . import bookmarks
from .context import GlueContext
from .options import NO_OPTIONS, Options


class Job:
    """One run of a job; sources read between ``init`` and ``commit`` move its bookmark."""

    def __init__(self, glue_context: "GlueContext | SparkSession") -> None:
        if isinstance(glue_context, SparkSession):
            glue_context = GlueContext(glue_context)
        if not isinstance(glue_context, GlueContext):
            raise Exception(f"cannot init Job instance given input parameter type: {type(glue_context)}")
        self._glue_context = glue_context
        self._name: str | None = None

    def init(self, job_name: str, args: Options = NO_OPTIONS) -> None:
        """Begin: read the bookmark that the run's arguments (the result of getResolvedOptions) ask for."""
        self._name = job_name
        self._glue_context.bookmarks = bookmarks.of_run(job_name, args or {})

    def isInitialized(self) -> bool:
        """Tell whether ``init`` was called."""
        return self._name is not None

    def commit(self) -> None:
        """End: keep the bookmark, all sources at once. RuntimeError when another run committed in between."""
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
        """Return the names of the options that bound a paused bookmark."""
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
