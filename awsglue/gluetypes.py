"""Glue's types, as ``DynamicFrame.schema()`` returns them, and their JSON form.

Page: https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-types.html
"""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, ClassVar

_NONE: Mapping[str, Any] = MappingProxyType({})


class DataType:
    """A type; two types are equal if their JSON is equal."""

    def __init__(self, properties: Mapping[str, Any] = _NONE) -> None:
        self.properties = dict(properties)

    @classmethod
    def typeName(cls) -> str:
        """Return Glue's name for the type."""
        return cls.__name__.removesuffix("Type").lower()

    def jsonValue(self) -> dict[str, Any]:
        """Return the type in Glue's JSON form."""
        return {"dataType": self.typeName(), **self._parts(), "properties": self.properties}

    def _parts(self) -> dict[str, Any]:
        return {}

    @classmethod
    def fromJsonValue(cls, json_value: Mapping[str, Any]) -> "DataType":
        """Parse a type from the result of ``jsonValue``."""
        return cls(json_value.get("properties", {}))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DataType) and self.jsonValue() == other.jsonValue()

    def __hash__(self) -> int:
        return hash(str(self.jsonValue()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._parts() or ''})"


class AtomicType(DataType):
    """A type without element types or fields."""


class BinaryType(AtomicType):
    """Bytes."""


class BooleanType(AtomicType):
    """True or false."""


class ByteType(AtomicType):
    """An 8-bit integer."""


class DateType(AtomicType):
    """A date."""


class DoubleType(AtomicType):
    """A double-precision number."""


class FloatType(AtomicType):
    """A single-precision number."""


class IntegerType(AtomicType):
    """A 32-bit integer."""

    @classmethod
    def typeName(cls) -> str:
        return "int"


class LongType(AtomicType):
    """A 64-bit integer."""


class NullType(AtomicType):
    """The type of null."""


class ShortType(AtomicType):
    """A 16-bit integer."""


class StringType(AtomicType):
    """Text."""


class TimestampType(AtomicType):
    """An instant."""


class TimestampNTZType(AtomicType):
    """Date and time without a time zone."""


class UnknownType(AtomicType):
    """An unknown type."""


class DecimalType(AtomicType):
    """A decimal number."""

    def __init__(self, precision: int = 10, scale: int = 2, properties: Mapping[str, Any] = _NONE) -> None:
        super().__init__(properties)
        self.precision, self.scale = precision, scale

    def _parts(self) -> dict[str, Any]:
        return {"precision": self.precision, "scale": self.scale}

    @classmethod
    def fromJsonValue(cls, json_value: Mapping[str, Any]) -> "DecimalType":
        return cls(json_value["precision"], json_value["scale"], json_value.get("properties", {}))


class EnumType(AtomicType):
    """One of a list of options."""

    def __init__(self, options: Iterable[str], properties: Mapping[str, Any] = _NONE) -> None:
        super().__init__(properties)
        self.options = list(options)

    def _parts(self) -> dict[str, Any]:
        return {"options": self.options}

    @classmethod
    def fromJsonValue(cls, json_value: Mapping[str, Any]) -> "EnumType":
        return cls(json_value["options"], json_value.get("properties", {}))


class _OfOne(DataType):
    """A container of one element type; ``part`` is the element type's key in JSON."""

    part: ClassVar[str] = "elementType"

    def _parts(self) -> dict[str, Any]:
        return {self.part: getattr(self, self.part).jsonValue()}

    @classmethod
    def fromJsonValue(cls, json_value: Mapping[str, Any]) -> "DataType":
        return cls(from_json(json_value[cls.part]), json_value.get("properties", {}))  # type: ignore[call-arg, arg-type]


class ArrayType(_OfOne):
    """An array."""

    def __init__(self, elementType: DataType = UnknownType(), properties: Mapping[str, Any] = _NONE) -> None:  # noqa: B008 - Glue's default
        super().__init__(properties)
        self.elementType = elementType


class SetType(_OfOne):
    """A set."""

    def __init__(self, elementType: DataType = UnknownType(), properties: Mapping[str, Any] = _NONE) -> None:  # noqa: B008 - Glue's default
        super().__init__(properties)
        self.elementType = elementType


class MapType(_OfOne):
    """A map with string keys."""

    part = "valueType"

    def __init__(self, valueType: DataType = UnknownType(), properties: Mapping[str, Any] = _NONE) -> None:  # noqa: B008 - Glue's default
        super().__init__(properties)
        self.valueType = valueType


class ChoiceType(DataType):
    """A field with several types; ``choices`` lists them, sorted by name."""

    def __init__(self, choices: Iterable[DataType] = (), properties: Mapping[str, Any] = _NONE) -> None:
        super().__init__(properties)
        self._by_name: dict[str, DataType] = {}
        self.merge(choices)

    @property
    def choices(self) -> list[DataType]:
        """The types, sorted by name."""
        return [self._by_name[name] for name in sorted(self._by_name)]

    def add(self, new_choice: DataType) -> None:
        """Add a type; it is merged with an existing type of the same name."""
        for one in new_choice.choices if isinstance(new_choice, ChoiceType) else [new_choice]:
            known = self._by_name.get(one.typeName())
            self._by_name[one.typeName()] = one if known is None else mergeDataTypes(known, one)

    def merge(self, new_choices: Iterable[DataType]) -> None:
        """Add several types."""
        for one in new_choices.choices if isinstance(new_choices, ChoiceType) else new_choices:
            self.add(one)

    def get(self, name: str) -> DataType | None:
        """Return the type with that name; None if there is none."""
        return self._by_name.get(name)

    def _parts(self) -> dict[str, Any]:
        return {"choices": [one.jsonValue() for one in self.choices]}

    @classmethod
    def fromJsonValue(cls, json_value: Mapping[str, Any]) -> "ChoiceType":
        return cls([from_json(one) for one in json_value["choices"]], json_value.get("properties", {}))


class Field:
    """A named field."""

    def __init__(self, name: str, dataType: DataType, properties: Mapping[str, Any] = _NONE) -> None:
        self.name, self.dataType, self.properties = name, dataType, dict(properties)

    def jsonValue(self) -> dict[str, Any]:
        """Return the field in Glue's JSON form."""
        return {"name": self.name, "container": self.dataType.jsonValue(), "properties": self.properties}

    @classmethod
    def fromJsonValue(cls, json_value: Mapping[str, Any]) -> "Field":
        """Parse a field from the result of ``jsonValue``."""
        return cls(json_value["name"], from_json(json_value["container"]), json_value.get("properties", {}))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Field) and self.jsonValue() == other.jsonValue()

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        return f"Field({self.name}, {self.dataType!r})"


class StructType(DataType):
    """A list of named fields."""

    def __init__(self, fields: Iterable[Field] = (), properties: Mapping[str, Any] = _NONE) -> None:
        super().__init__(properties)
        self.fields = list(fields)

    def __iter__(self) -> Iterator[Field]:
        return iter(self.fields)

    def add(self, field: Field) -> None:
        """Add a field; it replaces a field of the same name."""
        self.fields = [one for one in self.fields if one.name != field.name] + [field]

    def hasField(self, field: "Field | str") -> bool:
        """Return whether there is a field with that name."""
        return any(one.name == _name(field) for one in self.fields)

    def getField(self, field: "Field | str") -> Field:
        """Return the field with that name; KeyError if there is none."""
        for one in self.fields:
            if one.name == _name(field):
                return one
        raise KeyError(_name(field))

    def _parts(self) -> dict[str, Any]:
        return {"fields": [one.jsonValue() for one in self.fields]}

    @classmethod
    def fromJsonValue(cls, json_value: Mapping[str, Any]) -> "StructType":
        return cls([Field.fromJsonValue(one) for one in json_value["fields"]], json_value.get("properties", {}))


class EntityType(DataType):
    """Not implemented, as in Glue."""

    def __init__(self, entity: Any, base_type: Any, properties: Mapping[str, Any] = _NONE) -> None:
        raise NotImplementedError("EntityType is not implemented in AWS Glue")


class DynamicRecord(dict[str, Any]):
    """A record: a dict whose keys are also attributes."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError as missing:
            raise AttributeError(name) from missing


def _name(field: Field | str) -> str:
    return field.name if isinstance(field, Field) else field


_PLAIN = (
    *(BinaryType, BooleanType, ByteType, DateType, DecimalType, DoubleType, EnumType, FloatType, IntegerType),
    *(LongType, NullType, ShortType, StringType, TimestampType, TimestampNTZType, UnknownType),
    *(ArrayType, SetType, MapType, ChoiceType, StructType),
)
BY_NAME: Mapping[str, type[DataType]] = MappingProxyType({kind.typeName(): kind for kind in _PLAIN})


def from_json(json_value: Mapping[str, Any]) -> DataType:
    """Parse Glue's JSON form of a type; raises ValueError if the type is unknown."""
    kind = BY_NAME.get(json_value.get("dataType", ""))
    if kind is None:
        raise ValueError(f"unknown Glue type {json_value.get('dataType')!r}: use one of {', '.join(sorted(BY_NAME))}")
    return kind.fromJsonValue(json_value)


def mergeDataTypes(s1: DataType, s2: DataType) -> DataType:
    """Merge the types of a field: null and unknown are absorbed, different types become a choice."""
    if s1 == s2 or isinstance(s2, NullType | UnknownType):
        return s1
    if isinstance(s1, NullType | UnknownType):
        return s2
    if isinstance(s1, StructType) and isinstance(s2, StructType):
        return _merged_structs(s1, s2)
    if isinstance(s1, ArrayType | SetType) and type(s1) is type(s2):
        return type(s1)(mergeDataTypes(s1.elementType, s2.elementType))
    if isinstance(s1, MapType) and isinstance(s2, MapType):
        return MapType(mergeDataTypes(s1.valueType, s2.valueType))
    if isinstance(s1, DecimalType) and isinstance(s2, DecimalType):
        scale = max(s1.scale, s2.scale)
        return DecimalType(min(38, scale + max(s1.precision - s1.scale, s2.precision - s2.scale)), scale)
    return ChoiceType([s1, s2])


def _merged_structs(s1: StructType, s2: StructType) -> StructType:
    here = {one.name: one.dataType for one in s1}
    for one in s2:
        here[one.name] = mergeDataTypes(here[one.name], one.dataType) if one.name in here else one.dataType
    return StructType([Field(name, kind) for name, kind in here.items()])
