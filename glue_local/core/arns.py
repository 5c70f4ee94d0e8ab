"""Amazon Resource Names (ARNs) of glue-local's resources."""


def _glue(region: str, account: str, resource: str) -> str:
    return f"arn:aws:glue:{region}:{account}:{resource}"


def database(region: str, account: str, name: str) -> str:
    """Return the ARN of a Data Catalog database."""
    return _glue(region, account, f"database/{name}")


def table(region: str, account: str, database_name: str, name: str) -> str:
    """Return the ARN of a Data Catalog table."""
    return _glue(region, account, f"table/{database_name}/{name}")


def job(region: str, account: str, name: str) -> str:
    """Return the ARN of a Glue job."""
    return _glue(region, account, f"job/{name}")


def trigger(region: str, account: str, name: str) -> str:
    """Return the ARN of a Glue trigger."""
    return _glue(region, account, f"trigger/{name}")


def workflow(region: str, account: str, name: str) -> str:
    """Return the ARN of a Glue workflow."""
    return _glue(region, account, f"workflow/{name}")


def crawler(region: str, account: str, name: str) -> str:
    """Return the ARN of a Glue crawler."""
    return _glue(region, account, f"crawler/{name}")


def connection(region: str, account: str, name: str) -> str:
    """Return the ARN of a Glue connection."""
    return _glue(region, account, f"connection/{name}")


def usage_profile(region: str, account: str, name: str) -> str:
    """Return the ARN of a Glue usage profile."""
    return _glue(region, account, f"usageProfile/{name}")


def delivery_stream(region: str, account: str, name: str) -> str:
    """Return the ARN of a Firehose delivery stream."""
    return f"arn:aws:firehose:{region}:{account}:deliverystream/{name}"


def work_group(region: str, account: str, name: str) -> str:
    """Return the ARN of an Athena work group."""
    return f"arn:aws:athena:{region}:{account}:workgroup/{name}"


def data_catalog(region: str, account: str, name: str) -> str:
    """Return the ARN of an Athena data catalog."""
    return f"arn:aws:athena:{region}:{account}:datacatalog/{name}"
