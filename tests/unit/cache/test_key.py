"""Names of cache entries: one for equal rows, another for whatever decides them."""

import os
import re
import shutil
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import bronze_fixtures
from bronze_fixtures.cache import key as keys
from bronze_fixtures.cache.key import Key, make_key
from bronze_fixtures.errors import BronzeError, DefectError, ScaleError, SeedError

MISMATCH, NULL = "orders.category.mismatch", "orders.discount_amount.null"
STANDARD = {MISMATCH: 0.03, NULL: 0.02}  # S5.24, S5.21


@pytest.fixture(autouse=True)
def no_date(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)


@pytest.fixture
def rates_file(tmp_path: Path) -> Path:
    path = tmp_path / "rates.yaml"
    path.write_text(f"profile: none\nrates:\n  {NULL}: 0.1\n")
    return path


def name_in(source: Path, **environment: str) -> str:
    """Return the name of a key in a process of its own, with the package from a folder."""
    program = "from bronze_fixtures.cache.key import make_key; print(make_key(0.1, 42).name)"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(source), **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_the_name_can_be_read() -> None:
    for key, start in [
        (make_key("tiny", 42), "0.01_42_standard_"),
        (make_key("full", 2**64 - 1, "none"), "1_18446744073709551615_none_"),
        (make_key(2.5, 0, "harsh"), "2.5_0_harsh_"),
        (make_key("1e-9", 7, {MISMATCH: 0.5}), "1e-09_7_custom_"),
    ]:
        assert re.fullmatch(re.escape(start) + "[0-9a-f]{16}", key.name)


@pytest.mark.parametrize(
    "scale",
    [0.1, "0.1", "small", " .1", "1e-1", Fraction(1, 10), Decimal("0.1"), np.float64(0.1)],
)
def test_equal_scales_have_one_name(scale: Any) -> None:
    assert make_key(scale, 42) == make_key(0.1, 42)
    assert make_key(scale, 42).name == make_key(0.1, 42).name


@pytest.mark.parametrize("seed", [7, "7", "007", np.int64(7)])
def test_equal_seeds_have_one_name(seed: Any) -> None:
    assert make_key("tiny", seed).name == make_key("tiny", 7).name
    assert type(make_key("tiny", seed).seed) is int


@pytest.mark.parametrize(
    "defects",
    [
        *("standard", ["standard"], ("standard",), (), STANDARD, {}, [STANDARD, "standard"]),
        *(f"{MISMATCH}=0.03", [f"{MISMATCH}=3e-2", f"{NULL}=0.02"], {MISMATCH: Fraction(3, 100)}),
    ],
    ids=str,
)
def test_standard_in_other_words(defects: Any) -> None:
    key = make_key("tiny", 42, defects)
    assert key == Key(Fraction(1, 100), 42, "standard", ())
    assert key.name == make_key("tiny", 42).name
    assert key.defects == "standard"


def test_other_profiles_in_other_words(rates_file: Path) -> None:
    assert make_key(1, 1, {MISMATCH: 0.5, NULL: 0.02}) == make_key(1, 1, f"{MISMATCH}=0.5")
    assert make_key(1, 1, {NULL: 0.1, MISMATCH: 0.5}).name == (
        make_key(1, 1, [f"{MISMATCH}=0.5", f"{NULL}=1e-1"]).name
    )
    file = make_key(1, 1, rates_file)
    assert file == make_key(1, 1, str(rates_file)) == make_key(1, 1, ["none", f"{NULL}=0.1"])
    assert make_key(1, 1, ["none"]) == make_key(1, 1, "none") == make_key(1, 1, ["none", {}])


def test_whatever_decides_rows_has_another_name(
    rates_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Any, ...]] = [
        ("small", 42),
        ("tiny", 42),
        (0.1000001, 42),
        ("small", 43),
        ("small", 42, "none"),
        ("small", 42, "harsh"),
        ("small", 42, {MISMATCH: 0.04}),
        ("small", 42, {MISMATCH: 0.040001}),
        ("small", 42, {NULL: 0.04}),
        ("small", 42, {MISMATCH: 0.04, NULL: 0.04}),
        ("small", 42, ["harsh", {MISMATCH: 0.04}]),
        ("small", 42, rates_file),
    ]
    names = [make_key(*each).name for each in asked]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")  # it is written into the sidecars
    names.append(make_key("small", 42).name)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "2")
    names.append(make_key("small", 42).name)
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    monkeypatch.setattr(keys, "FORMAT", keys.FORMAT + 1)
    names.append(make_key("small", 42).name)
    assert len(set(names)) == len(names) == 15


def test_an_empty_date_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = make_key("tiny", 42).name
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "")
    assert make_key("tiny", 42).name == expected


def test_other_contracts_or_another_data_version_have_another_name(tmp_path: Path) -> None:
    """Each is changed in a copy of the package, as a release would."""
    here = Path(bronze_fixtures.__file__).parent
    ignored = shutil.ignore_patterns("__pycache__")
    copied = shutil.copytree(here, tmp_path / "bronze_fixtures", ignore=ignored)
    names = [name_in(here.parent, PYTHONHASHSEED="1"), name_in(tmp_path, PYTHONHASHSEED="2")]
    assert names == [make_key(0.1, 42).name] * 2
    contract = copied / "webshop" / "contracts" / "orders.odcs.yaml"
    contract.write_text(contract.read_text() + "# another word\n")
    names.append(name_in(tmp_path))
    contract.rename(contract.with_name("orderz.odcs.yaml"))
    names.append(name_in(tmp_path))
    version = copied / "world" / "data_version.py"
    version.write_text(f"{version.read_text()}\nDATA_VERSION += 1\n")
    names.append(name_in(tmp_path))
    assert len(set(names)) == 4


@pytest.mark.parametrize(
    ("asked", "command"),
    [
        (("tiny", 7), "--scale 0.01 --seed 7 --defects standard"),
        ((2, 42, "none"), "--scale 2 --seed 42 --defects none"),
        (("1e-7", 0, "harsh"), "--scale 1e-07 --seed 0 --defects harsh"),
        ((1, 1, {NULL: 0.1, MISMATCH: 0}), f"--defects {MISMATCH}=0.0 --defects {NULL}=0.1"),
    ],
)
def test_the_command_asks_for_the_same(asked: tuple[Any, ...], command: str) -> None:
    key = make_key(*asked)
    assert key.command("folder").startswith("bronze-fixtures generate --output-dir folder ")
    assert key.command("folder").endswith(command)
    words = key.command("folder").split()
    given = {name: words[words.index(name) + 1] for name in ("--scale", "--seed")}
    defects = [words[place + 1] for place, word in enumerate(words) if word == "--defects"]
    assert make_key(given["--scale"], given["--seed"], defects) == key


def test_defects_are_what_generate_takes() -> None:
    assert make_key(1, 1, "harsh").defects == "harsh"
    key = make_key(1, 1, {NULL: 0.02, MISMATCH: 0.5})
    assert key.defects == {MISMATCH: Fraction(1, 2)}
    assert (key.profile, key.rates) == ("custom", ((MISMATCH, Fraction(1, 2)),))
    assert make_key(1, 1, key.defects) == key


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        (("huge", 42), ScaleError),
        (("tiny", "x"), SeedError),
        (("tiny", True), SeedError),
        *(
            (("tiny", 42, defects), DefectError)
            for defects in ["hrash", "", [""], {MISMATCH: 2}, ["none", "harsh"], "none.yaml"]
        ),
        *((("tiny", 42, defects), DefectError) for defects in [5, 0.5, True, b"x", [5]]),
    ],
    ids=str,
)
def test_what_is_wrong_is_told_as_generate_tells_it(
    asked: tuple[Any, ...], error: type[BronzeError]
) -> None:
    with pytest.raises(error) as caught:
        make_key(*asked)
    assert "\n" not in str(caught.value)


def test_a_named_profile_needs_no_contract() -> None:
    """The header of every pytest run names the entry."""
    program = """
import sys
from bronze_fixtures.cache.key import make_key
for defects in ("none", "standard", "harsh", ["standard"]):
    make_key("tiny", "42", defects).name
assert not {"numpy", "pandas", "pyarrow", "pydantic", "yaml"} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", program], check=True)
