"""The shop's today."""

import datetime as dt

from bronze_fixtures.webshop.as_of import AS_OF, AS_OF_DAY, AS_OF_SECOND

EPOCH = dt.datetime(1970, 1, 1)


def test_as_of_is_the_last_second_of_2025_11_15() -> None:
    assert dt.datetime(2025, 11, 15, 23, 59, 59) == AS_OF
    assert EPOCH + dt.timedelta(days=AS_OF_DAY) == dt.datetime(2025, 11, 15)
    assert EPOCH + dt.timedelta(seconds=AS_OF_SECOND) == AS_OF
