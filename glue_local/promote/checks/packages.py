"""The Python modules that AWS provides with each Glue version, by import name.

From "Python modules already provided in AWS Glue" (aws-glue-programming-python-libraries.html) and "Supported Python
libraries for Python shell" (add-job-python.html), as of 2026-11. Versions not listed here are not checked.
"""

_SPARK_5_0 = frozenset(
    [
        "aiobotocore",
        "aiohappyeyeballs",
        "aiohttp",
        "aioitertools",
        "aiosignal",
        "appdirs",
        "attr",
        "attrs",
        "boto3",
        "botocore",
        "certifi",
        "charset_normalizer",
        "contourpy",
        "cycler",
        "fontTools",
        "frozenlist",
        "fsspec",
        "idna",
        "jmespath",
        "kaleido",
        "kiwisolver",
        "matplotlib",
        "mpl_toolkits",
        "multidict",
        "numpy",
        "packaging",
        "pandas",
        "PIL",
        "pip",
        "plotly",
        "pyarrow",
        "pyparsing",
        "dateutil",
        "pytz",
        "requests",
        "s3fs",
        "s3transfer",
        "seaborn",
        "setuptools",
        "pkg_resources",
        "six",
        "tenacity",
        "tzdata",
        "urllib3",
        "virtualenv",
        "wrapt",
        "yarl",
    ]
)
_SPARK_5_1 = _SPARK_5_0 | frozenset(
    [
        "iniconfig",
        "logistro",
        "narwhals",
        "orjson",
        "platformdirs",
        "pluggy",
        "propcache",
        "pygments",
        "pytest",
        "pytest_timeout",
        "simplejson",
        "typing_extensions",
        "uv",
    ]
)
_SPARK_4_0 = frozenset(
    [
        "aiobotocore",
        "aiohttp",
        "aioitertools",
        "aiosignal",
        "async_timeout",
        "asynctest",
        "attr",
        "attrs",
        "avro",
        "boto3",
        "botocore",
        "certifi",
        "chardet",
        "charset_normalizer",
        "click",
        "cycler",
        "Cython",
        "fsspec",
        "idna",
        "importlib_metadata",
        "jmespath",
        "joblib",
        "kaleido",
        "kiwisolver",
        "matplotlib",
        "mpl_toolkits",
        "mpmath",
        "multidict",
        "nltk",
        "numpy",
        "packaging",
        "pandas",
        "patsy",
        "PIL",
        "pip",
        "plotly",
        "pmdarima",
        "ptvsd",
        "pyarrow",
        "pydevd",
        "pyhocon",
        "pymysql",
        "pyparsing",
        "dateutil",
        "pytz",
        "yaml",
        "regex",
        "requests",
        "s3fs",
        "s3transfer",
        "sklearn",
        "scipy",
        "setuptools",
        "pkg_resources",
        "six",
        "statsmodels",
        "subprocess32",
        "sympy",
        "tbats",
        "threadpoolctl",
        "tqdm",
        "typing_extensions",
        "urllib3",
        "wheel",
        "wrapt",
        "yarl",
        "zipp",
    ]
)
_SPARK: dict[str, frozenset[str]] = {"4.0": _SPARK_4_0, "5.0": _SPARK_5_0, "5.1": _SPARK_5_1}
_EVERY_SPARK = frozenset(("awsglue", "pyspark", "py4j", "awsgluedq", "awsglueml"))

_SHELL = frozenset(
    [
        "awsglue",
        "boto3",
        "botocore",
        "dateutil",
        "jmespath",
        "s3transfer",
        "six",
        "urllib3",
        "pip",
        "setuptools",
        "pkg_resources",
    ]
)
_SHELL_ANALYTICS = frozenset(
    [
        "avro",
        "awscli",
        "awswrangler",
        "elasticsearch",
        "numpy",
        "pandas",
        "psycopg2",
        "pyathena",
        "pymysql",
        "pyodbc",
        "pyorc",
        "redshift_connector",
        "requests",
        "s3fs",
        "sklearn",
        "scipy",
        "sqlalchemy",
        "pyarrow",
    ]  # pyarrow comes with awswrangler
)

# Distributions whose import name differs from their own.
IMPORTED_AS = {
    "attrs": "attr",
    "avro-python3": "avro",
    "beautifulsoup4": "bs4",
    "opencv-python": "cv2",
    "pillow": "PIL",
    "protobuf": "google",
    "psycopg2-binary": "psycopg2",
    "pymysql": "pymysql",
    "python-dateutil": "dateutil",
    "pyyaml": "yaml",
    "scikit-learn": "sklearn",
}


def shipped(command: str, version: str, library_set: str | None) -> frozenset[str] | None:
    """Return the modules available in a job by default, or None if AWS's list for this version is unknown."""
    if command == "pythonshell":
        return _SHELL | _SHELL_ANALYTICS if library_set == "analytics" else _SHELL
    modules = _SPARK.get(version)
    return None if modules is None else modules | _EVERY_SPARK
