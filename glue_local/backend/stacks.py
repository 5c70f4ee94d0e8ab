"""What moto's CloudFormation must not pretend: resources of services that are not moto's here."""

from collections.abc import Callable
from functools import cache
from typing import Any

_REFUSED = ("AWS::Glue::", "AWS::KinesisFirehose::", "AWS::StepFunctions::", "AWS::Athena::", "AWS::EMR")


@cache
def teach_stacks() -> None:
    """Patch the parser of templates, once, when the first CloudFormation request comes."""
    from moto.cloudformation.exceptions import ValidationError  # noqa: PLC0415 - see above
    from moto.cloudformation.parsing import ResourceMap  # noqa: PLC0415

    ResourceMap.__init__ = _refusing(ResourceMap.__init__, ValidationError)


def _refusing(read: Callable[..., None], error: Callable[..., Exception]) -> Callable[..., None]:
    """Refuse a template, before anything is made of it, that has a resource nobody here would make.

    moto 5.2.5 passes over such a resource, or makes it where no client finds it, and answers CREATE_COMPLETE.
    """

    def read_and_refuse(self: Any, *rest: Any, **more: Any) -> None:
        read(self, *rest, **more)
        types = {str(resource.get("Type")) for resource in self._resource_json_map.values()}
        if refused := sorted(name for name in types if name.startswith(_REFUSED)):
            raise error(
                message=f"Template format error: glue-local does not emulate {', '.join(refused)} in CloudFormation"
                " yet, and will not pretend to: create them through their own API."
            )

    return read_and_refuse
