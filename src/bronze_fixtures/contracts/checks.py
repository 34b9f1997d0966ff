"""Whether contracts hold together: each one by itself, and all of them with each other."""

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction

from bronze_fixtures.common.text import did_you_mean
from bronze_fixtures.contracts.model import Column, Contract, Range, Reference
from bronze_fixtures.contracts.odcs import Place


def check_contract(contract: Contract, file: str) -> None:
    """Check one contract, its defects aside: see `defects.contract_checks`.

    Args:
        contract: The contract to check.
        file: The file it was read from, for error messages.

    Raises:
        ContractError: A name is taken twice, shares do not add up to 1, a range is upside down,
            or something refers to what is not there.
    """
    place = Place(file, contract.name)
    names = [column.name for column in contract.columns]
    for column in contract.columns:
        here = Place(file, contract.name, column.name)
        if names.count(column.name) > 1:
            here.fail(f"is declared {names.count(column.name)} times. Rename or drop one.")
        _check_column(column, contract, here)
    key = contract.column(contract.key)
    if not (key.required and key.unique):
        Place(file, contract.name, key.name).fail(
            "is the primary key. Add 'required: true' and 'unique: true'."
        )
    if contract.order_by is not None:
        check_name(contract.order_by, names, "orderBy", place)
    if contract.minimum_rows > contract.rows:
        place.fail(
            f"has at least {contract.minimum_rows} rows, but {contract.rows} at full scale. "
            "Lower the rowCount rule or raise fullScaleRows."
        )


def check_together(contracts: Mapping[str, Contract], files: Mapping[str, str]) -> None:
    """Check the references between contracts.

    Args:
        contracts: All contracts by dataset.
        files: The file each was read from, for error messages.

    Raises:
        ContractError: A reference leads nowhere or to a column that is not unique, references
            run in a circle, or the as-of instants differ.
    """
    first = next(iter(contracts.values()), None)
    for name, contract in contracts.items():
        for column in contract.columns:
            place = Place(files[name], name, column.name)
            if column.reference is not None:
                target = _check_reference(column.reference, contracts, place)
                if not target.unique:
                    place.fail(
                        f"references {column.reference!s}, which is not unique. Take its key."
                    )
            if column.copy_of is not None:
                _check_reference(column.copy_of, contracts, place)
                links = [c for c in contract.columns if _points_at(c, column.copy_of.dataset)]
                if len(links) != 1:
                    place.fail(
                        f"repeats {column.copy_of!s}, but {len(links)} columns reference "
                        f"{column.copy_of.dataset!r}. Give it one relationship."
                    )
        if first is not None and contract.as_of != first.as_of:
            Place(files[name], name).fail(
                f"asOf is {contract.as_of}, but {first.as_of} in {files[first.name]}. "
                "Make them equal."
            )
        _check_circle(name, contracts, files)


def _check_column(column: Column, contract: Contract, place: Place) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", column.name):
        place.fail("is not a column name. Use lower-case letters, digits and underscores.")
    try:
        re.compile(column.pattern or "")
    except (re.error, TypeError) as error:
        place.fail(f"pattern {column.pattern!r} is not a regular expression: {error}. Correct it.")
    if not column.description:
        place.fail("has no description. Add one sentence.")
    if column.shares:
        missing = [value for value in column.values if value not in column.shares]
        if missing:
            place.fail(f"value {missing[0]!r} has no share. Give all of them one or none.")
        _check_sum(column.shares.values(), "the shares of its values", place)
    if column.prefixes:
        _check_sum(column.prefixes.values(), "idPrefixes", place)
    _check_fit(column, place)
    _check_range(column.bounds, None, place)
    others = [other.name for other in contract.columns if other.name != column.name]
    for name, by, of in (
        ("boundsBy", column.bounds_by, column.bounds_of),
        ("valuesBy", column.values_by, column.values_of),
    ):
        if by is not None:
            check_name(by, others, name, place)
            _check_cases(name, of, contract.column(by), place)
    for value, inner in column.bounds_of.items():
        _check_range(inner, value, place)
        _check_inside(inner, column.bounds, value, place)
    for name, expression in (("transformLogic", column.formula), ("nullWhen", column.null_when)):
        for word in columns_in(expression or ""):
            check_name(word, others, name, place)


def _check_fit(column: Column, place: Place) -> None:
    """Refuse values that do not fit the type, and prefixes that do not fit the pattern."""
    texts = [*column.values, *(text for texts in column.values_of.values() for text in texts)]
    for text in texts:
        fits = {
            "VARCHAR": len(text) <= (column.type.length or 0),
            "INTEGER": re.fullmatch(r"-?\d+", text) is not None,
            "BOOLEAN": text in ("true", "false"),
        }.get(column.type.name, False)
        if not fits:
            place.fail(f"value {text!r} does not fit {column.type.declared}. Change one.")
    for prefix in column.prefixes:
        if column.pattern is None or not re.fullmatch(column.pattern, f"{prefix}-00000000"):
            place.fail(f"id prefix {prefix!r} does not fit the pattern. Change one.")


def _check_range(bounds: Range, value: str | None, place: Place) -> None:
    low, high = bounds.low, bounds.high
    if low is not None and high is not None and low > high:  # type: ignore[operator]
        where = "" if value is None else f" of {value!r}"
        place.fail(f"minimum {low}{where} is above maximum {high}. Swap them.")


def _check_inside(inner: Range, outer: Range, value: str, place: Place) -> None:
    """Refuse conditional bounds that reach out of the column's own."""
    for low, high in (
        (outer.low, inner.low if inner.low is not None else outer.low),
        (inner.high if inner.high is not None else outer.high, outer.high),
    ):
        if low is not None and high is not None and low > high:  # type: ignore[operator]
            place.fail(f"the range of {value!r} reaches out of the column's. Change one.")


def _check_cases(name: str, cases: Mapping[str, object], by: Column, place: Place) -> None:
    """Refuse a case that is no value of the column it depends on, or a value without a case."""
    for value in cases:
        if value not in by.values:
            hint = did_you_mean(value, list(by.values))
            place.fail(f"{name} {value!r} is not a value of {by.name!r}.{hint}")
    for value in by.values:
        if value not in cases:
            place.fail(f"{name} says nothing for {by.name} {value!r}. Add it.")
    if not by.values:
        place.fail(f"{name} depends on {by.name!r}, which has no allowed values. Give it an enum.")


def _check_sum(shares: Iterable[Fraction], name: str, place: Place) -> None:
    total = sum(shares, Fraction(0))
    if total != 1:
        place.fail(f"{name} add up to {float(total):g}, not 1. Change a share.")


def check_name(name: str, known: list[str], what: str, place: Place) -> None:
    """Refuse a name that is none of those known; `what` is what names it."""
    if name not in known:
        place.fail(f"{what} names {name!r}, no column it can name.{did_you_mean(name, known)}")


def columns_in(expression: str) -> list[str]:
    """Return the column names in an SQL expression: lower-case words that are no function."""
    bare = re.sub(r"'[^']*'", "''", expression)
    return re.findall(r"\b[a-z][a-z0-9_]*\b(?!\s*\()", bare)


def _points_at(column: Column, dataset: str) -> bool:
    return column.reference is not None and column.reference.dataset == dataset


def _check_reference(
    reference: Reference, contracts: Mapping[str, Contract], place: Place
) -> Column:
    """Return the column a reference leads to."""
    if reference.dataset not in contracts:
        from difflib import get_close_matches  # for an error alone

        # 'clients.customer_id' is near no dataset, but nearly a key.
        keys = {f"{name}.{contract.key}": name for name, contract in contracts.items()}
        near = get_close_matches(str(reference), keys, n=1)
        hint = did_you_mean(keys[near[0]] if near else reference.dataset, list(contracts))
        place.fail(
            f"references '{reference!s}', but no dataset is called {reference.dataset!r}.{hint}"
        )
    columns = {column.name: column for column in contracts[reference.dataset].columns}
    if reference.column not in columns:
        hint = did_you_mean(reference.column, list(columns))
        place.fail(f"references '{reference!s}', but there is no such column.{hint}")
    return columns[reference.column]


def _check_circle(start: str, contracts: Mapping[str, Contract], files: Mapping[str, str]) -> None:
    """Refuse references that lead from a dataset back to itself."""
    paths: list[list[str]] = [[start]]
    while paths:
        path = paths.pop()
        for parent in contracts[path[-1]].parents if path[-1] in contracts else ():
            if parent == start:
                circle = [*path, start]
                column = next(c for c in contracts[start].columns if _points_at(c, circle[1]))
                Place(files[start], start, column.name).fail(
                    f"references run in a circle: {' -> '.join(circle)}. Drop one."
                )
            if parent not in path:
                paths.append([*path, parent])
