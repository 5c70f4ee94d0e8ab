"""Amazon Resource Names of the resources this project serves."""


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


def delivery_stream(region: str, account: str, name: str) -> str:
    """Return the ARN of a Firehose delivery stream."""
    return f"arn:aws:firehose:{region}:{account}:deliverystream/{name}"
