"""Adapters to moto's CloudFormation: one class per resource type, one instance per created resource."""

from typing import Any

from moto.cloudformation.exceptions import UnformattedGetAttTemplateException
from moto.core.common_models import CloudFormationModel
from moto.settings import moto_server_port

from glue_local.backend.cloudformation import events, glue, others
from glue_local.backend.cloudformation.kind import Kind, Made, Properties, at, named
from glue_local.client.clients import local

KINDS = (*glue.KINDS, *events.KINDS, *others.KINDS)


class _Resource:
    """A resource that a stack created. The member names are those that moto expects."""

    kind: Kind
    type = ""

    def __init__(self, account: str, region: str, name: str, properties: Properties, made: Made) -> None:
        self._account, self._region = account, region
        self.name, self.properties, self._made = name, properties, made

    @property
    def physical_resource_id(self) -> str:
        """The value of ``Ref``."""
        return self._made.ref

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        """Tell whether ``Fn::GetAtt`` supports an attribute."""
        return attr in cls.kind.attributes

    def get_cfn_attribute(self, attribute_name: str) -> str:
        """Return the value of ``Fn::GetAtt``."""
        if attribute_name not in self._made.attributes:
            raise UnformattedGetAttTemplateException()
        return self._made.attributes[attribute_name]

    def is_created(self) -> bool:
        """Return True: the resource was created before this object."""
        return True

    @classmethod
    def cloudformation_type(cls) -> str:
        """Return the resource type used in templates."""
        return cls.kind.type

    @staticmethod
    def cloudformation_name_type() -> str:
        """Return moto's name property: none, because the name may be nested."""
        return ""

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: dict[str, Any], account_id: str, region_name: str, **_: Any
    ) -> "_Resource":
        """Create the resource through its API."""
        kind, properties = cls.kind, cloudformation_json.get("Properties") or {}
        name = str(at(properties, kind.name) or resource_name[-kind.longest_name :])
        properties = named(properties, kind.name, name)
        made = kind.create(_client(kind, account_id, region_name), name, properties)
        return cls(account_id, region_name, made.ref if kind.name[1:] else name, properties, made)

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: "_Resource",
        new_resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
    ) -> "_Resource":
        """Update the resource, or replace it if the change requires replacement."""
        kind, old, new = cls.kind, original_resource.properties, cloudformation_json.get("Properties") or {}
        wanted = at(new, kind.name)
        if wanted not in (None, at(old, kind.name)) or any(old.get(each) != new.get(each) for each in kind.replaced_by):
            made = cls.create_from_cloudformation_json(new_resource_name, cloudformation_json, account_id, region_name)
            original_resource.delete(account_id, region_name)
            return made
        new = named(new, kind.name, at(old, kind.name))
        kind.update(_client(kind, account_id, region_name), original_resource.name, old, new)
        return cls(account_id, region_name, original_resource.name, new, original_resource._made)

    def delete(self, account_id: str, region_name: str) -> None:
        """Delete the resource through its API; succeeds if it no longer exists."""
        client = _client(self.kind, account_id, region_name)
        try:
            self.kind.delete(client, self.name, self.properties)
        except client.exceptions.ClientError as error:
            if error.response["Error"]["Code"] not in _GONE:
                raise


_GONE = ("EntityNotFoundException", "ResourceNotFoundException", "NoSuchBucket", "StateMachineDoesNotExist")


def _client(kind: Kind, account: str, region: str) -> Any:
    return local(kind.service, port=int(moto_server_port()), account=account, region=region)


def models() -> dict[str, type[CloudFormationModel]]:
    """Return the adapter class of each resource type."""
    made = {}
    for kind in KINDS:
        made[kind.type] = type(kind.type.replace("::", ""), (_Resource,), {"kind": kind})
    return made
