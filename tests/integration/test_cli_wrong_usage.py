"""Wrong usage: exit code 2, one line on stderr that helps, and nothing written."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.integration.command import COMMAND, TINY, complaint, names, run_here, start

OPTIONS = [
    ("--scale 0", "bronze-fixtures: --scale: '0' is not a positive number up to 89,999."),
    ("--scale -1", "bronze-fixtures: --scale: '-1' is not a positive number"),
    ("--scale nan", "bronze-fixtures: --scale: 'nan' is not a positive number"),
    ("--scale inf", "bronze-fixtures: --scale: 'inf' is not a positive number"),
    ("--scale huge", "bronze-fixtures: --scale: 'huge' is not a positive number"),
    ("--scale 1e300", "bronze-fixtures: --scale: '1e300' is not a positive number"),
    ("--scale ful", "Did you mean 'full'?"),
    ("--seed x", "--seed: 'x' is not a whole number from 0 to 2^64 - 1."),
    ("--seed 1.5", "--seed: '1.5' is not a whole number"),
    ("--seed -1", "--seed: '-1' is not a whole number"),
    ("--seed 18446744073709551616", "is not a whole number"),
    ("--jobs 0", "'0' is not a whole number, 1 or more. See 'bronze-fixtures generate --help'."),
    ("--jobs many", "'many' is not a whole number, 1 or more."),
    ("--only order", "--only: unknown dataset 'order'. Did you mean 'orders'?"),
    ("--only orders,clients", "--only: unknown dataset 'clients'. Use one of: customers, "),
    ("--only orders,", "--only: unknown dataset ''."),
    ("--names snapshto", "--names: unknown source 'snapshto'."),
    ("--names faker:xx_YY", "'xx_YY'"),
    ("--defects hrash", "--defects: unknown profile 'hrash'. Did you mean 'harsh'?"),
    ("--defects orders.categry.mismatch=0.1", "Did you mean 'orders.category.mismatch'?"),
    ("--defects orders.category.mismatch=1.1", "is 1.1. Write a number from 0 to 1."),
    ("--defects orders.category.mismatch=-0.1", "is -0.1. Write a number from 0 to 1."),
    ("--defects orders.category.mismatch=lots", "is 'lots'. Write a number from 0 to 1."),
    ("--defects orders.category.mismatch", "has no rate. Give it one: "),
    ("--defects none --defects harsh", "'none' and 'harsh' are two profiles."),
    ("--defects missing.yaml", "missing.yaml: cannot be read: No such file or directory."),
    ("--defects ./", "cannot be read: Is a directory."),
    ("--engine sprak", "--engine: unknown engine 'sprak'. Did you mean 'spark'?"),
    ("--master local", "--master: names the cluster of --engine spark. Add that, or leave it out."),
    ("--engine spark --jobs 2", "--jobs: is for threads of this machine."),
    ("--sede 42", "No such option: --sede"),
    ("--scale", "--scale"),
    ("lake", "unexpected extra argument"),
]


@pytest.mark.parametrize(("options", "line"), OPTIONS, ids=[options for options, _ in OPTIONS])
def test_an_option_that_is_wrong_is_told_in_one_line(
    tmp_path: Path, options: str, line: str
) -> None:
    assert line in complaint(run_here(tmp_path, *TINY, *options.split(" ")))
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("profil: harsh\n", "mine.yaml: unknown key 'profil'. Did you mean 'profile'?"),
        ("profile: none\nprofile: harsh\n", "mine.yaml: not valid YAML, line 2: key 'profile'"),
        ("- none\n", "mine.yaml: is not a mapping."),
        ("rates: {\n", "mine.yaml: not valid YAML, line 2: "),
    ],
)
def test_a_broken_file_of_rates_is_told_in_one_line(tmp_path: Path, text: str, line: str) -> None:
    (tmp_path / "mine.yaml").write_text(text)
    assert line in complaint(run_here(tmp_path, *TINY, "--defects", "mine.yaml"))
    assert names(tmp_path) == ["mine.yaml"]


@pytest.mark.parametrize(
    ("args", "line"),
    [
        ([], "bronze-fixtures: Missing command. See 'bronze-fixtures --help'."),
        (["genrate"], "No such command 'genrate'. Did you mean 'generate'? See "),
        (["verify"], "bronze-fixtures verify: Missing argument 'LAKE'. See "),
        (["digest", "a", "b"], "unexpected extra argument"),
        (["describe", "order"], "unknown dataset 'order'. Did you mean 'orders'?"),
        (["describe", "--format", "markdwn"], "Did you mean 'markdown'?"),
        (["verify", "nowhere"], "nowhere: there is no such folder."),
        (["digest", "nowhere"], "nowhere: there is no such folder."),
        (["verify", "."], "is not a lake"),
        (["\x1b[31m\n"], r"\x1b[31m"),
    ],
)
def test_a_command_that_is_wrong_is_told_in_one_line(
    tmp_path: Path, args: list[str], line: str
) -> None:
    assert line in complaint(run_here(tmp_path, *args))


def test_a_name_that_is_not_utf_8_is_told_in_one_line(tmp_path: Path) -> None:
    # Python hands such a byte on as a lone surrogate, and back when it starts a process.
    assert "is not UTF-8" in complaint(run_here(tmp_path, *TINY, "--output-dir", "la\udcffke"))
    assert names(tmp_path) == []


FAULTY = """
import sys
import bronze_fixtures.cli.generate as command
from bronze_fixtures.cli import main

def run(**options):
    raise {error}

command.run = run
sys.exit(main(["generate"]))
"""


def _fault(folder: Path, error: str, **changed: str) -> list[str]:
    done = start([sys.executable, "-c", FAULTY.format(error=error)], folder, **changed)
    assert (done.returncode, done.stdout) == (2, "")
    return done.stderr.splitlines()


def test_a_bug_of_ours_asks_for_a_report(tmp_path: Path) -> None:
    (line,) = _fault(tmp_path, 'ZeroDivisionError("one\\ntwo")')
    assert line.startswith("bronze-fixtures: unexpected ZeroDivisionError: one two.")
    assert "BRONZE_DEBUG=1" in line


def test_a_bug_of_ours_shows_its_traceback_to_those_who_look_for_it(tmp_path: Path) -> None:
    lines = _fault(tmp_path, "ZeroDivisionError()", BRONZE_DEBUG="1")
    assert lines[0] == "Traceback (most recent call last):"
    assert lines[-1] == "ZeroDivisionError"


def test_too_little_memory_is_told_in_one_line(tmp_path: Path) -> None:
    assert _fault(tmp_path, "MemoryError()") == [
        "bronze-fixtures: not enough memory. Use fewer --jobs or a smaller --scale."
    ]


def test_wrong_usage_is_code_2_even_where_nobody_can_be_told(tmp_path: Path) -> None:
    closed = '"$@" >&- 2>&-'
    done = start(["sh", "-c", closed, "sh", *COMMAND, *TINY, "--scale", "0"], tmp_path)
    assert done.returncode == 2
    assert names(tmp_path) == []
