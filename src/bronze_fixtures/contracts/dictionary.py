"""The data dictionary: what the contracts say, for people and for programs."""

import json
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from bronze_fixtures.common.text import did_you_mean, table
from bronze_fixtures.contracts.model import Column, ColumnType, Contract, Defect, Range, Reference
from bronze_fixtures.errors import ContractError

FORMATS = ("table", "markdown", "json", "odcs")

_WIDTH = 100
_INTRO = """\
# Data dictionary

Written by `bronze-fixtures describe --format markdown`; change the contracts, not this page.

Values, shares, ranges, patterns and formulas hold for the clean tables. Delivered tables differ
from them in the defects alone. A share is of the column's rows that are not null, a defect's rate
of the delivered rows, both exact to one row per shard. Null is *never*, *by design* (exactly when
the condition holds) or *by defect*.
"""


class _Fact(NamedTuple):
    """Something a column promises; `code` tells text from an expression."""

    label: str
    text: str
    code: bool = False


def render(
    contracts: Mapping[str, Contract],
    format: str,  # noqa: A002 (the option's name)
    text_of: Callable[[str], str] | None = None,
) -> str:
    """Return the data dictionary of some contracts.

    Args:
        contracts: The contracts by dataset, in the order to show them.
        format: `table` (plain text, 100 columns), `markdown`, `json`, or `odcs` (the contract
            files as they are, one YAML document each).
        text_of: Returns the contract file of a dataset; needed for `odcs`.

    Returns:
        The text; it ends with a line break.

    Raises:
        ContractError: The format is unknown, or a contract file cannot be read.
    """
    if format == "table":
        return "\n\n".join(_table(contract) for contract in contracts.values())
    if format == "markdown":
        return "\n".join([_INTRO, *map(_markdown, contracts.values())])
    if format == "json":
        datasets = [_plain(contract) for contract in contracts.values()]
        return json.dumps({"datasets": datasets}, indent=2) + "\n"
    if format == "odcs" and text_of is not None:
        return "---\n".join(map(text_of, contracts))
    message = f"unknown format {format!r} of the dictionary.{did_you_mean(format, [*FORMATS])}"
    raise ContractError(message)


def _table(contract: Contract) -> str:
    lines = [contract.name, "=" * len(contract.name)]
    lines += _wrap(contract.description, "")
    lines += _wrap(_size(contract), "")
    rows = [
        (column.name, column.type.declared, _null(column, contract), _key(column, contract))
        for column in contract.columns
    ]
    head, rule, *cells = table(("column", "type", "null", "key"), rows, left=range(4)).splitlines()
    lines += ["", head, rule]
    for column, row in zip(contract.columns, cells, strict=True):
        lines.append(row)
        lines += _wrap(column.description, "    ")
        for fact in _facts(column, contract):
            lines += _wrap(f"{fact.label}: {fact.text}", "    ", "      ")
    lines += ["", "defects" if contract.defects else "no defects"]
    for defect in contract.defects:
        lines.append(f"  {defect.id}  {_percent(defect.rate)}")
        lines += _wrap(defect.description, "    ")
        if defect.also:
            lines += _wrap(f"Also changes: {', '.join(defect.also)}", "    ")
    return "\n".join(lines) + "\n"


def _wrap(text: str, indent: str, hanging: str | None = None) -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=indent if hanging is None else hanging,
        break_on_hyphens=False,
    )


def _markdown(contract: Contract) -> str:
    lines = [f"## {contract.name}", "", contract.description, "", _size(contract), ""]
    lines += ["| column | type | null | key | description |", "| --- | --- | --- | --- | --- |"]
    for column in contract.columns:
        facts = [
            f"{fact.label}: {_code(fact.text) if fact.code else _escape(fact.text)}"
            for fact in _facts(column, contract)
        ]
        cells = [
            f"`{column.name}`",
            column.type.declared,
            _null(column, contract),
            _key(column, contract),
            "<br>".join([_escape(column.description), *facts]),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", "No defects." if not contract.defects else "Defects:", ""]
    if contract.defects:
        lines += ["| id | rate | also changes | what |", "| --- | ---: | --- | --- |"]
    for defect in contract.defects:
        also = ", ".join(f"`{name}`" for name in defect.also)
        cells = [f"`{defect.id}`", _percent(defect.rate), also, _escape(defect.description)]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines).rstrip() + "\n"


def _code(text: str) -> str:
    """Return a code span that is safe in a table, where a bar ends the cell even inside code."""
    return f"`{text}`".replace("|", "\\|")


def _escape(text: str) -> str:
    for character in "\\`*<|":
        text = text.replace(character, f"\\{character}")
    return text


def _size(contract: Contract) -> str:
    parts = [
        f"{contract.rows:,} rows at scale 1 with the standard defects",
        f"at least {contract.minimum_rows:,} at any scale",
        f"file {contract.name}/{contract.file}.parquet",
    ]
    if contract.order_by is not None:
        parts.append(f"in order of {contract.order_by}")
    if contract.parents:
        parts.append(f"references {', '.join(contract.parents)}")
    return f"{'; '.join(parts)}."


def _null(column: Column, contract: Contract) -> str:
    ways = []
    if column.null_when is not None:
        ways.append("by design")
    if any(defect.id == f"{contract.name}.{column.name}.null" for defect in contract.defects):
        ways.append("by defect")
    return ", ".join(ways) or "never"


def _key(column: Column, contract: Contract) -> str:
    words = []
    if column.name == contract.key:
        words.append("primary key")
    elif column.unique:
        words.append("unique")
    if column.reference is not None:
        words.append(f"-> {column.reference}")
    if column.pii:
        words.append("PII")
    return ", ".join(words)


def _facts(column: Column, contract: Contract) -> Iterator[_Fact]:
    """Yield what a column promises, in the order it is shown."""
    if column.null_when is not None:
        yield _Fact("Null when", column.null_when, code=True)
    if column.values:
        yield _Fact("Values", ", ".join(_share(value, column.shares) for value in column.values))
    if column.values_by is not None:
        cases = (f"{value}: {', '.join(items)}" for value, items in column.values_of.items())
        yield _Fact(f"Values by {column.values_by}", "; ".join(cases))
    if len(column.prefixes) > 1:
        yield _Fact("Ids", ", ".join(_share(prefix, column.prefixes) for prefix in column.prefixes))
    if column.bounds:
        yield _Fact("Range", _range(column.bounds))
    if column.bounds_by is not None:
        cases = (f"{value} {_range(bounds)}" for value, bounds in column.bounds_of.items())
        yield _Fact(f"Range by {column.bounds_by}", "; ".join(cases))
    if column.pattern is not None:
        yield _Fact("Pattern", column.pattern, code=True)
    if column.formula is not None:
        yield _Fact("Formula", column.formula, code=True)
    if column.copy_of is not None:
        yield _Fact("Copy of", str(column.copy_of), code=True)
    if column.shape:
        numbers = (f"{name} {_text(number)}" for name, number in column.shape.items())
        yield _Fact("Distribution", "; ".join(numbers))
    for defect in contract.defects:
        if column.name == defect.column:
            yield _Fact("Defect", f"{_percent(defect.rate)} {defect.kind}")
        elif column.name in defect.also:
            yield _Fact("Changed by", defect.id, code=True)


def _share(value: str, shares: Mapping[str, Fraction]) -> str:
    return f"{value} {_percent(shares[value])}" if value in shares else value


def _percent(share: Fraction) -> str:
    return f"{float(share * 100):g}%"


def _range(bounds: Range) -> str:
    if bounds.high is None:
        return f"at least {_text(bounds.low)}"
    if bounds.low is None:
        return f"at most {_text(bounds.high)}"
    if bounds.low == bounds.high:
        return _text(bounds.low)
    return f"{_text(bounds.low)} to {_text(bounds.high)}"


def _text(value: Any) -> str:
    """Return a number, date or list as people write it."""
    if isinstance(value, tuple):
        return ", ".join(map(_text, value))
    if isinstance(value, Fraction):
        return f"{float(value):g}"
    if isinstance(value, Decimal):
        return f"{value:,f}".rstrip("0").rstrip(".")
    return f"{value:,}" if isinstance(value, int) else str(value)


def _plain(contract: Contract) -> dict[str, Any]:
    """Return a contract as JSON can hold it."""
    columns = [_fields(column) for column in contract.columns]
    for column in columns:
        column.update(column.pop("bounds"))
    defects = [_fields(d) | {"variant": d.variant or None} for d in contract.defects]
    for defect in defects:
        del defect["rows"]
    return {
        "name": contract.name,
        "description": contract.description,
        "file": f"{contract.name}/{contract.file}.parquet",
        "rows": contract.rows,
        "minimum_rows": contract.minimum_rows,
        "key": contract.key,
        "order_by": contract.order_by,
        "as_of": _value(contract.as_of),
        "columns": columns,
        "defects": defects,
    }


def _fields(part: Column | Defect) -> dict[str, Any]:
    return {field.name: _value(getattr(part, field.name)) for field in fields(part)}


def _value(value: Any) -> Any:
    """Return a value as JSON can hold it: exact decimals as the number they were written as."""
    if isinstance(value, Mapping):
        return {key: _value(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_value(item) for item in value]
    if isinstance(value, Range):
        return {"minimum": _value(value.low), "maximum": _value(value.high)}
    if isinstance(value, Fraction | Decimal):
        return int(value) if value == int(value) else float(value)
    if isinstance(value, ColumnType):
        return value.declared
    if isinstance(value, date | Reference):
        return str(value)
    return value
