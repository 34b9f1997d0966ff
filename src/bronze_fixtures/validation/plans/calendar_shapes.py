"""What a contract promises of days of the week, seasons and hours."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import TypeAlias

from bronze_fixtures.contracts.model import Column, Contract
from bronze_fixtures.validation.plans import sql
from bronze_fixtures.validation.plans.add_expectations import add_share, plot_of_rows, plot_of_two
from bronze_fixtures.validation.plans.damage import original
from bronze_fixtures.validation.plans.expectation import MAXIMUM, Kind
from bronze_fixtures.validation.plans.plan import Plan

# Monday; the days since it, modulo 7, are 0 to 6 from Monday to Sunday in every dialect.
_A_MONDAY = "DATE '1900-01-01'"
# Rows that a day may be off: less than one by rounding along the calendar, and a little because the
# kind of day was rounded before.
_DAY_OFF = 1.1


# A kind of days: whether from Monday to Friday, and whether in the season.
_Kind: TypeAlias = tuple[bool, bool]
_KINDS: tuple[_Kind, ...] = ((True, True), (True, False), (False, True), (False, False))


def add_calendar(plan: Plan, contract: Contract, column: Column) -> None:
    """Add the expectations of a timestamp's calendar.

    Args:
        plan: Where to add them.
        contract: The contract of the plan's base.
        column: The column, which declares `weekday_share`, `season_months`, `season_lift` and
            `hour_shares`.
    """
    _weekdays(plan, contract, column)
    _season(plan, contract, column)
    _days(plan, column)
    _hours(plan, contract, column)


def _weekdays(plan: Plan, contract: Contract, column: Column) -> None:
    base, count = original(contract), f"{column.name}__weekday_rows"
    share, weekday = column.shape["weekday_share"], _is_weekday(f"p.{column.name}")
    plan.counts[count] = sql.count_if(f"{base} AND {weekday}")
    off = sql.rows_off(count, f"{sql.number(share)} * originals")
    add_share(
        plan,
        contract,
        f"{column.name}__weekdays",
        [(f"abs({off})", share)],
        note=f"{float(share):.0%} of the rows are of Monday to Friday.",
        reads=(column.name,),
        plot=plot_of_two("Mon-Fri", weekday, "Sat-Sun", share, base),
    )


def _season(plan: Plan, contract: Contract, column: Column) -> None:
    base, offs, day = original(contract), [], f"p.{column.name}"
    shares = _shares(column)
    for kind, share in shares.items():
        count = f"{_name(column, kind)}_rows"
        plan.counts[count] = sql.count_if(f"{base} AND {_holds(column, kind, day)}")
        # Rounded twice, to days of the week and then to the season.
        off = sql.rows_off(count, f"{sql.number(share)} * originals")
        offs.append((f"greatest(abs({off}) - 0.5, 0)", share))
    in_season = float(shares[True, True] + shares[False, True])
    months = ", ".join(f"{date(2000, month, 1):%b}" for month in column.shape["season_months"])
    lift = float(column.shape["season_lift"])
    add_share(
        plan,
        contract,
        f"{column.name}__season",
        offs,
        note=f"A day of {months} has {lift:.0%} more rows than other such days.",
        reads=(column.name,),
        plot=plot_of_two(months, _is_in_season(column, day), "other months", in_season, base),
    )


def _days(plan: Plan, column: Column) -> None:
    """Expect the same number of rows on days of one kind; in silver any may be missing."""
    rows_by_day = f"rows_by_day_of_{column.name}"
    plan.ctes[rows_by_day] = (
        f"SELECT CAST({column.name} AS DATE) AS day, count(DISTINCT {plan.key}) AS day_rows\n"
        f"FROM typed_{plan.base}\nWHERE {sql.within(column.name, column.bounds)}\n"
        f"GROUP BY CAST({column.name} AS DATE)"
    )
    days, shares, offs = _count_days(column), _shares(column), []
    for kind in _KINDS:
        name, holds = _name(column, kind), _holds(column, kind, "day")
        fewest = f"CASE WHEN count(*) < {days[kind]} THEN 0 ELSE min(day_rows) END"
        for word, total in (("fewest", fewest), ("most", "max(day_rows)")):
            plan.counts[f"{name}_{word}"] = f"(SELECT {total} FROM {rows_by_day} WHERE {holds})"
        a_day = f"{sql.number(shares[kind])} * originals / {days[kind]}"
        offs += [f"{a_day} - {name}_fewest", f"{name}_most - {a_day}"]
    helper = f"{column.name}__days_off"
    plan.totals[helper] = f"round(CAST(greatest({', '.join(offs)}) AS DOUBLE) - (shards - 1), 6)"
    months: dict[str, Fraction] = {}
    for day in _every_day(column):
        kind, month = _kind_of(column, day), f"{day:%m}"
        months[month] = months.get(month, Fraction(0)) + shares[kind] / days[kind]
    plan.expect(
        ("bronze",),
        f"{plan.name}.{column.name}.days",
        MAXIMUM,
        {"column": helper, "max_value": _DAY_OFF},
        (column.name,),
        kind=Kind.SHARE,
        severity="info",
        note="Days of one kind, in or out of week and season, have the same number of rows.",
        plot={
            "sql": f"SELECT strftime(day, '%m'), sum(day_rows) FROM {rows_by_day} GROUP BY 1",
            "shares": {month: float(share) for month, share in months.items()},
        },
    )


def _hours(plan: Plan, contract: Contract, column: Column) -> None:
    base, hour = original(contract), f"EXTRACT(hour FROM p.{column.name})"
    shares = {f"{hour:02}": share for hour, share in enumerate(column.shape["hour_shares"])}
    offs = []
    for label, share in shares.items():
        name = f"{column.name}__hour_{label}_rows"
        plan.counts[name] = sql.count_if(f"{base} AND {hour} = {int(label)}")
        # Distributed within each of the four kinds of days, and rounded in each.
        off = sql.rows_off(name, f"{sql.number(Fraction(share))} * originals")
        offs.append((f"greatest(abs({off}) - 3, 0)", Fraction(share)))
    most = max(shares.values())
    peaks = ", ".join(str(int(label)) for label, share in shares.items() if share == most)
    add_share(
        plan,
        contract,
        f"{column.name}__hours",
        offs,
        note=f"The hours {peaks} are the busiest, nights are quiet.",
        reads=(column.name,),
        plot=plot_of_rows(f"lpad(CAST({hour} AS VARCHAR), 2, '0')", shares, base),
    )


def _name(column: Column, kind: _Kind) -> str:
    """Return what the names of the counts of a kind of days begin with."""
    week, season = "week" if kind[0] else "weekend", "season" if kind[1] else "rest"
    return f"{column.name}__{week}_{season}"


def _holds(column: Column, kind: _Kind, day: str) -> str:
    """Return the condition that a day, which is SQL of a date, is of a kind."""
    week, season = ("" if holds else "NOT " for holds in kind)
    return f"{week}({_is_weekday(day)}) AND {season}({_is_in_season(column, day)})"


def _is_weekday(day: str) -> str:
    return f"date_diff('day', {_A_MONDAY}, CAST({day} AS DATE)) % 7 < 5"


def _is_in_season(column: Column, day: str) -> str:
    months = ", ".join(map(str, column.shape["season_months"]))
    return f"EXTRACT(month FROM {day}) IN ({months})"


def _shares(column: Column) -> dict[_Kind, Fraction]:
    """Return the share of the rows that each kind of days has."""
    days, lift = _count_days(column), 1 + Fraction(column.shape["season_lift"])
    shares = {}
    for is_weekday, in_season in _KINDS:
        share = Fraction(column.shape["weekday_share"])
        lifted, rest = lift * days[is_weekday, True], days[is_weekday, False]
        part = (lifted if in_season else rest) / (lifted + rest)
        shares[is_weekday, in_season] = (share if is_weekday else 1 - share) * part
    return shares


def _count_days(column: Column) -> Counter[_Kind]:
    """Return how many days of each kind there are from a column's first day to its last."""
    return Counter(_kind_of(column, day) for day in _every_day(column))


def _kind_of(column: Column, day: date) -> _Kind:
    return day.isoweekday() <= 5, day.month in column.shape["season_months"]


def _every_day(column: Column) -> list[date]:
    """Return the days from a column's first to its last."""
    low, high = column.bounds.low, column.bounds.high
    assert isinstance(low, datetime)
    assert isinstance(high, datetime)
    return [low.date() + timedelta(n) for n in range((high.date() - low.date()).days + 1)]
