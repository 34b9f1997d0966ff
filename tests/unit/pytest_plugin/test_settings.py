"""Settings: from the command line, the environment, the ini file or the defaults, and checked."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import execnet
import platformdirs
import pytest

from bronze_fixtures.cache.paths import cache_folder
from bronze_fixtures.pytest_plugin.settings import Settings, add_options, read_settings

DEFAULTS = Settings(
    scale="small",
    seed=42,
    defects=("standard",),
    frame="pandas",
    cache_dir="",
    no_cache="",
    emit="",
    refresh=False,
    always_build=False,
)
NULL = "orders.discount_amount.null"

Read = Callable[..., Settings]


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Read:
    """Read the settings that a command line, an ini file and an environment come to.

    The values are as pytest parses them; tests/integration has it parse them. pytest was started in
    `tmp_path`, and the ini file is in the folder `ini` there. The platform's folder for the cache
    is written as none.
    """
    names = [option for option in Settings._fields if option not in ("no_cache", "always_build")]
    for name in names:
        monkeypatch.delenv(f"BRONZE_{name.upper()}", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    platforms = str(cache_folder())

    def read(
        line: Mapping[str, Any] | None = None, ini: Mapping[str, Any] | None = None, **env: str
    ) -> Settings:
        given = {f"bronze_{name}": value for name, value in (line or {}).items()}
        written = {f"bronze_{name}": value for name, value in (ini or {}).items()}
        config = SimpleNamespace(
            getoption=given.get,
            getini=written.get,
            inipath=tmp_path / "ini" / "pytest.ini",
            rootpath=tmp_path / "ini",
            invocation_params=SimpleNamespace(dir=tmp_path),
        )
        with monkeypatch.context() as patched:
            for name, value in env.items():
                patched.setenv(name, value)
            settings = read_settings(cast("pytest.Config", config))
        cache_dir = settings.cache_dir
        return settings._replace(cache_dir="" if cache_dir == platforms else cache_dir)

    return read


def variable(name: str) -> str:
    return f"BRONZE_{name.upper()}"


def complaint(read: Read, *given: Any, **env: str) -> str:
    """Return what is said of a wrong value, on one line."""
    with pytest.raises(pytest.UsageError) as caught:
        read(*given, **env)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_what_is_not_given_has_its_default(read: Read) -> None:
    assert read() == DEFAULTS


def test_they_go_to_another_process_as_plain_values() -> None:
    settings = DEFAULTS._replace(defects=("none", f"{NULL}=0.1"), emit="/out", always_build=True)
    received = execnet.loads(execnet.dumps(settings._asdict()))
    assert Settings(**received) == settings


@pytest.mark.parametrize(
    ("name", "ini", "environment", "line"),
    [
        ("scale", "tiny", "full", "0.5"),
        ("seed", "1", "2", "3"),
        ("defects", ["none"], "harsh", ["standard"]),
        ("frame", "pandas-float", "pyarrow", "polars"),
    ],
)
def test_the_command_line_wins_then_the_environment(
    name: str, ini: Any, environment: str, line: Any, read: Read
) -> None:
    def got(*given: Any, **env: str) -> str:
        value = getattr(read(*given, **env), name)
        return ",".join(value) if name == "defects" else str(value)

    expected = [",".join(each) if name == "defects" else each for each in (ini, line)]
    env = {variable(name): environment}
    assert got(None, {name: ini}) == expected[0]
    assert got(None, {name: ini}, **env) == environment
    assert got({name: line}, {name: ini}, **env) == expected[1]
    assert got({name: line}) == expected[1]


@pytest.mark.parametrize("name", ["cache_dir", "emit"])
def test_a_relative_folder_is_relative_to_who_wrote_it(
    name: str, read: Read, tmp_path: Path
) -> None:
    def got(*given: Any, **env: str) -> Path:
        return Path(getattr(read(*given, **env), name))

    assert got(None, {name: "a/../b"}) == tmp_path / "ini" / "b"
    assert got(None, {name: "b"}, **{variable(name): "c"}) == tmp_path / "c"
    assert got({name: "d"}, {name: "b"}, **{variable(name): "c"}) == tmp_path / "d"
    assert got({name: "../d"}) == tmp_path.parent / "d"
    assert got(None, {name: str(tmp_path / "e")}) == tmp_path / "e"
    for home in [got(None, {name: "~/f"}), got({name: "~/f"}), got(**{variable(name): "~/f"})]:
        assert home == tmp_path / "home" / "f"
    assert list(tmp_path.iterdir()) == []  # reading makes nothing


def test_an_empty_variable_or_ini_value_is_none(read: Read) -> None:
    names = ("scale", "seed", "frame", "cache_dir", "emit", "refresh", "defects")
    assert read(**dict.fromkeys(map(variable, names), "")) == DEFAULTS
    assert read(None, {**dict.fromkeys(names[:5], ""), "defects": []}) == DEFAULTS
    assert read(None, {"scale": "tiny"}, BRONZE_SCALE="") == DEFAULTS._replace(scale="tiny")


def test_blanks_around_a_value_do_not_count(read: Read) -> None:
    settings = read({"scale": " 0.5 "}, BRONZE_SEED=" 7 ", BRONZE_FRAME=" pyarrow ")
    assert (settings.scale, settings.seed, settings.frame) == ("0.5", 7, "pyarrow")


def test_defects_are_lists(read: Read) -> None:
    choices = ["none", f"{NULL}=0.1", "orders.category.mismatch=0.2"]
    expected = DEFAULTS._replace(defects=tuple(choices))
    assert read({"defects": choices}) == expected
    assert read(None, {"defects": choices}) == expected
    assert read(BRONZE_DEFECTS=",".join(choices)) == expected
    assert read(BRONZE_DEFECTS=" " + " , ,".join(choices) + ",") == expected
    assert read({"defects": [",".join(choices[:2]), choices[2]]}) == expected
    assert read({"defects": ["harsh"]}, {"defects": ["none"]}).defects == ("harsh",)


@pytest.mark.parametrize("name", ["rates.yaml", "deep/rates.YML", "deep/rates"])
def test_a_file_of_defects_is_relative_to_who_wrote_it(
    name: str, read: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in (tmp_path, tmp_path / "ini"):
        (folder / "deep").mkdir(parents=True)
        (folder / name).write_text(f"profile: none\nrates: {{{NULL}: 0.1}}\n")
    monkeypatch.chdir("/")  # as after a change of folder by a conftest.py
    here = str(tmp_path / name)
    assert read(None, {"defects": [name]}).defects == (str(tmp_path / "ini" / name),)
    assert read(BRONZE_DEFECTS=f"{name},{NULL}=0.2").defects == (here, f"{NULL}=0.2")
    assert read({"defects": [name]}).defects == (here,)
    assert read({"defects": [here]}).defects == (here,)


@pytest.mark.parametrize(
    ("refresh", "texts"),
    [(True, ["1", "yes", "On", " TRUE "]), (False, ["0", "no", "off", " False "])],
)
def test_refresh_is_yes_or_no(refresh: bool, texts: list[str], read: Read) -> None:
    for text in texts:
        assert read(BRONZE_REFRESH=text).refresh is refresh
        assert read(None, {"refresh": not refresh}, BRONZE_REFRESH=text).refresh is refresh
        assert read({"refresh": True}, {"refresh": False}, BRONZE_REFRESH=text).refresh is True
    assert read(None, {"refresh": refresh}).refresh is refresh


def test_only_the_command_line_asks_for_the_lake(read: Read) -> None:
    assert read({"scale": "small"}) == DEFAULTS._replace(always_build=True)
    assert not read({"seed": "7"}, {"scale": "tiny"}, BRONZE_SCALE="full").always_build


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("scale", "0", "scale: '0' is not a positive number"),
        ("seed", "-1", "seed: '-1' is not a whole number"),
        ("defects", "hrash", "Did you mean 'harsh'?"),
        ("frame", "panda", "Did you mean 'pandas'?"),
        ("cache_dir", "file", "is a file, not a folder"),
        ("emit", "file", "is a file. Choose another output folder."),
    ],
)
def test_a_wrong_value_is_told_with_its_source(
    name: str, value: str, why: str, read: Read, tmp_path: Path
) -> None:
    (tmp_path / "ini").mkdir()
    for folder in (tmp_path, tmp_path / "ini"):
        (folder / "file").write_text("mine")
    given = {name: [value] if name == "defects" else value}
    other = {name: ["other"] if name == "defects" else "other"}
    for source, said in {
        f"ini bronze_{name}": complaint(read, None, given),
        variable(name): complaint(read, None, other, **{variable(name): value}),
        f"--bronze-{name.replace('_', '-')}": complaint(
            read, given, other, **{variable(name): "other"}
        ),
    }.items():
        assert said.startswith(f"{source}: ")
        assert why in said


def test_without_a_home_there_is_no_cache_and_no_error(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_names: object, **_facts: object) -> Path:
        raise RuntimeError

    monkeypatch.setattr(platformdirs, "user_cache_path", fail)
    settings = read()
    assert settings.cache_dir == ""
    assert settings.no_cache.startswith("no folder for the cache: ")
    assert read({"cache_dir": "/mine"}).no_cache == ""


@pytest.mark.parametrize("text", ["maybe", " "])
def test_neither_yes_nor_no_is_wrong(text: str, read: Read) -> None:
    assert complaint(read, None, {"refresh": True}, BRONZE_REFRESH=text).startswith(
        f"BRONZE_REFRESH: {text!r} is neither true nor false."
    )


@pytest.mark.parametrize("name", ["scale", "seed", "frame", "cache_dir", "emit"])
def test_an_argument_without_a_value_is_wrong(name: str, read: Read) -> None:
    flag = f"--bronze-{name.replace('_', '-')}"
    assert complaint(read, {name: ""}).startswith(f"{flag}: ")
    assert complaint(read, {"defects": [""]}).startswith("--bronze-defects: ")


def test_what_is_wrong_and_not_used_is_not_read(read: Read) -> None:
    settings = read({"scale": "tiny"}, {"scale": "huge"}, BRONZE_SCALE="0")
    assert settings.scale == "tiny"


def test_the_options_and_their_twins() -> None:
    options: dict[str, dict[str, Any]] = {}
    ini: dict[str, dict[str, Any]] = {}
    group = SimpleNamespace(addoption=lambda flag, **said: options.update({flag: said}))
    parser = SimpleNamespace(
        getgroup=lambda *_: group,
        addini=lambda name, text, **said: ini.update({name: {"text": text, **said}}),
    )
    add_options(cast("pytest.Parser", parser))
    names = ["scale", "seed", "defects", "cache-dir", "frame", "emit", "refresh"]
    assert list(options) == [f"--bronze-{name}" for name in names]
    assert list(ini) == [said["dest"] for said in options.values()]
    for said in options.values():
        assert said["default"] is None  # or nothing else would ever be looked at
        assert f"[ini: {said['dest']}, env: {said['dest'].upper()}]" in said["help"]
    assert all(said["default"] is None and said["text"] for said in ini.values())
