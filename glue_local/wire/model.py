"""botocore's models of AWS services: operations, shapes and constraints."""

from functools import cache

from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel


@cache
def service_model(service: str) -> ServiceModel:
    """Return botocore's model of a service (``glue``, ``firehose``); cached, because loading takes 0.1 s."""
    return ServiceModel(Loader().load_service_model(service, "service-2"), service)


@cache
def services() -> frozenset[str]:
    """Return botocore's names of all services."""
    return frozenset(Loader().list_available_services("service-2"))


def target_prefix(service: str) -> str:
    """Return the part before the dot in the service's ``X-Amz-Target`` header, such as ``AWSGlue``."""
    return str(service_model(service).metadata["targetPrefix"])


def operation_model(service: str, operation: str) -> OperationModel:
    """Return the model of an operation by its AWS name, such as ``CreateJob``."""
    return service_model(service).operation_model(operation)
