"""The address and login of Glue connections."""

import json
import re
from typing import Any

import boto3

_URL = re.compile(r"jdbc:(?P<vendor>\w+):(?P<rest>.*)", re.DOTALL)
# jdbc:vendor://host:port/database?more; SQL Server and Oracle put the database elsewhere.
_DATABASE = re.compile(r"(?P<server>jdbc:\w+://[^/;?]+)(?:/(?P<database>[^?;]*))?(?P<more>[?;].*)?", re.DOTALL)


def jdbc_conf(name: str, catalog_id: str | None = None) -> dict[str, str]:
    """Return ``user``, ``password``, ``vendor``, ``url`` without the database and ``fullUrl`` as defined.

    Raises botocore's EntityNotFoundException if there is no such connection, ValueError if it is not a JDBC connection.
    """
    properties = _properties(name, catalog_id)
    url = properties["JDBC_CONNECTION_URL"]
    parts = _DATABASE.fullmatch(url)
    user, password = _login(properties)
    return {
        "user": user,
        "password": password,
        "vendor": _vendor(url),
        "url": parts["server"] if parts else url,
        "fullUrl": url,
    }


def database(name: str, catalog_id: str | None = None, database: str | None = None) -> tuple[str, dict[str, str]]:
    """Return a connection's vendor, and its ``url``, ``user`` and ``password``; ``database`` overrides the URL's."""
    conf = jdbc_conf(name, catalog_id)
    url = conf["fullUrl"]
    parts = _DATABASE.fullmatch(url)
    if database and parts:
        url = f"{parts['server']}/{database}{parts['more'] or ''}"
    driver = _properties(name, catalog_id).get("JDBC_DRIVER_CLASS_NAME")
    where = {"url": url, "user": conf["user"], "password": conf["password"]}
    return conf["vendor"], {**where, "customJdbcDriverClassName": driver} if driver else where


def mongodb(name: str, catalog_id: str | None = None) -> dict[str, str]:
    """Return ``uri``, ``username`` and ``password`` of a MongoDB connection, and ``ssl`` if it is enforced."""
    properties = _all_properties(name, catalog_id)
    if not properties.get("CONNECTION_URL"):
        raise ValueError(f"connection {name} is not a MongoDB connection: it has no CONNECTION_URL")
    user, password = _login(properties)
    login = {"username": user, "password": password} if user else {}
    enforced = str(properties.get("JDBC_ENFORCE_SSL", "false")).lower() == "true"
    return {"uri": properties["CONNECTION_URL"], **login, **({"ssl": "true"} if enforced else {})}


def _properties(name: str, catalog_id: str | None) -> dict[str, Any]:
    properties = _all_properties(name, catalog_id)
    if not properties.get("JDBC_CONNECTION_URL"):
        raise ValueError(f"connection {name} is not a JDBC connection: it has no JDBC_CONNECTION_URL")
    return properties


def _all_properties(name: str, catalog_id: str | None) -> dict[str, Any]:
    catalog = {"CatalogId": catalog_id} if catalog_id else {}
    connection = boto3.client("glue").get_connection(Name=name, HidePassword=False, **catalog)["Connection"]
    return dict(connection.get("ConnectionProperties", {}))


def _login(properties: dict[str, Any]) -> tuple[str, str]:
    if properties.get("SECRET_ID"):
        text = boto3.client("secretsmanager").get_secret_value(SecretId=properties["SECRET_ID"])["SecretString"]
        secret = json.loads(text)
        return str(secret["username"]), str(secret["password"])
    return properties.get("USERNAME", ""), properties.get("PASSWORD", "")


def _vendor(url: str) -> str:
    found = _URL.fullmatch(url)
    if not found:
        raise ValueError(f"invalid JDBC URL {url!r}: expected jdbc:vendor://host:port/database")
    known = ("mysql", "oracle", "postgresql", "redshift", "sqlserver")
    return found["vendor"] if found["vendor"] in known else "custom.jdbc"
