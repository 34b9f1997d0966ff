"""A parsed contract file turned into a frozen `Contract`.

Where the Open Data Contract Standard has a place of its own, the contract uses it: keys,
`physicalType`, `required`, `unique`, `classification: pii`, `enum`, `relationships`,
`logicalTypeOptions` (bounds and pattern), `transformLogic` (formula), `transformSourceObjects` (the
one column of a referenced dataset that is repeated here), `physicalName` (the file) and the
`rowCount` quality rule (minimum rows). The rest are custom properties:

=============== ======= ============================================================================
name            on      value
=============== ======= ============================================================================
`fullScaleRows` dataset rows at scale 1, as delivered with the standard defects
`asOf`          dataset the instant that counts as today, `YYYY-MM-DD HH:MM:SS`; the same everywhere
`orderBy`       dataset column in whose order the rows come
`defects`       dataset list of `id`, `column`, `kind`, `rate`, `description`; where it applies also
                        `also` (columns it changes too), `sentinel` and `sentinelShare`,
                        `rows` (`latest`: the last ones), `variant` (another way to plant the kind)
`idPrefixes`    column  share of the rows by id prefix
`boundsBy`      column  `column`, and `ranges` with `minimum`/`maximum` for each of its values
`valuesBy`      column  `column`, and `values` with a list for each of its values
`nullWhen`      column  SQL condition under which the clean cell is null
`shape`         column  further numbers of the distribution, by name
`share`         value   share of the rows with this allowed value
=============== ======= ============================================================================
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from bronze_fixtures.common.frozen_mapping import FrozenMapping
from bronze_fixtures.common.text import one_line
from bronze_fixtures.contracts.model import Column, ColumnType, Contract, Defect, Range
from bronze_fixtures.contracts.odcs import Place
from bronze_fixtures.contracts.values import (
    check_keys,
    read_bound,
    read_count,
    read_flag,
    read_fraction,
    read_instant,
    read_list,
    read_mapping,
    read_reference,
    read_shape,
    read_shares,
    value_text,
)

_TYPES = {
    "VARCHAR": "string",
    "INTEGER": "integer",
    "DECIMAL": "number",
    "TIMESTAMP": "timestamp",
    "DATE": "date",
    "BOOLEAN": "boolean",
}
_SUFFIX = ".parquet"


def read_contract(document: Mapping[str, Any], file: str) -> Contract:
    """Read a document that `parse_file` returned.

    Args:
        document: The parsed document, of one dataset.
        file: The file's name, for error messages.

    Returns:
        The contract. Each value of it is well-formed; `checks` tells whether they fit together.

    Raises:
        ContractError: A value is missing or malformed.
    """
    schema = document["schema"][0]
    name = str(schema["name"])
    place = Place(file, name)
    extra = _custom(schema, place)
    if schema.get("relationships"):
        place.fail("has relationships of its own. Give them to the columns that point.")
    path = schema.get("physicalName")
    if not path or not path.endswith(_SUFFIX):
        place.fail(f"physicalName is {path!r}. Write the file's name, ending in {_SUFFIX}.")
    columns, keys = [], []
    for item in schema["properties"]:
        here = Place(file, name, item["name"])
        columns.append(_column(item, here))
        if read_flag(item.get("primaryKey"), "primaryKey", here):
            keys.append(columns[-1].name)
    if len(keys) != 1:
        place.fail(f"has {len(keys)} primary keys. Give one column 'primaryKey: true'.")
    return Contract(
        name=name,
        description=one_line((document.get("description") or {}).get("purpose") or ""),
        file=path.removesuffix(_SUFFIX),
        rows=read_count(extra.get("fullScaleRows"), "fullScaleRows", place),
        minimum_rows=_minimum_rows(schema.get("quality") or [], place),
        key=keys[0],
        columns=tuple(columns),
        defects=tuple(
            _defect(item, place) for item in read_list(extra.get("defects", []), "defects", place)
        ),
        order_by=extra.get("orderBy"),
        as_of=read_instant(extra.get("asOf"), "asOf", place),
    )


def _column(item: Mapping[str, Any], place: Place) -> Column:
    extra = _custom(item, place)
    if item.get("quality"):
        place.fail("has quality rules, which nothing runs. Use enum, bounds, pattern or formula.")
    kind = _type(item, place)
    options = _options(item.get("logicalTypeOptions") or {}, kind, place)
    values, shares = _values(item.get("enum") or [], place)
    bounds_by, ranges = _by(extra.get("boundsBy"), "boundsBy", "ranges", place)
    values_by, lists = _by(extra.get("valuesBy"), "valuesBy", "values", place)
    bounds_of = {value: _range(entry, kind, place) for value, entry in ranges.items()}
    values_of = {
        value: tuple(map(value_text, read_list(entry, f"valuesBy {value}", place)))
        for value, entry in lists.items()
    }
    sources = item.get("transformSourceObjects") or []
    if len(sources) > 1:
        place.fail("has several transformSourceObjects. Name the one it repeats.")
    targets = [relation.get("to") for relation in item.get("relationships") or []]
    if len(targets) > 1:
        place.fail(f"has {len(targets)} relationships. Keep one.")
    return Column(
        name=place.column or "",
        type=kind,
        description=one_line(item.get("description") or ""),
        required=read_flag(item.get("required"), "required", place),
        null_when=extra.get("nullWhen"),
        unique=read_flag(item.get("unique"), "unique", place),
        pii=item.get("classification") == "pii",
        values=values,
        shares=FrozenMapping(shares),
        prefixes=read_shares(extra.get("idPrefixes", {}), "idPrefixes", place),
        bounds=_bounds(options, kind, place),
        bounds_by=bounds_by,
        bounds_of=FrozenMapping(bounds_of),
        values_by=values_by,
        values_of=FrozenMapping(values_of),
        pattern=options.get("pattern"),
        formula=one_line(item.get("transformLogic") or "") or None,
        copy_of=read_reference(sources[0], place) if sources else None,
        shape=read_shape(extra.get("shape", {}), place),
        reference=read_reference(targets[0], place) if targets else None,
    )


def _custom(item: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """Return custom properties by name, each there once and with a value."""
    found: dict[str, Any] = {}
    for each in item.get("customProperties") or []:
        name, value = str(each.get("property")), each.get("value")
        if name in found:
            place.fail(f"custom property {name!r} is there twice. Keep one.")
        if value is None:
            place.fail(f"custom property {name!r} has no value. Give it one.")
        found[name] = value
    for name in ("orderBy", "nullWhen"):
        if name in found and not isinstance(found[name], str):
            place.fail(f"{name} is {found[name]!r}. Write text.")
    return found


def _type(item: Mapping[str, Any], place: Place) -> ColumnType:
    text = item.get("physicalType") or ""
    match = re.fullmatch(r"(VARCHAR)\((\d+)\)|(DECIMAL)\((\d+),(\d+)\)|([A-Z]+)", text)
    name = match and (match[1] or match[3] or match[6])
    if match is None or name not in _TYPES or match[6] in ("VARCHAR", "DECIMAL"):
        place.fail(
            f"unknown physicalType {text!r}. Use one of: VARCHAR(n), INTEGER, DECIMAL(p,s), "
            "TIMESTAMP, DATE, BOOLEAN."
        )
    logical = item.get("logicalType")
    if logical != _TYPES[name]:
        place.fail(f"logicalType is {logical!r}, but {text} is '{_TYPES[name]}'. Change one.")
    if match[1]:
        return ColumnType(name, length=int(match[2]))
    if match[3]:
        return ColumnType(name, precision=int(match[4]), scale=int(match[5]))
    return ColumnType(name)


def _options(options: Mapping[str, Any], kind: ColumnType, place: Place) -> Mapping[str, Any]:
    known = {"VARCHAR": ["pattern", "format", "maxLength"], "BOOLEAN": []}.get(
        kind.name, ["minimum", "maximum"] + ["timezone"] * (kind.name == "TIMESTAMP")
    )
    check_keys(options, known, "logicalTypeOptions", place)
    if options.get("maxLength", kind.length) != kind.length:
        place.fail(f"maxLength differs from {kind.declared}. Make them equal.")
    if options.get("timezone"):
        place.fail("timezone is true, but timestamps are UTC without a zone. Say false.")
    return options


def _values(
    enum: Iterable[Mapping[str, Any]], place: Place
) -> tuple[tuple[str, ...], dict[str, Fraction]]:
    """Return the allowed values, and the shares of those that have one."""
    values: list[str] = []
    shares: dict[str, Fraction] = {}
    for item in enum:
        value = value_text(item.get("value"))
        if value in values:
            place.fail(f"value {value!r} is there twice. Keep one.")
        values.append(value)
        extra = _custom(item, place)
        if "share" in extra:
            shares[value] = read_fraction(extra["share"], f"the share of {value!r}", place)
    return tuple(values), shares


def _by(entry: Any, name: str, inner: str, place: Place) -> tuple[str | None, Mapping[str, Any]]:
    """Return the column that a `boundsBy` or `valuesBy` depends on, and what it says by value."""
    if entry is None:
        return None, {}
    fields = read_mapping(entry, name, place)
    check_keys(fields, ["column", inner], name, place)
    if not isinstance(fields.get("column"), str) or inner not in fields:
        place.fail(f"{name} needs 'column' and '{inner}'. Add what is missing.")
    items = read_mapping(fields[inner], f"{inner} of {name}", place)
    return fields["column"], {value_text(value): item for value, item in items.items()}


def _range(entry: Any, kind: ColumnType, place: Place) -> Range:
    fields = read_mapping(entry, "a range of boundsBy", place)
    check_keys(fields, ["minimum", "maximum"], "a range of boundsBy", place)
    return _bounds(fields, kind, place)


def _bounds(fields: Mapping[str, Any], kind: ColumnType, place: Place) -> Range:
    low = read_bound(fields.get("minimum"), kind, place)
    high = read_bound(fields.get("maximum"), kind, place)
    return Range(low, high)


def _defect(entry: Any, place: Place) -> Defect:
    fields = read_mapping(entry, "a defect", place)
    known = ["id", "column", "kind", "rate", "also", "description", "rows"]
    known += ["sentinel", "sentinelShare", "variant"]
    check_keys(fields, known, "a defect", place)
    for name in ("id", "column", "kind", "description", "variant"):
        if not isinstance(fields.get(name, "" if name == "variant" else None), str):
            hint = ' Quote it: "null".' if name == "kind" and fields.get("kind") is None else ""
            place.fail(f"defect {fields.get('id')!r} has no {name}. Add it.{hint}")
    place = Place(place.file, place.dataset, fields["column"])
    if ("sentinel" in fields) != ("sentinelShare" in fields):
        place.fail("'sentinel' and 'sentinelShare' go together. Add the other.")
    if not isinstance(fields.get("sentinel", ""), str):
        place.fail(f"sentinel is {fields['sentinel']!r}. Write text.")
    rows = fields.get("rows", "random")
    if rows not in ("random", "latest"):
        place.fail(f"rows is {rows!r}. Use one of: random, latest.")
    return Defect(
        id=fields["id"],
        column=fields["column"],
        kind=fields["kind"],
        rate=read_fraction(fields.get("rate"), f"the rate of {fields['id']!r}", place),
        also=tuple(str(name) for name in read_list(fields.get("also", []), "also", place)),
        description=one_line(fields["description"]),
        sentinel=fields.get("sentinel"),
        rows=rows,
        sentinel_share=read_fraction(fields.get("sentinelShare", 0), "sentinelShare", place),
        variant=fields.get("variant", ""),
    )


def _minimum_rows(rules: Sequence[Mapping[str, Any]], place: Place) -> int:
    if len(rules) != 1 or rules[0].get("metric") != "rowCount":
        place.fail("needs one quality rule: metric rowCount, mustBeGreaterOrEqualTo.")
    return read_count(
        rules[0].get("mustBeGreaterOrEqualTo"), "rowCount mustBeGreaterOrEqualTo", place
    )
