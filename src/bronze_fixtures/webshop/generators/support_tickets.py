"""Support tickets: who asked when, and how it ended.

Realises chapter S9 of docs/specification.md.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bronze_fixtures.arrow.arrays import Mask, coded, ids, instants
from bronze_fixtures.arrow.schema import make_table
from bronze_fixtures.generation.calendar import DAY, HOUR, day_shape, rising_instants
from bronze_fixtures.generation.permutation import Permutation
from bronze_fixtures.generation.quotas import Codes, quotas, scatter
from bronze_fixtures.generation.ranges import days_of, unscaled
from bronze_fixtures.generation.shard import Shard
from bronze_fixtures.webshop.as_of import AS_OF_DAY, AS_OF_SECOND
from bronze_fixtures.webshop.parents import Customers, Orders, Parents
from bronze_fixtures.webshop.roster import Roster

_HUNDREDTH_HOUR = HOUR // 100  # S9.21
_TICKETS_PER_AGENT = 100  # S9.25


def generate(shard: Shard, parents: Parents) -> pa.Table:
    """Make the clean table, in time order."""
    customers, orders = parents.customers, parents.orders
    count = shard.rows("support_tickets")
    slowest = unscaled(shard.column("support_tickets.resolution_time_hours").bounds)[1]
    created = _created(shard, count, slowest * _HUNDREDTH_HOUR)
    statuses, done = _statuses(shard, created, slowest * _HUNDREDTH_HOUR)
    priorities = shard.codes("support_tickets.priority", count)
    hours = _hours(shard, priorities)
    agents = max(1, count // _TICKETS_PER_AGENT)
    agent = shard.stream("support_tickets.agent_id").below(agents, count)
    columns = {
        "ticket_id": shard.keys("support_tickets"),
        "customer_id": coded(
            _customers(shard, created, customers, orders).astype(np.int32), customers.keys
        ),
        "created_at": instants(created),
        "resolved_at": instants(created + hours * _HUNDREDTH_HOUR, done),
        "category": shard.dealt("support_tickets.category", count),
        "priority": shard.category("support_tickets.priority", priorities),
        "status": shard.category("support_tickets.status", statuses),
        "satisfaction_score": shard.numbers_dealt("support_tickets.satisfaction_score", done),
        "resolution_time_hours": shard.decimals(
            "support_tickets.resolution_time_hours", hours, done
        ),
        "agent_id": coded(
            agent.astype(np.int32), ids("AGENT", shard.first_id("support_tickets"), agents)
        ),
        "channel": shard.dealt("support_tickets.channel", count),
    }
    return make_table(shard.contracts["support_tickets"], columns)


def _created(shard: Shard, count: int, slowest: int) -> NDArray[np.int64]:
    """Draw creation times, rising; no more of them in the last days than may stay unresolved."""
    first_day, last_day = days_of(shard.column("support_tickets.created_at").bounds)
    shape = day_shape(tuple(shard.column("orders.order_date").shape["hour_shares"]))
    stream = shard.stream("support_tickets.created_at")
    created = rising_instants(stream, count, first_day, last_day - first_day + 1, shape)
    resolvable = AS_OF_SECOND - slowest
    shares = shard.column("support_tickets.status").shares
    counts = dict(zip(shares, quotas(count, shares.values()), strict=True))
    resolved = counts["resolved"] + counts["closed"]
    created[:resolved] = np.minimum(created[:resolved], resolvable)
    return created


def _statuses(shard: Shard, created: NDArray[np.int64], slowest: int) -> tuple[Codes, Mask]:
    """Deal statuses by exact shares; what is still open lies among the latest tickets.

    Returns:
        The place of each status among the column's values, and which tickets are resolved or
        closed.
    """
    count = len(created)
    column = shard.column("support_tickets.status")
    counts = dict(zip(column.values, quotas(count, column.shares.values()), strict=True))
    unfinished = counts["open"] + counts["in_progress"]
    forced = int(np.count_nonzero(created > AS_OF_SECOND - slowest))
    done = np.ones(count, bool)
    done[count - forced :] = False
    recent = min(count, 2 * unfinished)
    if chosen := unfinished - forced:
        order = Permutation(shard.stream("support_tickets.status.open"), recent - forced)
        done[count - recent + order.first(chosen)] = False
    codes = np.zeros(count, np.uint8)
    for part, names in ((~done, ("open", "in_progress")), (done, ("resolved", "closed"))):
        stream = shard.stream(f"support_tickets.status.{names[0]}")
        places = np.array([column.values.index(name) for name in names], np.uint8)
        codes[part] = places[scatter(stream, [counts[name] for name in names])]
    return codes, done


def _hours(shard: Shard, priorities: Codes) -> NDArray[np.int64]:
    """Draw the time to resolve in hundredths of an hour, uniform over the range of the priority."""
    ranges = shard.column("support_tickets.resolution_time_hours").bounds_of
    names = shard.column("support_tickets.priority").values
    low, high = np.array([unscaled(ranges[name]) for name in names])[priorities].T
    stream = shard.stream("support_tickets.resolution_time_hours")
    hours: NDArray[np.int64] = low + stream.below(high - low + 1, len(priorities))
    return hours


def _customers(
    shard: Shard, created: NDArray[np.int64], customers: Customers, orders: Orders
) -> NDArray[np.int64]:
    """Draw who asked: the customer of an earlier order, or one who had signed up by then."""
    stream = shard.stream("support_tickets.customer_id")
    earlier = np.searchsorted(orders.instants, created, side="right")
    askers = orders.customers[stream.below(np.maximum(earlier, 1), len(created))]
    first = np.flatnonzero(earlier == 0)
    first_day, _ = days_of(shard.column("support_tickets.created_at").bounds)
    roster = Roster.of(customers.signup_days, first_day, AS_OF_DAY)
    askers[first] = roster.draw(stream, created[first] // DAY)
    return askers
