"""Marketing campaigns: channel, dates, budget, and a name that suits the season.

Realises chapter S6 of docs/specification.md.
"""

from __future__ import annotations

import functools

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bronze_fixtures.arrow.arrays import texts, whole
from bronze_fixtures.arrow.kernels import cast, joined, take
from bronze_fixtures.arrow.schema import make_table
from bronze_fixtures.generation.permutation import Permutation, shuffled
from bronze_fixtures.generation.quotas import Codes, strata
from bronze_fixtures.generation.ranges import days_of, unscaled
from bronze_fixtures.generation.shard import Shard
from bronze_fixtures.webshop.as_of import AS_OF_DAY
from bronze_fixtures.webshop.parents import Campaigns, Parents
from bronze_fixtures.webshop.words import campaign_words

_ROUND_BUDGET = 100_00  # budgets are whole hundreds of dollars
# S6.10: the end may be after the as-of day.
_RUNNING = 2  # latest campaigns that get the longest durations, so that some run on after as-of


def generate(_shard: Shard, parents: Parents) -> pa.Table:
    """Return the clean table."""
    return parents.campaigns.table


def generate_campaigns(shard: Shard) -> Campaigns:
    """Make the clean table."""
    count = shard.rows("marketing_campaigns")
    low, high = days_of(shard.column("marketing_campaigns.start_date").bounds)
    starts = strata(shard.stream("marketing_campaigns.start_date"), count, high - low + 1) + low
    shape = shard.column("marketing_campaigns.end_date").shape
    spread = _strewn(shard, "end_date", count, shape["days_high"] - shape["days_low"] + 1)
    latest = np.arange(count - _RUNNING, count)
    longest = np.argsort(spread, kind="stable")[-_RUNNING:]
    spread[longest], spread[latest] = spread[latest], np.sort(spread[longest])
    ends = starts + shape["days_low"] + spread
    cheap, dear = unscaled(shard.column("marketing_campaigns.budget").bounds)
    steps = (dear - cheap) // _ROUND_BUDGET + 1
    budgets = cheap + _strewn(shard, "budget", count, steps) * _ROUND_BUDGET
    keys = shard.keys("marketing_campaigns")
    columns = {
        "campaign_id": keys,
        "campaign_name": _names(shard, starts),
        "channel": shard.dealt("marketing_campaigns.channel", count),
        "start_date": whole(starts, pa.date32()),
        "end_date": whole(ends, pa.date32()),
        "budget": shard.decimals("marketing_campaigns.budget", budgets),
        "target_audience": shard.dealt("marketing_campaigns.target_audience", count),
        "objective": shard.dealt("marketing_campaigns.objective", count),
        "status": shard.category("marketing_campaigns.status", _statuses(shard, ends)),
        "owner": _owners(shard, count),
    }
    table = make_table(shard.contracts["marketing_campaigns"], columns)
    live = np.minimum(ends, AS_OF_DAY) - starts + 1
    return Campaigns(table, keys, starts, live, ends - starts + 1, budgets)


def _strewn(shard: Shard, column: str, count: int, span: int) -> NDArray[np.int64]:
    """Draw one whole number from each equal part of a span, in random order."""
    stream = shard.stream(f"marketing_campaigns.{column}")
    return strata(stream, count, span)[shuffled(stream, count)]


def _names(shard: Shard, starts: NDArray[np.int64]) -> pa.Array:
    """Make names such as `Spring Clearance 2024 - Retargeting`; the theme suits the month."""
    words = campaign_words()
    themes = _themes()
    sizes = np.array([len(group) for group in themes])
    first = np.cumsum(sizes) - sizes
    months = starts.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    month, years = months % 12, months // 12 + 1970
    stream = shard.stream("marketing_campaigns.campaign_name")
    theme = first[month] + stream.below(sizes[month], len(starts))
    tag = stream.below(len(words.tags), len(starts))
    return joined(
        take(texts([name for group in themes for name in group]), whole(theme, pa.int32())),
        take(texts([" "]), whole(np.zeros(len(starts), np.int64), pa.int32())),
        cast(whole(years, pa.int64()), pa.string()),
        take(texts([f" - {name}" for name in words.tags]), whole(tag, pa.int32())),
        texts([""])[0],
    )


@functools.cache
def _themes() -> tuple[tuple[str, ...], ...]:
    """Return the themes that suit each month."""
    return tuple(campaign_words().themes_in(month) for month in range(1, 13))


def _statuses(shard: Shard, ends: NDArray[np.int64]) -> Codes:
    """Return completed for what has ended, paused for a quarter of the rest, else active."""
    values = shard.column("marketing_campaigns.status").values
    codes = np.full(len(ends), values.index("completed"), np.uint8)
    running = np.flatnonzero(ends > AS_OF_DAY)
    codes[running] = values.index("active")
    if paused := (len(running) + 2) // 4:
        order = Permutation(shard.stream("marketing_campaigns.status"), len(running))
        codes[running[order.first(paused)]] = values.index("paused")
    return codes


def _owners(shard: Shard, count: int) -> pa.Array:
    """Draw the names of campaign managers."""
    people = shard.people
    firsts = (*people.female, *people.male)
    stream = shard.stream("marketing_campaigns.owner")
    return joined(
        take(texts(firsts), whole(stream.below(len(firsts), count), pa.int32())),
        take(texts(people.last), whole(stream.below(len(people.last), count), pa.int32())),
        texts([" "])[0],
    )
