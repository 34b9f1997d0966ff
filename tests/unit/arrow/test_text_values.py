"""The ledger's texts: the spelling of each type by hand, and back to the same value."""

import datetime as dt
import subprocess
import sys
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bronze_fixtures.arrow.text_values import as_text, from_text

MIDNIGHT = dt.datetime(2024, 2, 29)
SPELLINGS: list[tuple[pa.DataType, list[Any], list[str | None]]] = [
    (pa.string(), ["", "Ä b", None], ["", "Ä b", None]),
    (pa.int32(), [0, -7, 2**31 - 1, None], ["0", "-7", "2147483647", None]),
    (pa.bool_(), [True, None, False], ["true", None, "false"]),
    (pa.date32(), [dt.date(2025, 1, 31), None], ["2025-01-31", None]),
    (
        pa.decimal128(10, 2),
        [Decimal("-12.50"), Decimal("0.00"), Decimal("0.05"), None],
        ["-12.50", "0.00", "0.05", None],
    ),
    (
        pa.timestamp("us"),
        [MIDNIGHT, None, MIDNIGHT - dt.timedelta(seconds=1)],
        ["2024-02-29 00:00:00", None, "2024-02-28 23:59:59"],
    ),
    # A fraction of a second in one cell does not change how the others are spelled.
    (
        pa.timestamp("us"),
        [MIDNIGHT, None, MIDNIGHT + dt.timedelta(microseconds=1)],
        ["2024-02-29 00:00:00", None, "2024-02-29 00:00:00.000001"],
    ),
    (
        pa.timestamp("us"),
        [dt.datetime(1969, 12, 31, 23, 59, 59, 500_000)],
        ["1969-12-31 23:59:59.500000"],
    ),
]
VALUES = st.one_of(
    st.tuples(st.just(pa.string()), st.lists(st.none() | st.text())),
    st.tuples(st.just(pa.int32()), st.lists(st.none() | st.integers(-(2**31), 2**31 - 1))),
    st.tuples(st.just(pa.bool_()), st.lists(st.none() | st.booleans())),
    st.tuples(st.just(pa.date32()), st.lists(st.none() | st.dates())),
    st.tuples(st.just(pa.timestamp("us")), st.lists(st.none() | st.datetimes())),
    st.tuples(
        st.just(pa.decimal128(10, 2)),
        st.lists(
            st.none() | st.integers(-(10**10) + 1, 10**10 - 1).map(lambda n: Decimal(n) / 100)
        ),
    ),
)


@pytest.mark.parametrize(("kind", "values", "texts"), SPELLINGS)
def test_each_type_is_spelled_as_people_write_it(
    kind: pa.DataType, values: list[Any], texts: list[str | None]
) -> None:
    spelled = as_text(pa.array(values, kind))
    assert spelled.type == pa.string()
    assert spelled.to_pylist() == texts


def test_dictionary_arrays_are_decoded() -> None:
    coded = pa.array(["b", None, "a", "b"]).dictionary_encode()
    spelled = as_text(coded)
    assert spelled.type == pa.string()
    assert spelled.to_pylist() == ["b", None, "a", "b"]


@given(VALUES)
def test_texts_turn_back_into_the_values(drawn: tuple[pa.DataType, list[Any]]) -> None:
    kind, values = drawn
    column = pa.array(values, kind)
    assert from_text(as_text(column), kind).equals(column)
    assert as_text(column[1:]).equals(as_text(column)[1:])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("x", pa.int32()),
        ("2024-02-30", pa.date32()),
        ("1.005", pa.decimal128(10, 2)),
        ("99999999999.00", pa.decimal128(10, 2)),
        ("yesterday", pa.timestamp("us")),
        ("maybe", pa.bool_()),
    ],
)
def test_a_text_that_is_no_such_value_is_refused(text: str, kind: pa.DataType) -> None:
    with pytest.raises(pa.ArrowInvalid):
        from_text(pa.array([text]), kind)


def test_the_generating_path_stays_free_of_pandas() -> None:
    program = """
import sys
import numpy as np
from bronze_fixtures.arrow.arrays import category, instants
from bronze_fixtures.arrow.text_values import as_text, from_text
column = instants(np.array([0, 59]))
assert from_text(as_text(column), column.type).equals(column)
as_text(category(np.array([1, 0], np.uint8), ["a", "b"]))
assert "pandas" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True)
