"""Patches of moto's IAM: requests that AWS refuses."""

from collections.abc import Callable
from typing import Any

from glue_local.backend.moto_patches.patch import Patch, attribute


def _named(create_user: Callable[..., Any]) -> Callable[..., Any]:
    error = attribute("moto.iam.exceptions:ValidationError")

    def create(self: Any, region_name: str, user_name: str | None, *rest: Any, **more: Any) -> Any:
        if not user_name:
            raise error(
                "1 validation error detected: Value null at 'userName' failed to satisfy constraint: Member must not be null"
            )
        return create_user(self, region_name, user_name, *rest, **more)

    return create


def _of_a_service(create_service_linked_role: Callable[..., Any]) -> Callable[..., Any]:
    error = attribute("moto.iam.exceptions:InvalidInput")

    def create(self: Any, service_name: str, *rest: Any, **more: Any) -> Any:
        if service_name.count(".") < 2:
            raise error(f"Invalid service name {service_name}: it has the form service.amazonaws.com")
        return create_service_linked_role(self, service_name, *rest, **more)

    return create


def _of_the_profile(remove: Callable[..., None]) -> Callable[..., None]:
    error = attribute("moto.iam.exceptions:NoSuchEntity")

    def remove_role(self: Any, profile_name: str, role_name: str) -> None:
        if self.get_role(role_name) not in self.get_instance_profile(profile_name).roles:
            raise error(f"Role {role_name} in Instance Profile {profile_name} cannot be found.")
        remove(self, profile_name, role_name)

    return remove_role


PATCHES = (
    Patch("moto.iam.models:IAMBackend.create_user", "a user without a name breaks the credential report", _named),
    Patch(
        "moto.iam.models:IAMBackend.create_service_linked_role",
        "a role for what is not the name of a service fails the request",
        _of_a_service,
    ),
    Patch(
        "moto.iam.models:IAMBackend.remove_role_from_instance_profile",
        "removing a role that an instance profile does not have fails the request",
        _of_the_profile,
    ),
)
