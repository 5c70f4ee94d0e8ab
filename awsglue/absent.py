"""What AWS documents and this package has not yet: known by name, and loud when used."""

from typing import NoReturn


class Absent:
    """The names that a class of AWS has and ours has not yet."""

    def __init__(self, owner: str, names: str) -> None:
        self._owner = owner
        self.names = frozenset(names.split())

    def raise_for(self, name: str) -> NoReturn:
        """Raise NotImplementedError for a name of AWS's, AttributeError for any other."""
        if name in self.names:
            raise NotImplementedError(f"awsglue: {self._owner}.{name} is not emulated yet")
        raise AttributeError(f"{self._owner!r} object has no attribute {name!r}")
