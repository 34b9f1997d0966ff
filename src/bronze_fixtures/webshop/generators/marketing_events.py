"""Marketing events: impressions, the clicks that follow them, the conversions that follow those.

Realises chapter S7 of docs/specification.md.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bronze_fixtures.arrow.arrays import category, coded, ids, instants
from bronze_fixtures.arrow.schema import make_table
from bronze_fixtures.generation.calendar import DAY, HOUR, day_shape, rising_instants
from bronze_fixtures.generation.quotas import Codes, quotas, scatter
from bronze_fixtures.generation.ranges import days_of, unscaled
from bronze_fixtures.generation.shard import Shard
from bronze_fixtures.webshop.as_of import AS_OF_DAY
from bronze_fixtures.webshop.parents import Campaigns, Customers, Parents
from bronze_fixtures.webshop.roster import Roster
from bronze_fixtures.webshop.words import places

_ROWS_PER_VISITOR = 10
_PRECISE = 1_000  # parts of a cent in which a campaign's due budget is reckoned
_CLICK_WITHIN = 10 * 60  # S7.18: seconds from impression to click, at most
_CONVERSION_WITHIN = HOUR  # S7.18: seconds from click to conversion, at most


class _Rows(NamedTuple):
    """Where the rows of each chain lie; a chain is an impression and what follows from it.

    Attributes:
        lengths: Rows of each chain: 1, 2 with a click, 3 with a conversion.
        chains: The chain of each row.
        clicks: The rows of the clicks.
        conversions: The rows of the conversions.
        types: The place of the event type among the column's values.
    """

    lengths: Codes
    chains: NDArray[np.int64]
    clicks: NDArray[np.int64]
    conversions: NDArray[np.int64]
    types: Codes


def generate(shard: Shard, parents: Parents) -> pa.Table:
    """Make the clean table: by campaign, within it by time of the impression."""
    plans, customers = parents.campaigns, parents.customers
    rows = _lay_out(shard)
    per_campaign = _chains_per_campaign(plans, len(rows.lengths))
    times = _impression_times(shard, plans, per_campaign)
    users, keys, homes = _users(shard, customers, rows.lengths, times)
    campaigns = np.repeat(np.arange(len(plans.keys), dtype=np.uint16), per_campaign)[rows.chains]
    user = users[rows.chains]
    columns = {
        "event_id": shard.keys("marketing_events"),
        "campaign_id": coded(campaigns, plans.keys),
        "event_date": instants(_event_times(shard, times, rows)),
        "event_type": shard.category("marketing_events.event_type", rows.types),
        "user_id": coded(user, keys),
        "cost": shard.decimals("marketing_events.cost", _costs(shard, rows)),
        "revenue": _revenue(shard, rows),
        "device_type": shard.grouped("marketing_events.device_type", rows.lengths, rows.chains),
        "browser": shard.grouped("marketing_events.browser", rows.lengths, rows.chains),
        "location": category(
            homes[users][rows.chains], [f"{place.city}, {place.state}" for place in places()]
        ),
    }
    return make_table(shard.contracts["marketing_events"], columns)


def _lay_out(shard: Shard) -> _Rows:
    """Decide which impressions are clicked, and which clicks convert, by exact quotas."""
    count = shard.rows("marketing_events")
    shares = shard.column("marketing_events.event_type").shares
    impressions, clicks, conversions = quotas(count, shares.values())
    stream = shard.stream("marketing_events.event_type")
    steps = scatter(stream, [impressions - clicks, clicks - conversions, conversions])
    lengths = steps + np.uint8(1)
    starts = np.cumsum(lengths, dtype=np.int64) - lengths
    clicked = starts[steps > 0] + 1
    converted = starts[steps > 1] + 2
    types = np.zeros(count, np.uint8)
    types[clicked] = 1
    types[converted] = 2
    return _Rows(lengths, np.repeat(np.arange(impressions), lengths), clicked, converted, types)


def _chains_per_campaign(plans: Campaigns, chains: int) -> list[int]:
    """Deal impressions to campaigns by the part of the budget that is due by the as-of day.

    A shard spends about a twelfth of its budgets; even if every impression were clicked at the
    highest price, a campaign dealt impressions in proportion to its budget would stay within it.
    """
    due = plans.budgets * plans.live_days * _PRECISE // plans.total_days
    return quotas(chains, due.tolist())


def _impression_times(shard: Shard, plans: Campaigns, per_campaign: list[int]) -> NDArray[np.int64]:
    """Draw rising times for each campaign's impressions, within its days so far."""
    stream = shard.stream("marketing_events.event_date")
    shape = day_shape(tuple(shard.column("orders.order_date").shape["hour_shares"]))
    spare = _CLICK_WITHIN + _CONVERSION_WITHIN
    days = zip(per_campaign, plans.first_days.tolist(), plans.live_days.tolist(), strict=True)
    return np.concatenate(
        [rising_instants(stream, count, first, live, shape, spare) for count, first, live in days]
    )


def _users(
    shard: Shard, customers: Customers, lengths: Codes, times: NDArray[np.int64]
) -> tuple[NDArray[np.int32], pa.Array, NDArray[np.uint16]]:
    """Draw who saw each impression: customers after their signup, visitors for the rest.

    Returns:
        The user of each chain as a place in the list of users, that list, and the city of each of
        its users.
    """
    visitors = max(1, shard.rows("marketing_events") // _ROWS_PER_VISITOR)
    first_day, _ = days_of(shard.column("marketing_events.event_date").bounds)
    roster = Roster.of(customers.signup_days, first_day, AS_OF_DAY)
    users = roster.draw_users(shard, "marketing_events", lengths, times // DAY, visitors)
    cities = shard.stream("marketing_events.location").below(len(places()), visitors)
    first_id = shard.first_id("marketing_events")
    keys = pa.concat_arrays([customers.keys, ids("VIS", first_id, visitors)])
    return users, keys, np.concatenate([customers.places, cities.astype(np.uint16)])


def _event_times(shard: Shard, times: NDArray[np.int64], rows: _Rows) -> NDArray[np.int64]:
    """Return the time of each row: clicks after their impression, conversions after their click."""
    seconds = times[rows.chains]
    stream = shard.stream("marketing_events.event_date.delay")
    seconds[rows.clicks] += stream.between(1, _CLICK_WITHIN, len(rows.clicks))
    delay = stream.between(1, _CONVERSION_WITHIN, len(rows.conversions))
    seconds[rows.conversions] = seconds[rows.conversions - 1] + delay
    return seconds


def _costs(shard: Shard, rows: _Rows) -> NDArray[np.int64]:
    """Draw costs in hundredths of a cent, uniform over the range of their event type."""
    column = shard.column("marketing_events.cost")
    stream = shard.stream("marketing_events.cost")
    low, high = unscaled(column.bounds_of["impression"], 4)
    costs = stream.u16(len(rows.types)).astype(np.int64)
    costs *= high - low + 1
    costs >>= 16
    costs += low
    low, high = unscaled(column.bounds_of["click"], 4)
    costs[rows.clicks] = stream.between(low, high, len(rows.clicks))
    costs[rows.conversions] = unscaled(column.bounds_of["conversion"], 4)[0]
    return costs


def _revenue(shard: Shard, rows: _Rows) -> pa.Array:
    """Draw the revenue of each conversion in cents; all else has none."""
    low, high = unscaled(shard.column("marketing_events.revenue").bounds)
    revenue = np.zeros(len(rows.types), np.int64)
    stream = shard.stream("marketing_events.revenue")
    revenue[rows.conversions] = stream.between(low, high, len(rows.conversions))
    return shard.decimals("marketing_events.revenue", revenue, rows.types == 2)
