"""A short Python program that queries the result, to copy from the report and run."""

from urllib.parse import urlsplit

_EXAMPLE = """\
import boto3, pyarrow.fs, pyarrow.parquet

known = dict(region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test")
glue = boto3.client("glue", endpoint_url="{url}", **known)
s3 = pyarrow.fs.S3FileSystem(
    endpoint_override="{address}", scheme="http", access_key="test", secret_key="test", region="us-east-1"
)
newest = glue.get_partitions(DatabaseName="traffic", TableName="sites")["Partitions"][-1]
location = newest["StorageDescriptor"]["Location"].removeprefix("s3://").rstrip("/")
sites = pyarrow.parquet.read_table(location, filesystem=s3, partitioning=None)
columns = ["ident_8", "kmp_rsys", "tijd_waarneming", "current_speed", "traffic_jam_indicator"]
for row in sites.select(columns).sort_by("current_speed").slice(0, 10).to_pylist():
    print(*row.values())
"""


def example(url: str) -> str:
    """Return a program that prints the ten slowest rows of the newest partition at ``url``."""
    return _EXAMPLE.format(url=url, address=urlsplit(url).netloc)
