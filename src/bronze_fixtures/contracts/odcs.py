"""One contract file, from its text to the mapping that an Open Data Contract Standard file holds.

A contract of a user is checked by the model of the standard's own package. The model ignores
unknown keys below the top level, so they are refused here first: a misspelt `required` must not
pass for an optional column. Each error is one `ContractError` of one line that starts with the
file, the dataset and the column.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, get_args

from bronze_fixtures.common.strict_yaml import load_yaml
from bronze_fixtures.common.text import did_you_mean, one_line
from bronze_fixtures.errors import ContractError

if TYPE_CHECKING:
    from pydantic import BaseModel


# The custom properties that are read, by the object they belong to; reader.py explains them.
_CUSTOM = {
    "SchemaObject": ["fullScaleRows", "asOf", "orderBy", "defects"],
    "SchemaProperty": ["idPrefixes", "boundsBy", "valuesBy", "nullWhen", "shape"],
    "EnumValue": ["share"],
}


class Place(NamedTuple):
    """Where in the contracts we are, for error messages."""

    file: str
    dataset: str | None = None
    column: str | None = None

    def fail(self, problem: str) -> NoReturn:
        """Raise a one-line `ContractError` about this place."""
        where = ".".join(part for part in (self.dataset, self.column) if part)
        line = ": ".join(part for part in (self.file, where, problem) if part)
        raise ContractError(one_line(line)) from None


def parse_file(text: str, file: str) -> Mapping[str, Any]:
    """Parse the text of a contract file, and check it against the standard's model.

    Args:
        text: The YAML text.
        file: The file's name, for error messages.

    Returns:
        The document: a mapping as YAML has it, of a known kind and version, with exactly one
        dataset, which has a name and columns with names.

    Raises:
        ContractError: The text is not YAML, or has a key twice, an unknown key or a value of the
            wrong type.
    """
    place = Place(file)
    try:
        raw = load_yaml(text)
    except ValueError as error:
        place.fail(f"{error}, so it is not valid YAML. Correct that line.")
    if not isinstance(raw, dict):
        place.fail("is not a mapping. Start it with 'apiVersion: v3.2.0'.")
    _check_standard(raw, file)
    _check_head(raw, place)
    return raw


def _check_standard(raw: Any, file: str) -> None:
    """Refuse what the standard does not know, and values of another type than it asks for."""
    from open_data_contract_standard.model import OpenDataContractStandard
    from pydantic import ValidationError

    _refuse_unknown_keys(raw, (OpenDataContractStandard,), Place(file))
    try:
        OpenDataContractStandard.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        path = first["loc"]
        key = [step for step in path if isinstance(step, str)][-1]
        problem = first["msg"].removeprefix("Input ")
        _place(raw, path, file).fail(f"{key!r} {problem}, but is {first['input']!r}. Correct it.")


def _refuse_unknown_keys(raw: Any, models: tuple[type["BaseModel"], ...], place: Place) -> None:
    """Walk the raw mapping beside the models' fields; custom properties are keys too."""
    known = [name for model in models for name in _CUSTOM.get(model.__name__, [])]
    properties = raw.get("customProperties")
    for item in properties if isinstance(properties, list) else []:
        name = str(item.get("property")) if isinstance(item, dict) else ""
        if name and name not in known:
            hint = did_you_mean(name, known) or " None are read here; take it out."
            place.fail(f"unknown custom property {name!r}.{hint}")
    fields: dict[str, tuple[type[BaseModel], ...]] = {}
    for model in models:
        for name, info in model.model_fields.items():
            fields[info.alias or name] = _models_in(info.annotation)
    for key, value in raw.items():
        if key not in fields:
            place.fail(f"unknown key {key!r}.{did_you_mean(str(key), list(fields))}")
        if not fields[key]:
            continue
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict):
                _refuse_unknown_keys(item, fields[key], _inside(place, key, item))


def _models_in(annotation: Any) -> tuple[type["BaseModel"], ...]:
    """Return the models anywhere in a type, such as `list[Relationship] | None`."""
    if hasattr(annotation, "model_fields"):
        return (annotation,)
    return tuple(model for part in get_args(annotation) for model in _models_in(part))


def _inside(place: Place, key: str, item: Mapping[str, Any]) -> Place:
    """Return the place of an item of `schema` or `properties`, else the place it is in."""
    name = str(item.get("name", "(no name)"))
    if key == "schema":
        return Place(place.file, name)
    if key == "properties" and place.column is None:
        return Place(place.file, place.dataset, name)
    return place


def _place(raw: Any, path: tuple[int | str, ...], file: str) -> Place:
    """Return the place that a path of keys and indexes leads to."""
    place, key = Place(file), ""
    for step in path:
        try:
            raw = raw[step]
        except (LookupError, TypeError):
            break
        if isinstance(step, str):
            key = step
        elif isinstance(raw, dict):
            place = _inside(place, key, raw)
    return place


def _check_head(raw: Mapping[str, Any], place: Place) -> None:
    if raw.get("kind") != "DataContract":
        place.fail(f"kind is {raw.get('kind')!r}. Write 'kind: DataContract'.")
    if not (raw.get("apiVersion") or "").startswith("v3."):
        place.fail(f"apiVersion is {raw.get('apiVersion')!r}. Write 'apiVersion: v3.2.0'.")
    schemas = raw.get("schema") or []
    if len(schemas) != 1:
        place.fail(f"declares {len(schemas)} datasets under 'schema'. Write one file each.")
    name, columns = schemas[0].get("name"), schemas[0].get("properties")
    if not name:
        place.fail("its dataset has no name. Give schema[0] a 'name'.")
    if not columns:
        Place(place.file, name).fail("has no columns. List them in 'properties'.")
    if any(not column.get("name") for column in columns):
        Place(place.file, name).fail("has a column without a name. Name it.")
