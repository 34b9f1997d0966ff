"""The laws hold for any seed, any small scale and any rates."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import bronze_fixtures
from bronze_fixtures.defects.replay import apply_ledger, revert_ledger
from bronze_fixtures.packs.registry import load_contracts
from tests.contract.damage import (
    COPIES,
    RATES,
    check_agreement,
    delivered_rows,
    hits,
    read_ledger,
)
from tests.contract.lakes import DATASETS, Reading, clean_rows
from tests.contract.laws import every_law
from tests.contract.shares import every_share

seeds = st.integers(0, 2**64 - 1)
scales = st.integers(1, 5_000).map(lambda count: Fraction(count, 100_000))
# From 10 customers and 99 orders there is room for a tenth of each defect.
roomy_scales = st.integers(100, 5_000).map(lambda count: Fraction(count, 100_000))
rates_of_defects = st.fixed_dictionaries(
    {defect: st.integers(0, 100).map(lambda count: Fraction(count, 1_000)) for defect in RATES}
)
lakes = settings(
    deadline=None,
    derandomize=True,
    max_examples=20,
    suppress_health_check=[HealthCheck.too_slow],
)


@contextmanager
def lake_of(scale: Fraction, seed: int, rates: Mapping[str, Fraction] | str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        lake = Path(folder, "lake")
        defects = rates if isinstance(rates, str) else {name: float(rates[name]) for name in rates}
        bronze_fixtures.generate(lake, scale=scale, seed=seed, defects=defects, jobs=1)
        yield lake


def rows_hit(ledger: pl.DataFrame) -> dict[str, int]:
    """How many rows each defect hit; those that hit none are left out."""
    return dict(ledger.select("defect", "row").unique()["defect"].value_counts().iter_rows())


@lakes
@given(scale=scales, seed=seeds)
def test_clean_tables_keep_every_law(scale: Fraction, seed: int) -> None:
    with lake_of(scale, seed, "none") as lake:
        reading = Reading()
        reading.load(lake, "clean")
    broken = {str(law): law.offenders(reading) for law in every_law()}
    missed = {str(share): share.offenders(reading) for share in every_share()}

    for dataset in DATASETS:
        rows = reading.value(f"SELECT count(*) FROM {dataset}")
        assert rows == clean_rows(dataset, scale)
    assert {law: rows for law, rows in broken.items() if rows} == {}
    assert {share: values for share, values in missed.items() if values} == {}
    reading.connection.close()


@lakes
@given(scale=roomy_scales, seed=seeds, rates=rates_of_defects)
def test_defects_are_exact_and_in_the_ledger(
    scale: Fraction, seed: int, rates: dict[str, Fraction]
) -> None:
    with lake_of(scale, seed, "none") as clean, lake_of(scale, seed, rates) as damaged:
        check_agreement(clean, damaged)
        ledger = read_ledger(damaged)
        lakes = [bronze_fixtures.open_lake(path) for path in (clean, damaged)]
        for dataset, contract in load_contracts().items():
            before, after = (lake.table(dataset) for lake in lakes)
            entries = lakes[1].ledger_table()
            assert apply_ledger(before, entries, contract) == after
            assert revert_ledger(after, entries, contract) == before
        for dataset in DATASETS:
            assert lakes[1].rows[dataset] == delivered_rows(dataset, scale, rates)

    due = {defect: hits(defect, scale, rates) for defect in RATES}
    assert rows_hit(ledger) == {defect: rows for defect, rows in due.items() if rows}


@lakes
@given(scale=scales, seed=seeds)
def test_any_small_scale_takes_the_standard_defects(scale: Fraction, seed: int) -> None:
    with lake_of(scale, seed, "none") as clean, lake_of(scale, seed, "standard") as damaged:
        check_agreement(clean, damaged)
        ledger = read_ledger(damaged)

    assert ledger.select("dataset", "row", "column").is_unique().all()
    due = {defect: hits(defect, scale, RATES) for defect in RATES}
    if clean_rows("customers", scale) < 3:  # one without a phone, two with one e-mail address
        due.pop("customers.email.duplicate")
    if clean_rows("orders", scale) == 1:
        due.pop(COPIES)
    assert rows_hit(ledger) == due
