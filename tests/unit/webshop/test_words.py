"""Places, products and campaigns: complete, plain, free of duplicates, from stated sources."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import zipfile
from collections import Counter
from importlib.resources import files
from itertools import chain, combinations, product
from pathlib import Path

import pytest

from bronze_fixtures import names
from bronze_fixtures.webshop import words as lists

DATA = files("bronze_fixtures.webshop.words")
PACKAGE = Path(str(files("bronze_fixtures")))
SUBCATEGORIES = {
    "Electronics": ("Audio", "Computers", "Smartphones", "Cameras", "Wearables"),
    "Clothing": ("Shirts", "Trousers", "Dresses", "Outerwear", "Footwear"),
    "Home": ("Kitchen", "Furniture", "Bedding", "Lighting", "Garden"),
    "Books": ("Fiction", "Non-Fiction", "Children", "Cookbooks", "Travel"),
    "Sports": ("Fitness", "Cycling", "Camping", "Team Sports", "Water Sports"),
}


def _python(code: str, **environment: str) -> str:
    """Return what a fresh interpreter prints."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_places_are_many_in_every_region_and_none_twice() -> None:
    places = lists.places()
    assert len({(place.city, place.state) for place in places}) == len(places) >= 150
    regions = Counter(place.region for place in places)
    assert set(regions) == {"North", "South", "East", "West"}
    assert min(regions.values()) >= 30


def test_places_are_well_formed() -> None:
    for place in lists.places():
        assert place.city.isascii()
        assert 0 < len(place.city) <= 100
        assert 0 < len(place.state) <= 50
        # The North American Numbering Plan: no area code starts with 0 or 1, or has 9 second.
        assert len(place.area_code) == 3
        assert place.area_code.isdecimal()
        assert place.area_code[0] in "23456789"
        assert place.area_code[1] != "9"


def test_an_area_code_belongs_to_one_state() -> None:
    states: dict[str, set[str]] = {}
    for place in lists.places():
        states.setdefault(place.area_code, set()).add(place.state)
    assert not {code: found for code, found in states.items() if len(found) > 1}


def test_every_state_has_one_region_and_a_city() -> None:
    rows = list(csv.DictReader(DATA.joinpath("states.csv").read_text("utf-8").splitlines()))
    states = [row["state"] for row in rows]
    assert len(set(states)) == len(states) == 50
    assert set(states) == {place.state for place in lists.places()}


@pytest.mark.parametrize(
    ("city", "state", "region", "area_code"),
    [
        ("Chicago", "Illinois", "North", "312"),
        ("New York", "New York", "East", "212"),
        ("Houston", "Texas", "South", "713"),
        ("Seattle", "Washington", "West", "206"),
        ("Portland", "Maine", "East", "207"),
        ("Portland", "Oregon", "West", "503"),
    ],
)
def test_well_known_places(city: str, state: str, region: str, area_code: str) -> None:
    assert lists.Place(city, state, region, area_code) in lists.places()


def test_catalogue_has_the_plans_categories_and_their_subcategories() -> None:
    found = {
        name: tuple(subcategory.name for subcategory in category.subcategories)
        for name, category in lists.catalogue().items()
    }
    assert found == SUBCATEGORIES
    assert list(found) == list(SUBCATEGORIES)
    assert all(category.name == name for name, category in lists.catalogue().items())


@pytest.mark.parametrize("name", SUBCATEGORIES)
def test_catalogue_has_enough_words_and_none_twice(name: str) -> None:
    category = lists.catalogue()[name]
    assert len(set(category.brands)) == len(category.brands) >= 12
    assert len(set(category.modifiers)) == len(category.modifiers) >= 20
    for subcategory in category.subcategories:
        assert 8 <= len(subcategory.nouns) <= 14
    nouns = list(chain.from_iterable(part.nouns for part in category.subcategories))
    assert len(set(nouns)) == len(nouns)


@pytest.mark.parametrize("name", SUBCATEGORIES)
def test_product_names_are_distinct_plain_and_fit(name: str) -> None:
    category = lists.catalogue()[name]
    nouns = list(chain.from_iterable(part.nouns for part in category.subcategories))
    words = list(product(category.brands, category.modifiers, nouns))
    fields = ("brand", "modifier", "noun")
    names = [category.pattern.format(**dict(zip(fields, each, strict=True))) for each in words]
    assert len(set(names)) == len(words)
    for (brand, _, noun), text in zip(words, names, strict=True):
        assert text.isascii()
        assert text.isprintable()
        assert len(text) < 200
        assert brand in text
        assert noun in text


@pytest.mark.parametrize("name", SUBCATEGORIES)
def test_no_product_name_says_a_word_twice(name: str) -> None:
    category = lists.catalogue()[name]
    nouns = chain.from_iterable(part.nouns for part in category.subcategories)
    articles = {"the", "of", "a"}
    assert not [
        (modifier, noun)
        for modifier, noun in product(category.modifiers, nouns)
        if set(modifier.lower().split()) & set(noun.lower().split()) - articles
    ]


def test_a_brand_belongs_to_one_category() -> None:
    for one, other in combinations(lists.catalogue().values(), 2):
        assert not set(one.brands) & set(other.brands)


def test_brands_fit_their_column() -> None:
    brands = chain.from_iterable(one.brands for one in lists.catalogue().values())
    assert all(0 < len(brand) <= 100 and brand == brand.strip() for brand in brands)


def test_campaign_words_are_enough_and_none_twice() -> None:
    words = lists.campaign_words()
    assert len(set(words.themes)) == len(words.themes) == len(words.months) >= 30
    assert len(set(words.tags)) == len(words.tags) >= 8
    assert all(text.isascii() and len(text) < 60 for text in words.themes + words.tags)
    assert all(1 <= month <= 12 for month in chain.from_iterable(words.months))


@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_has_themes_that_suit_it(month: int) -> None:
    themes = lists.campaign_words().themes_in(month)
    assert len(themes) >= 16
    assert "Flash Sale" in themes
    assert ("Black Friday" in themes) == (month == 11)


def test_public_names_are_the_declared_ones() -> None:
    assert all(hasattr(lists, name) for name in lists.__all__)
    assert sorted(lists.__all__) == lists.__all__


def test_data_says_its_source_and_is_small() -> None:
    names = [path.name for path in DATA.iterdir() if path.name.endswith((".json", ".csv"))]
    sources = DATA.joinpath("SOURCES.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in sources for name in names)
    for name in names:
        if name.endswith(".json"):
            assert json.loads(DATA.joinpath(name).read_bytes())["source"]
    assert sum(len(DATA.joinpath(name).read_bytes()) for name in names) < 150_000


def test_import_and_the_snapshot_need_the_standard_library_alone() -> None:
    code = (
        "import sys; from bronze_fixtures import names; "
        "from bronze_fixtures.webshop import words as v; names.people(); v.places(); "
        "v.catalogue(); v.campaign_words(); "
        "print(sorted({'faker', 'mimesis', 'numpy', 'pandas', 'pyarrow'} & set(sys.modules)))"
    )
    assert _python(code) == "[]"


def test_data_is_read_out_of_a_zip(tmp_path: Path) -> None:
    archive = tmp_path / "lists.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("bronze_fixtures/__init__.py", "")
        packed.write(PACKAGE / "errors.py", "bronze_fixtures/errors.py")
        packed.write(PACKAGE / "webshop" / "__init__.py", "bronze_fixtures/webshop/__init__.py")
        for folder in ("common", "names", "webshop/words"):
            for path in sorted((PACKAGE / folder).iterdir()):
                if path.is_file():
                    packed.write(path, f"bronze_fixtures/{folder}/{path.name}")
    code = (
        "from bronze_fixtures import names; from bronze_fixtures.webshop import words as v; "
        "print('.zip' in v.__file__, len(v.places()), len(names.people().last), len(v.catalogue()))"
    )
    found = _python(code, PYTHONPATH=str(archive))
    assert found == f"True {len(lists.places())} {len(names.people().last)} 5"
