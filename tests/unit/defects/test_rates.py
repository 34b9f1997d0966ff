"""Which defects are planted: profiles, files, single rates, and what is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bronze_fixtures.defects.rates import parse_defects
from bronze_fixtures.errors import DefectError
from bronze_fixtures.packs.registry import load_contracts

# The rates of S3 to S8, in parts per thousand.
STANDARD = {
    "orders.discount_amount.null": 20,
    "orders.order_id.duplicate": 10,
    "orders.total_amount.negative": 5,
    "orders.category.mismatch": 30,
    "customers.phone.null": 50,
    "customers.email.invalid": 20,
    "customers.email.duplicate": 10,
    "products.rating_avg.null": 30,
    "products.margin_pct.negative": 10,
    "marketing_events.campaign_id.orphan": 10,
    "marketing_events.location.null": 20,
    "user_interactions.product_id.orphan": 50,
    "user_interactions.session_id.null": 30,
}
PHONE = "customers.phone.null"
CATEGORY = "orders.category.mismatch"


def _rates(times: int = 1, **changed: Fraction) -> dict[str, Fraction]:
    rates = {name: Fraction(rate * times, 1000) for name, rate in STANDARD.items()}
    names = {"phone": PHONE, "category": CATEGORY}
    return {**rates, **{names[name]: rate for name, rate in changed.items()}}


def _parse(value: Any) -> tuple[str, Mapping[str, Fraction]]:
    return parse_defects(value, load_contracts())


@pytest.mark.parametrize(("profile", "times"), [("none", 0), ("standard", 1), ("harsh", 3)])
def test_profiles_are_multiples_of_the_plan(profile: str, times: int) -> None:
    assert _parse(profile) == (profile, _rates(times))
    assert all(type(rate) is Fraction for rate in _parse(profile)[1].values())


@pytest.mark.parametrize(
    "value",
    [
        f"{PHONE}=0.2",
        f" {PHONE} = 0.20 ",
        f"{PHONE}=2e-1",
        [f"{PHONE}=.2"],
        (f"{PHONE}=0.2",),
        ["standard", f"{PHONE}=0.2"],
        [f"{PHONE}=0.2", "standard"],
        {PHONE: 0.2},
        {PHONE: Fraction(1, 5)},
        {PHONE: np.float64(0.2)},
        ["standard", {PHONE: 0.2}],
    ],
)
def test_single_rates_come_on_top_of_standard(value: Any) -> None:
    assert _parse(value) == ("custom", _rates(phone=Fraction(1, 5)))


def test_several_rates_change_the_profile_they_come_with() -> None:
    profile, rates = _parse(["harsh", f"{PHONE}=0", f"{CATEGORY}=1"])
    assert profile == "custom"
    assert rates == _rates(3, phone=Fraction(0), category=Fraction(1))


@pytest.mark.parametrize("value", [[], {}, ["standard"], f"{PHONE}=0.05", {PHONE: 0.05}])
def test_rates_that_are_a_profiles_bear_its_name(value: Any) -> None:
    assert _parse(value) == ("standard", _rates())


def test_a_file_names_a_profile_and_rates_on_top(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(f"# ours\nprofile: none\nrates:\n  {PHONE}: 0.1\n  {CATEGORY}: 1\n")
    expected = ("custom", _rates(0, phone=Fraction(1, 10), category=Fraction(1)))
    assert _parse(path) == _parse(str(path)) == _parse([path]) == expected
    changed = ("custom", _rates(0, phone=Fraction(3, 10), category=Fraction(1)))
    assert _parse([f"{PHONE}=0.3", path]) == _parse([path, f"{PHONE}=0.3"]) == changed


@pytest.mark.parametrize("text", ["profile: harsh\n", "profile: harsh\nrates: {}\n"])
def test_a_file_may_name_a_profile_alone(tmp_path: Path, text: str) -> None:
    path = tmp_path / "mine.yml"
    path.write_text(text)
    assert _parse(path) == ("harsh", _rates(3))


def test_a_file_without_a_profile_changes_standard(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(f"rates: {{{PHONE}: 0.2}}\n")
    assert _parse(path) == ("custom", _rates(phone=Fraction(1, 5)))


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("hrash", "defects: unknown profile 'hrash'. Did you mean 'harsh'?"),
        ("", "defects: unknown profile ''. Use none, standard, harsh, a YAML file, or ID=RATE."),
        (PHONE, f"defects: '{PHONE}' has no rate. Give it one: {PHONE}=0.05"),
        ("orders.category.mismach=0.1", f"'orders.category.mismach'. Did you mean '{CATEGORY}'?"),
        ({"orders.categry.mismatch": 0.1}, f"Did you mean '{CATEGORY}'?"),
        ({1: 0.1}, "defects: unknown defect 1. Use one of: "),
        ("=0.1", "defects: unknown defect ''. Use one of: "),
        (f"{PHONE}=", f"the rate of '{PHONE}' is ''. Write a number from 0 to 1."),
        (f"{PHONE}=5%", "is '5%'. Write a number from 0 to 1."),
        (f"{PHONE}=much", "is 'much'. Write"),
        (f"{PHONE}=nan", "is 'nan'. Write"),
        (f"{PHONE}=1.01", "is 1.01. Write"),
        (f"{PHONE}=-0.1", "is -0.1. Write"),
        (f"{PHONE}=1e300", "is 1e+300. Write"),
        (f"{PHONE}=1e999999999", "is '1e999999999'. Write"),
        ({PHONE: float("nan")}, "is nan. Write"),
        ({PHONE: float("inf")}, "is inf. Write"),
        ({PHONE: True}, "is True. Write"),
        ({PHONE: None}, "is None. Write"),
        ({PHONE: "0.1"}, "is '0.1'. Write"),
        ({PHONE: -1}, "is -1. Write"),
        ({PHONE: 2}, "is 2. Write"),
        (["none", "harsh"], "'none' and 'harsh' are two profiles. Keep one"),
        (["none", "none"], "'none' and 'none' are two profiles. Keep one"),
        ([f"{PHONE}=0.1", f"{PHONE}=0.2"], f"'{PHONE}' is given two rates. Keep one."),
        (None, "defects: None is not a choice of defects. Use none, standard, harsh"),
        (0.1, "defects: 0.1 is not a choice of defects."),
        (b"none", "defects: b'none' is not a choice of defects."),
        (["none", 3], "defects: 3 is not a choice of defects."),
    ],
)  # fmt: skip
def test_what_is_no_choice_is_refused_in_one_line(value: Any, message: str) -> None:
    with pytest.raises(DefectError, match=re.escape(message)) as seen:
        _parse(value)
    assert "\n" not in str(seen.value)


def _file(folder: Path, content: bytes) -> Path:
    path = folder / "mine.yaml"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is not a mapping. Write 'profile: NAME', and ids under 'rates:'."),
        (b"- harsh\n", "is not a mapping."),
        (b"harsh\n", "is not a mapping."),
        (b"profil: harsh\n", "unknown key 'profil'. Did you mean 'profile'?"),
        (b"customers.phone.null: 0.1\n", "'customers.phone.null'. Use one of: profile, rates."),
        (b"1: 2\n", "unknown key 1."),
        (b"profile: hrash\n", "unknown profile 'hrash'. Did you mean 'harsh'?"),
        (b"profile: mine.yaml\n", "unknown profile 'mine.yaml'."),
        (b"profile: null\n", "unknown profile None."),
        (b"profile: [harsh]\n", "unknown profile ['harsh']."),
        (b"rates: 0.1\n", "'rates' is 0.1. Write a mapping from id to rate."),
        (b"rates:\n", "'rates' is None. Write a mapping"),
        (b"rates: {customers.phone.nul: 0.1}\n", "Did you mean 'customers.phone.null'?"),
        (b"rates: {customers.phone.null: much}\n", "is 'much'. Write a number from 0 to 1."),
        (b'rates: {customers.phone.null: "0.1"}\n', "is '0.1'. Write"),
        (b"rates: {customers.phone.null: yes}\n", "is True. Write"),
        (b"rates: {customers.phone.null: .nan}\n", "is nan. Write"),
        (b"rates: {customers.phone.null: 1.5}\n", "is 1.5. Write"),
        (b"rates: {customers.phone.null: [0.1]}\n", "is [0.1]. Write"),
        (b"profile: none\nprofile: harsh\n", "line 2: key 'profile' is there twice. Correct it."),
        (b"rates:\n  x: 0.1\n  x: 0.2\n", "line 3: key 'x' is there twice"),
        (b"rates: {a: [\n", "not valid YAML, line 2: "),
        (b"rates: {a: 2025-99-99}\n", "not valid YAML, "),
        (b"a: !!python/object:os.system {}\n", "line 1: could not determine a constructor"),
        (b"%s" % (b"[" * 100_000), "not valid YAML, "),
        (b"profile: none\n---\nprofile: harsh\n", "not valid YAML, line 2: "),
        (b"\xff\xfe\x00", "is not UTF-8. Save it as UTF-8."),
        (b"profile: \x00\n", "not valid YAML, "),
    ],
)  # fmt: skip
def test_a_broken_file_is_refused_in_one_line(tmp_path: Path, content: bytes, message: str) -> None:
    path = _file(tmp_path, content)
    with pytest.raises(DefectError, match=re.escape(message)) as seen:
        _parse(path)
    assert str(seen.value).startswith(f"{path}: ")
    assert "\n" not in str(seen.value)
    assert len(str(seen.value)) < 900


def test_aliases_that_multiply_do_not_fill_the_memory(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    path = _file(tmp_path, "\n".join([*lines, "profile: *a29"]).encode())
    with pytest.raises(DefectError, match="unknown key 'a0'"):
        _parse(path)
    path = _file(tmp_path, "\n".join(["rates:", *(f"  {line}" for line in lines)]).encode())
    with pytest.raises(DefectError, match="unknown defect 'a0'"):
        _parse(path)


@pytest.mark.parametrize(
    ("name", "reason"),
    [("missing.yaml", "No such file"), ("folder.yaml", "Is a directory"), ("", "Is a directory")],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str, reason: str) -> None:
    (tmp_path / "folder.yaml").mkdir()
    path = tmp_path / name
    with pytest.raises(DefectError, match=f"^{re.escape(str(path))}: cannot be read: {reason}"):
        _parse(str(path))


def test_a_file_and_a_profile_are_two_profiles(tmp_path: Path) -> None:
    path = _file(tmp_path, b"profile: none\n")
    with pytest.raises(DefectError, match=rf"'{path}' and 'harsh' are two profiles"):
        _parse([path, "harsh"])
