"""A minimal Terraform provider with the AWS provider's attributes, for ``terraform validate``."""

import json
import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import grpc

messages, services = grpc.protos_and_services("tests/promote/tfplugin5.proto")

_TYPES = {"string": "string", "number": "number", "bool": "bool", "list": ["list", "string"], "map": ["map", "string"]}
# Computed attributes of every resource, which references use.
_COMPUTED = ("arn", "id")


class _Provider(services.ProviderServicer):  # type: ignore[misc, name-defined]
    """A provider with the attributes in ``terraform_aws.json`` and those of the provider itself."""

    def __init__(self, resources: Mapping[str, Any], provider: Mapping[str, Any]) -> None:
        self._answer = messages.Schemas(
            provider=messages.Schema(block=_block(provider)),
            resource_schemas={name: messages.Schema(block=_resource(body)) for name, body in resources.items()},
        )

    def GetSchema(self, request: Any, context: Any) -> Any:
        return self._answer

    def PrepareProviderConfig(self, request: Any, context: Any) -> Any:
        return messages.Prepared(prepared_config=request.config)

    def ValidateResourceTypeConfig(self, request: Any, context: Any) -> Any:
        return messages.Empty()

    def Stop(self, request: Any, context: Any) -> Any:
        return messages.Empty()


def _resource(schema: Mapping[str, Any]) -> Any:
    block = _block(schema)
    computed = [name for name in _COMPUTED if name not in schema]
    block.attributes.extend(messages.Attribute(name=name, type=b'"string"', computed=True) for name in computed)
    return block


def _block(schema: Mapping[str, Any]) -> Any:
    block = messages.Block()
    for name, each in schema.items():
        required = bool(each.get("required"))
        if "block" in each:
            inner = {"type_name": name, "block": _block(each["block"]), "min_items": int(required)}
            block.block_types.append(messages.NestedBlock(nesting=messages.NestedBlock.LIST, **inner))
        else:
            kind = json.dumps(_TYPES[each["type"]]).encode()
            block.attributes.append(messages.Attribute(name=name, type=kind, required=required, optional=not required))
    return block


@contextmanager
def served(address: str, resources: Mapping[str, Any], provider: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """Serve on loopback; yields the environment variables with which ``terraform`` finds it as ``address``."""
    with ThreadPoolExecutor(2) as threads:
        server = grpc.server(threads)
        services.add_ProviderServicer_to_server(_Provider(resources, provider), server)
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        where = {"Network": "tcp", "String": f"127.0.0.1:{port}"}
        attached = {"Protocol": "grpc", "ProtocolVersion": 5, "Pid": os.getpid(), "Test": True, "Addr": where}
        try:
            yield {"TF_REATTACH_PROVIDERS": json.dumps({f"registry.terraform.io/{address}": attached})}
        finally:
            server.stop(None).wait()
