"""How a session's Python workers reach AWS: they do not always inherit the driver's environment."""

import os
from typing import Any

import boto3

_ENDPOINTS = ("AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL")


def dynamodb_client(role: str = "", session_name: str = "glue") -> dict[str, Any]:
    """Return the keyword arguments of a DynamoDB client, with the credentials of ``role`` if one is given."""
    session = boto3.Session()
    found = session.get_credentials()
    keys = found.get_frozen_credentials() if found else None
    access, secret, token = (keys.access_key, keys.secret_key, keys.token) if keys else (None, None, None)
    if role:
        assumed = boto3.client("sts").assume_role(RoleArn=role, RoleSessionName=session_name)["Credentials"]
        access, secret, token = (assumed[name] for name in ("AccessKeyId", "SecretAccessKey", "SessionToken"))
    return {
        "service_name": "dynamodb",
        "region_name": session.region_name or "us-east-1",
        "endpoint_url": next((os.environ[name] for name in _ENDPOINTS if os.environ.get(name)), None),
        "aws_access_key_id": access,
        "aws_secret_access_key": secret,
        "aws_session_token": token,
    }
