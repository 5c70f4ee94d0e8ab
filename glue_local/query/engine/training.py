"""A training run of the engine: Java caches what it loads and compiles, which makes later starts faster."""

import shutil
from pathlib import Path

from glue_local.query.engine.client import Execution, run
from glue_local.query.engine.process import AOT_CACHE, Process

_MEMORY = 1024
# Java writes its cache on exit, which takes a while.
_GRACE = 600.0

# Common query features, on the engine's own tables.
_QUERIES = (
    "select 1",
    "select table_name, count(*) n, sum(length(column_name)) from information_schema.columns group by 1 order by n limit 5",
    "select * from (values (1, 'a', 1.5e0), (2, 'b', null)) t(x, y, z) join (values 1, 2) u(w) on x = w where y like 'a%'",
    "select x, row_number() over (partition by x % 3 order by x), date_trunc('day', current_timestamp)"
    " from unnest(sequence(1, 1000)) t(x)",
    "with a as (select json_extract_scalar(j, '$.k') k from (values '{\"k\": 1}') t(j)) select distinct try_cast(k as integer) from a",
    "explain select approx_distinct(x) from unnest(sequence(1, 10)) t(x)",
    "show catalogs",
)


def train(kept: Path, scratch: Path) -> None:
    """Start the engine once so that Java writes its ahead-of-time cache, which later starts use.

    Raises EngineDied if it does not start.
    """
    cache = kept / AOT_CACHE
    cache.unlink(missing_ok=True)
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    engine = Process(kept, scratch, _MEMORY, {}, jvm=(f"-XX:AOTCacheOutput={cache}",))
    try:
        engine.await_ready()
        for sql in _QUERIES * 3:
            run(Execution(engine.url, sql, "system", "runtime"))
    finally:
        engine.close(_GRACE)
        shutil.rmtree(scratch, ignore_errors=True)
