"""Modules that are imported once they are used."""

import subprocess
import sys

import pytest

START = "import sys; from bronze_fixtures.cli.lazy_modules import put_off; "


def said(code: str) -> str:
    command = [sys.executable, "-c", START + code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_a_module_is_imported_when_something_in_it_is_asked_for() -> None:
    code = """
put_off("xml.dom.minidom")
from xml.dom import minidom
print("xml.dom.xmlbuilder" in sys.modules)
print(minidom.parseString("<a/>").documentElement.tagName)
print("xml.dom.xmlbuilder" in sys.modules)
"""
    assert said(code).splitlines() == ["False", "a", "True"]


@pytest.mark.parametrize("name", ["no_such.module", "json.no_such_module"])
def test_what_is_not_there_is_missing_all_the_same(name: str) -> None:
    code = f"""
put_off("{name}")
try:
    import {name}
except ModuleNotFoundError:
    print("missing")
"""
    assert said(code) == "missing"


def test_what_is_imported_stays() -> None:
    code = 'import json.decoder; put_off("json.decoder"); print(type(json.decoder) is type(sys))'
    assert said(code) == "True"
