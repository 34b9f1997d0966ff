"""Names of people: the snapshot stays what it is, live sources are read and told apart."""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
from importlib.metadata import version
from importlib.resources import files
from itertools import chain
from pathlib import Path

import pytest

from bronze_fixtures import names as sources
from bronze_fixtures.errors import BronzeError, NamesError

DATA = files("bronze_fixtures.names")
SNAPSHOT_SHA256 = "3ea2f7cff20005ff9f603b38eeddb2b576f366e04734c40ec25ceb6fea3eb2c3"
LIVE_SOURCES = ["faker:de_DE", "mimesis:ja"]


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


def _names_error(source: str) -> str:
    with pytest.raises(NamesError) as caught:
        sources.people(source)
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_snapshot_has_enough_plain_names_and_none_twice() -> None:
    people = sources.people()
    assert 300 <= len(people.male) <= 700
    assert 300 <= len(people.female) <= 700
    assert 800 <= len(people.last) <= 1000
    for names in (people.male, people.female, people.last):
        assert len(set(names)) == len(names)
        assert all(name.isascii() and name.isalpha() and name[0].isupper() for name in names)


def test_snapshot_names_fit_their_column() -> None:
    people = sources.people()
    firsts = max(map(len, people.male + people.female))
    assert firsts + 1 + max(map(len, people.last)) < 100


def test_snapshot_says_where_it_is_from() -> None:
    source = sources.people().source
    assert source.startswith("Faker ")
    assert "en_US" in source
    assert source.partition(",")[0] in DATA.joinpath("SOURCES.md").read_text(encoding="utf-8")


def test_snapshot_is_the_committed_one() -> None:
    digest = hashlib.sha256(DATA.joinpath("people.json").read_bytes()).hexdigest()
    assert digest == SNAPSHOT_SHA256, "people.json changed, and with it the data version"


def test_snapshot_tool_checks_without_writing() -> None:
    tool = Path(__file__).parents[3] / "tools" / "snapshot_vocabulary.py"
    before = DATA.joinpath("people.json").read_bytes()
    done = subprocess.run(
        [sys.executable, str(tool), "--check"], capture_output=True, text=True, check=False
    )
    same_faker = f"Faker {version('faker')}," in sources.people().source
    assert done.returncode == (0 if same_faker else 1), done.stdout + done.stderr
    assert DATA.joinpath("people.json").read_bytes() == before


@pytest.mark.parametrize("source", LIVE_SOURCES)
def test_live_names_are_the_same_in_every_process(source: str) -> None:
    if source.startswith("mimesis"):
        pytest.importorskip("mimesis")
    people = sources.people(source)
    assert min(len(people.male), len(people.female), len(people.last)) >= 100
    for names in (people.male, people.female, people.last):
        assert len(set(names)) == len(names)
        assert all(name == name.strip() and 0 < len(name) < 50 for name in names)
    assert source.partition(":")[2] in people.source
    code = f"from bronze_fixtures.names import people; print(ascii(people({source!r})))"
    assert _python(code, PYTHONHASHSEED="1") == ascii(people)
    assert _python(code, PYTHONHASHSEED="2") == ascii(people)


def test_live_names_are_those_of_the_locale() -> None:
    german = sources.people("faker:de_DE")
    assert "Ackermann" in german.last
    assert not set(german.male) <= set(sources.people().male)
    pytest.importorskip("mimesis")
    japanese = sources.people("mimesis:ja")
    assert not any(name.isascii() for name in japanese.last)


def test_reading_names_draws_nothing() -> None:
    before = random.getstate()
    sources.people("faker:fr_FR")
    assert random.getstate() == before


def test_a_locale_without_a_split_uses_its_first_names_for_both() -> None:
    lithuanian = sources.people("faker:lt_LT")
    assert len(lithuanian.male) > 100
    assert lithuanian.male == lithuanian.female


def test_a_locale_that_only_inherits_placeholders_has_no_names() -> None:
    # Faker's `es` provider has no words of its own: every name would be Jane or John Doe.
    assert "'es'" in _names_error("faker:es")


def test_last_names_have_both_forms() -> None:
    pytest.importorskip("mimesis")
    russian = sources.people("mimesis:ru")
    assert {"Абрамов", "Абрамова"} <= set(russian.last)


def test_remarks_and_broken_letters_in_the_sources_are_left_out() -> None:
    pytest.importorskip("mimesis")
    names = chain.from_iterable(
        chain(people.male, people.female, people.last)
        for people in map(sources.people, ["mimesis:cs", "mimesis:da", "mimesis:pt-br"])
    )
    assert not [name for name in names if set(name) & set("()/&;:\u00b80123456789")]


@pytest.mark.parametrize(
    "source", ["", "snapshots", "faker", "faker:", "mimesis:", "Faker:de_DE", "names:de_DE"]
)
def test_unknown_source_names_the_valid_ones(source: str) -> None:
    message = _names_error(source)
    assert repr(source) in message
    assert all(valid in message for valid in ("'snapshot'", "'faker:de_DE'", "'mimesis:ja'"))


@pytest.mark.parametrize(
    ("source", "meant"),
    [("faker:de-DE", "faker:de_DE"), ("faker:jp_JP", "faker:ja_JP"), ("mimesis:pt_BR", "pt-br")],
)
def test_unknown_locale_names_the_one_meant(source: str, meant: str) -> None:
    if source.startswith("mimesis"):
        pytest.importorskip("mimesis")
    assert meant in _names_error(source).partition("Some that it has")[0]


@pytest.mark.parametrize("locale", ["klingon", "..de_DE", "de_DE.x", "\n", "en/US"])
def test_unknown_locale_names_some(locale: str) -> None:
    message = _names_error(f"faker:{locale}")
    assert repr(locale) in message
    assert "de_DE" in message


def test_missing_mimesis_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mimesis", None)
    assert 'pip install "bronze-fixtures[mimesis]"' in _names_error("mimesis:fi")


def test_names_error_is_a_bronze_error_and_a_value_error() -> None:
    assert issubclass(NamesError, BronzeError)
    assert issubclass(NamesError, ValueError)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Smith", "smith"),
        ("José", "jose"),
        ("Müller", "muller"),
        ("Søren", "soren"),
        ("Łukasz", "lukasz"),
        ("Weiß", "weiss"),
        ("Æthelþryth", "aethelthryth"),
        ("O'Brien-Nuñez Jr.", "obriennunezjr"),
        ("İpek", "ipek"),
        ("Ⅷ", "viii"),
        ("葵", "user"),
        ("", "user"),
        ("42", "user"),
    ],
)
def test_ascii_slug(name: str, slug: str) -> None:
    assert sources.ascii_slug(name) == slug


def test_a_mimesis_whose_lists_cannot_be_read_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    mimesis = pytest.importorskip("mimesis")

    def changed(self: object, keys: list[str]) -> None:
        """What `_extract` might become: it takes no default."""

    monkeypatch.setattr(mimesis.Person, "_extract", changed)
    message = _names_error("mimesis:fr")
    assert "lists of names of Mimesis" in message
    assert "faker:de_DE" in message
