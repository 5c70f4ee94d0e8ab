"""Find the files that a statement wrote, for its manifest."""

import re
from urllib.parse import urlsplit

from botocore.exceptions import ClientError

from glue_local.query.session import Session
from glue_local.query.text import bare

_NAME = r'(?:"(?:[^"]|"")*"|[\w$]+)'
_TARGET = re.compile(
    rf"(?:INSERT\s+INTO|CREATE\s+TABLE(?:\s+IF\s+NOT\s+EXISTS)?|UPDATE|DELETE\s+FROM|MERGE\s+INTO)\s+({_NAME}(?:\s*\.\s*{_NAME})*)",
    re.IGNORECASE,
)


def files_of(sql: str, engine_query_id: str, session: Session) -> list[str]:
    """Return the URIs of the files that the engine's query wrote into the statement's table.

    The engine puts its query id into the names of the files that it writes.
    """
    target = _TARGET.match(bare(sql))
    if target is None or not engine_query_id:
        return []
    names = [_plain(name) for name in re.findall(_NAME, target[1])]
    database = names[-2] if len(names) > 1 else session.database
    try:
        table = session.glue.get_table(DatabaseName=database, Name=names[-1])["Table"]
    except ClientError:
        return []
    parts = urlsplit(table.get("StorageDescriptor", {}).get("Location", ""))
    return [*_with(engine_query_id, parts.netloc, parts.path.strip("/"), session)] if parts.netloc else []


def _with(engine_query_id: str, bucket: str, prefix: str, session: Session) -> list[str]:
    pages = session.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=f"{prefix}/")
    keys = (one["Key"] for page in pages for one in page.get("Contents", []))
    return [f"s3://{bucket}/{key}" for key in keys if engine_query_id in key]


def _plain(name: str) -> str:
    return name[1:-1].replace('""', '"').lower() if name.startswith('"') else name.lower()
