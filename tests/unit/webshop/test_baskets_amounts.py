"""The committed table of amounts against the closed form, and the strata of ranks."""

import math
from fractions import Fraction
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bronze_fixtures.webshop.baskets import BODY, TAIL, strata_of, stratum_amounts

SIGMA = math.sqrt(math.log(1 + (150 / 125) ** 2))  # mean 125 dollars, standard deviation 150
MU = math.log(125) - SIGMA**2 / 2
LAW = NormalDist(MU, SIGMA)
LOW, HIGH = math.log(5), math.log(5000)
EDGE = Fraction(63, 64)


def quantile(place: float) -> float:
    """The amount in cents below which `place` of the cut distribution lies."""
    start, end = LAW.cdf(LOW), LAW.cdf(HIGH)
    return 100 * math.exp(LAW.inv_cdf(start + place * (end - start)))


def middles() -> list[Fraction]:
    """The middle of each stratum, as a part of the distribution."""
    body = [EDGE * (2 * i + 1) / (2 * BODY) for i in range(BODY)]
    return body + [EDGE + (1 - EDGE) * (2 * i + 1) / (2 * TAIL) for i in range(TAIL)]


def stratum(rank: int, total: int) -> int:
    """The stratum of one of `total` orders that cover the distribution evenly."""
    place = Fraction(2 * rank + 1, 2 * total)
    if place < EDGE:
        return math.floor(place / EDGE * BODY)
    return BODY + math.floor((place - EDGE) / (1 - EDGE) * TAIL)


def test_table_is_the_closed_form_to_one_cent() -> None:
    amounts = stratum_amounts()
    assert amounts.shape == (8128,)
    for amount, middle in zip(amounts.tolist(), middles(), strict=True):
        assert abs(amount - quantile(float(middle))) <= 1


def test_table_rises_within_the_plans_range() -> None:
    amounts = stratum_amounts()
    assert np.all(np.diff(amounts) >= 0)
    assert amounts[0] >= 500
    assert amounts[-1] <= 500_000


def test_moments_of_the_table() -> None:
    amounts = stratum_amounts() / 100
    weights = np.repeat([float(EDGE) / BODY, float(1 - EDGE) / TAIL], [BODY, TAIL])
    mean = float((amounts * weights).sum())
    std = math.sqrt(float((amounts**2 * weights).sum()) - mean**2)
    shifted = NormalDist(MU + SIGMA**2, SIGMA)  # the mean of a cut log-normal, in closed form
    expected = 125 * (shifted.cdf(HIGH) - shifted.cdf(LOW)) / (LAW.cdf(HIGH) - LAW.cdf(LOW))
    assert mean == pytest.approx(expected, rel=0.0005)
    assert mean == pytest.approx(125, rel=0.005)
    assert std == pytest.approx(150, rel=0.01)


@pytest.mark.parametrize("total", [1, 2, 63, 64, 990, 4096, 99_000])
def test_strata_of_every_rank(total: int) -> None:
    found = strata_of(np.arange(total), total).tolist()
    assert found == [stratum(rank, total) for rank in range(total)]


@settings(deadline=None)
@given(st.integers(1, 2**40 - 1), st.data())
def test_strata_of_any_rank(total: int, data: st.DataObject) -> None:
    ranks = data.draw(st.lists(st.integers(0, total - 1), min_size=1, max_size=20))
    ranks += [0, total - 1]
    found = strata_of(np.array(ranks), total)
    assert found.tolist() == [stratum(rank, total) for rank in ranks]
    assert 0 <= found.min() <= found.max() < BODY + TAIL


def test_the_tail_has_four_strata_for_every_order_of_a_shard() -> None:
    found = strata_of(np.arange(64_000), 64_000)
    assert np.count_nonzero(found >= BODY) == 1_000
    assert np.all(np.diff(found[found >= BODY]) >= 4)
