"""What a contract says of days of the week, seasons and hours, as checks."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction

from bronze_fixtures.contracts.model import Column, Contract
from bronze_fixtures.validation.plans import sql
from bronze_fixtures.validation.plans.damage import original
from bronze_fixtures.validation.plans.plan import MAXIMUM, Check, Plan
from bronze_fixtures.validation.plans.planning import add, add_share

# Monday; the days since it, modulo 7, are 0 to 6 from Monday to Sunday in every dialect.
_A_MONDAY = "DATE '1900-01-01'"
# Whether from Monday to Friday, whether in the season.
_KINDS_OF_DAYS = tuple(
    (is_weekday, in_season) for is_weekday in (True, False) for in_season in (True, False)
)
# Rows that a day may be off: less than one by rounding along the calendar, and a little because the
# kind of day was rounded before.
_DAY_OFF = 1.1


def add_calendar(plan: Plan, contract: Contract, column: Column) -> None:
    """Add the checks of a timestamp's calendar."""
    _weekdays_and_season(plan, contract, column)
    _days(plan, column)
    _hours(plan, contract, column)


def _weekdays_and_season(plan: Plan, contract: Contract, column: Column) -> None:
    shape = column.shape
    day = f"date_diff('day', {_A_MONDAY}, CAST(p.{column.name} AS DATE))"
    weekday = f"{day} % 7 < 5"
    season = f"EXTRACT(month FROM p.{column.name}) IN {_numbers(shape['season_months'])}"
    base = original(contract)
    plan.counts["weekday_rows"] = sql.count_if(f"{base} AND {weekday}")
    share = shape["weekday_share"]
    due = f"{sql.number(share)} * originals"
    add_share(
        plan,
        contract,
        f"{column.name}__weekdays",
        [(f"abs({sql.rows_off('weekday_rows', due)})", share)],
        f"{float(share):.0%} of the rows are of Monday to Friday.",
        {
            "sql": f"SELECT CASE WHEN {weekday} THEN 'Mon-Fri' ELSE 'Sat-Sun' END, count(*) "
            f"FROM prepared AS p WHERE {base} GROUP BY 1",
            "shares": {"Mon-Fri": float(share), "Sat-Sun": float(1 - share)},
        },
    )
    offs, shares = [], {}
    for is_weekday, in_season in _KINDS_OF_DAYS:
        name = f"{'week' if is_weekday else 'weekend'}_{'season' if in_season else 'rest'}_rows"
        condition = f"{base} AND {'' if is_weekday else 'NOT '}({weekday})"
        condition += f" AND {'' if in_season else 'NOT '}({season})"
        plan.counts[name] = sql.count_if(condition)
        cell = _cell(column, is_weekday=is_weekday, in_season=in_season)
        shares[name] = cell
        # Rounded twice, to days of the week and then to the season.
        off = sql.rows_off(name, f"{sql.number(cell)} * originals")
        offs.append((f"greatest(abs({off}) - 0.5, 0)", cell))
    in_season_share = shares["week_season_rows"] + shares["weekend_season_rows"]
    months = ", ".join(date(2000, month, 1).strftime("%b") for month in shape["season_months"])
    add_share(
        plan,
        contract,
        f"{column.name}__season",
        offs,
        f"A day of {months} has {float(shape['season_lift']):.0%} more rows than other such days.",
        {
            "sql": f"SELECT CASE WHEN {season} THEN '{months}' ELSE 'other months' END, count(*) "
            f"FROM prepared AS p WHERE {base} GROUP BY 1",
            "shares": {months: float(in_season_share), "other months": float(1 - in_season_share)},
        },
    )


def _days(plan: Plan, column: Column) -> None:
    """Check that days of one kind have the same number of rows; damage may have taken any later."""
    months = _numbers(column.shape["season_months"])
    plan.ctes["rows_of_days"] = (
        f"SELECT CAST({column.name} AS DATE) AS day, count(DISTINCT {plan.key}) AS day_rows\n"
        f"FROM typed_{plan.base}\nWHERE {sql.within(column.name, column.bounds)}\n"
        f"GROUP BY CAST({column.name} AS DATE)"
    )
    offs = []
    for is_weekday, in_season in _KINDS_OF_DAYS:
        days = _days_of(column, is_weekday=is_weekday, in_season=in_season)
        condition = (
            f"{'' if is_weekday else 'NOT '}(date_diff('day', {_A_MONDAY}, day) % 7 < 5) "
            f"AND {'' if in_season else 'NOT '}(EXTRACT(month FROM day) IN {months})"
        )
        name = f"{'week' if is_weekday else 'weekend'}_{'season' if in_season else 'rest'}"
        fewest = f"CASE WHEN count(*) < {days} THEN 0 ELSE min(day_rows) END"
        for end, total in (("fewest", fewest), ("most", "max(day_rows)")):
            plan.counts[f"{name}_{end}"] = f"(SELECT {total} FROM rows_of_days WHERE {condition})"
        due = f"{sql.number(_cell(column, is_weekday=is_weekday, in_season=in_season))} * originals"
        offs += [f"{due} / {days} - {name}_fewest", f"{name}_most - {due} / {days}"]
    name = f"{column.name}__days_off"
    plan.totals[name] = f"round(CAST(greatest({', '.join(offs)}) AS DOUBLE) - (shards - 1), 6)"
    check = Check(
        f"{plan.name}.{column.name}.days",
        "info",
        "Days of one kind, in or out of the week and the season, have the same number of rows.",
        MAXIMUM,
        {"column": name, "max_value": _DAY_OFF},
        plot={
            "sql": "SELECT strftime(day, '%m'), sum(day_rows) FROM rows_of_days GROUP BY 1",
            "shares": _months(column),
        },
    )
    add(plan, "bronze", check)


def _numbers(values: tuple[int, ...]) -> str:
    return f"({', '.join(map(str, values))})"


def _cell(column: Column, *, is_weekday: bool, in_season: bool) -> Fraction:
    """Return the share of the rows that fall on one kind of day."""
    shape = column.shape
    season = _days_of(column, is_weekday=is_weekday, in_season=True)
    rest = _days_of(column, is_weekday=is_weekday, in_season=False)
    lifted = season * (1 + Fraction(shape["season_lift"]))
    share = Fraction(shape["weekday_share"])
    part = lifted if in_season else Fraction(rest)
    return (share if is_weekday else 1 - share) * part / (lifted + rest)


def _months(column: Column) -> dict[str, float]:
    """Return the share of the rows of each month, whatever the year."""
    of_day = {
        (is_weekday, in_season): _cell(column, is_weekday=is_weekday, in_season=in_season)
        / _days_of(column, is_weekday=is_weekday, in_season=in_season)
        for is_weekday, in_season in _KINDS_OF_DAYS
    }
    shares: dict[str, Fraction] = {}
    for day in _every_day(column):
        month, kind = f"{day:%m}", (day.isoweekday() <= 5, _in_season(column, day))
        shares[month] = shares.get(month, Fraction(0)) + of_day[kind]
    return {month: float(share) for month, share in shares.items()}


def _days_of(column: Column, *, is_weekday: bool, in_season: bool) -> int:
    """Return how many days of one kind there are from a column's first day to its last."""
    return sum(
        (day.isoweekday() <= 5) == is_weekday and _in_season(column, day) == in_season
        for day in _every_day(column)
    )


def _in_season(column: Column, day: date) -> bool:
    return day.month in column.shape["season_months"]


def _every_day(column: Column) -> list[date]:
    """Return the days from a column's first to its last."""
    low, high = column.bounds.low, column.bounds.high
    assert isinstance(low, datetime)
    assert isinstance(high, datetime)
    return [low.date() + timedelta(n) for n in range((high.date() - low.date()).days + 1)]


def _hours(plan: Plan, contract: Contract, column: Column) -> None:
    base, hour = original(contract), f"EXTRACT(hour FROM p.{column.name})"
    offs = []
    for number, share in enumerate(column.shape["hour_shares"]):
        name = f"hour_{number:02}_rows"
        plan.counts[name] = sql.count_if(f"{base} AND {hour} = {number}")
        # Dealt within each of the four kinds of days: rounded once in each.
        off = sql.rows_off(name, f"{sql.number(Fraction(share))} * originals")
        offs.append((f"greatest(abs({off}) - 3, 0)", Fraction(share)))
    shares = [float(share) for share in column.shape["hour_shares"]]
    most = max(shares)
    peaks = ", ".join(str(hour) for hour, share in enumerate(shares) if share == most)
    add_share(
        plan,
        contract,
        f"{column.name}__hours",
        offs,
        f"The hours {peaks} are the busiest, nights are quiet.",
        {
            "sql": f"SELECT lpad(CAST({hour} AS VARCHAR), 2, '0'), count(*) "
            f"FROM prepared AS p WHERE {base} GROUP BY 1",
            "shares": {f"{hour:02}": share for hour, share in enumerate(shares)},
        },
    )
