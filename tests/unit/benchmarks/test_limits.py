"""Numbers with a bound, and without one, as the pages of the benchmarks show them."""

from benchmarks.figures import Limit
from benchmarks.page import limits_table


def test_a_median_is_held_against_its_bound() -> None:
    limits = [
        Limit("kept", 30, "ms", [30, 1, 200]),
        Limit("broken", 1_500, "MB", [1_501.0]),
        Limit("without", None, "ms", [-280.4, 0.8123, 65.5]),
    ]
    assert [limit.holds for limit in limits] == [True, False, True]
    assert limits_table(limits).splitlines()[2:] == [
        "| kept | 30 ms (1 to 200) | at most 30 ms | yes |",
        "| broken | 1,501 MB (1,501 to 1,501) | at most 1,500 MB | **no** |",
        "| without | 0.812 ms (-280 to 65.5) |  |  |",
    ]


def test_memory_is_held_by_its_worst_run() -> None:
    limits = [
        Limit("median", 1_000, "MB", [900, 901, 1_001]),
        Limit("worst", 1_000, "MB", [900, 901, 1_001], every_run=True),
        Limit("kept", 1_000, "MB", [900, 901, 1_000], every_run=True),
    ]
    assert [limit.holds for limit in limits] == [True, False, True]
    assert limits_table(limits).splitlines()[3:] == [
        "| worst | 901 MB (900 to 1,001) | at most 1,000 MB, every run | **no** |",
        "| kept | 901 MB (900 to 1,000) | at most 1,000 MB, every run | yes |",
    ]


def test_a_ratio_just_over_its_bound_is_seen_to_be() -> None:
    limit = Limit("cost", 1.1, "times", [1.104])
    assert limits_table([limit]).splitlines()[2:] == [
        "| cost | 1.104 times (1.104 to 1.104) | at most 1.1 times | **no** |"
    ]
