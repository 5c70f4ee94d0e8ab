"""Update a stack's resources: create and change them in order, then remove old ones; undo all if one fails."""

from typing import Any

from glue_local.backend.cloudformation.order import dependencies, in_order


class ResourceFailed(Exception):
    """A resource could not be created or updated; earlier changes are undone."""

    def __init__(self, logical_id: str, reason: str) -> None:
        super().__init__(f"{logical_id}: {reason}")
        self.logical_id, self.reason = logical_id, reason


class Update:
    """One update of moto's ResourceMap ``resources`` to another template."""

    def __init__(
        self, resources: Any, template: dict[str, Any], parameters: dict[str, Any] | None, change: Any
    ) -> None:
        self._resources, self._template, self._parameters, self._change = resources, template, parameters, change
        self._before = (resources._template, resources._resource_json_map, resources.input_parameters)
        self._parsed_before = dict(resources._parsed_resources)
        self._done: list[str] = []
        self._replaced: set[str] = set()

    def run(self) -> None:
        """Apply the template; on failure, undo every change and raise ResourceFailed."""
        resources = self._resources
        differences = resources.build_resource_diff(self._template, self._parameters)
        removed = [(name, resources._resource_json_map[name]) for name in differences["Remove"]]
        wanted = in_order(self._template["Resources"])
        self._load(self._template, self._parameters or resources.input_parameters)
        for name in wanted:
            try:
                self._bring(name, differences)
            except Exception as error:
                self._undo()
                raise ResourceFailed(name, str(error)) from error
        for name, body in reversed(removed):
            if body.get("DeletionPolicy") != "Retain" and name in resources._parsed_resources:
                resources._delete_resource(resources._parsed_resources[name], body)
            resources._parsed_resources.pop(name, None)

    def _load(self, template: dict[str, Any], parameters: dict[str, Any]) -> None:
        resources = self._resources
        resources._template, resources.input_parameters = template, parameters
        resources._resource_json_map = template.get("Resources", {})
        resources.load_mapping()
        resources.load_parameters()
        resources.load_conditions()

    def _bring(self, name: str, differences: dict[str, list[str]]) -> None:
        resources = self._resources
        body = resources._resource_json_map[name]
        there = resources._parsed_resources.get(name)
        if there is None:
            if resources[name] is not None:
                self._done.append(name)
        elif name in differences["Modify"] or self._replaced & set(dependencies(body)):
            changed = self._change(name, body, resources, resources._account_id, resources._region_name)
            if changed is None:
                raise NotImplementedError(
                    f"glue-local cannot update {body['Type']}: give the resource another name to replace it"
                )
            if changed.physical_resource_id != there.physical_resource_id:
                self._replaced.add(name)
            resources._parsed_resources[name] = changed
            self._done.append(name)

    def _undo(self) -> None:
        resources = self._resources
        after = dict(resources._parsed_resources)
        bodies = resources._resource_json_map
        template, json_map, parameters = self._before
        for name in reversed(self._done):
            if name not in self._parsed_before:
                resources._delete_resource(after[name], bodies[name])
                resources._parsed_resources.pop(name)
        self._load(template, parameters)
        for name in in_order(json_map):
            if name in self._done and name in self._parsed_before:
                body = json_map[name]
                restored = self._change(name, body, resources, resources._account_id, resources._region_name)
                resources._parsed_resources[name] = restored
