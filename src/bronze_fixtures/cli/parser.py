"""Parse a command line: commands in groups, one line for each mistake, and help."""

import re
from argparse import SUPPRESS, ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any, NamedTuple, NoReturn, TypeAlias

from bronze_fixtures.cli.output import say
from bronze_fixtures.common.text import did_you_mean
from bronze_fixtures.errors import UsageError

_HELP = ("-h", "--help")

# The name, such as `--scale` or `lake`, and what `ArgumentParser.add_argument` needs to know of it.
Option: TypeAlias = tuple[str, Mapping[str, Any]]


class Parser(ArgumentParser):
    """The options of one command."""

    def __init__(self, name: str, command: "Command") -> None:
        """Make a parser of a command's options and `--help`.

        Args:
            name: The command with the program before it.
            command: The command.
        """
        super().__init__(
            name,
            usage=f"{name} {command.usage}",
            description=command.about,
            formatter_class=RawDescriptionHelpFormatter,
            add_help=False,
            allow_abbrev=False,
            argument_default=SUPPRESS,
        )
        actions = [self.add_argument(option, **facts) for option, facts in command.options]
        actions.append(self.add_argument(*_HELP, action="help", help="Show this message and exit."))
        self._known = {name: action for action in actions for name in action.option_strings}

    def print_help(self, file: Any = None) -> None:
        """Print the help to stdout."""
        del file
        say(self.format_help().rstrip("\n"))

    def error(self, message: str) -> NoReturn:
        """Raise an error of one line.

        Raises:
            UsageError: Always.
        """
        missing = message.removeprefix("the following arguments are required: ")
        if missing != message:
            message = f"Missing argument {missing!r}"
        _refuse(self.prog, re.sub(r"^argument (\S+):", r"Invalid value for '\1':", message))

    def parse(self, words: Sequence[str]) -> Namespace:
        """Return the values of the options, which may stand before or after the arguments.

        Raises:
            UsageError: An option or an argument is unknown, missing or malformed.
        """
        values, unknown = self.parse_known_intermixed_args([*self._joined(words)])
        for word in unknown:
            if word.startswith("-"):
                option = word.partition("=")[0]
                known = [each for each in self._known if each.startswith("--")]
                _refuse(self.prog, f"No such option: {option}.{_meant(option, known)}")
        if unknown:
            _refuse(self.prog, f"Got unexpected extra argument ({' '.join(unknown)})")
        return values

    def _joined(self, words: Sequence[str]) -> Iterator[str]:
        """Yield the words with each option's value joined to it: `-1d` is a value there."""
        waiting = iter(words)
        for word in waiting:
            action = self._known.get(word)
            value = next(waiting, None) if action is not None and action.nargs is None else None
            if value is None:
                yield word
            elif value.startswith("--"):
                yield from (word, value)
            else:
                yield f"{word}={value}"


def option(form: str, about: str, **facts: Any) -> Option:
    """Return an option or an argument of a command.

    Args:
        form: Its name and that of its value, such as `--scale SCALE`; `--force` has no value.
        about: What it does, for the help, which also shows the default.
        facts: More for `ArgumentParser.add_argument`; without `default` it is None, or False.
    """
    name, _, metavar = form.partition(" ")
    usual = {"metavar": metavar, "default": None} if metavar else {"action": "store_true"}
    shown = f"  [default: {facts['default']}]" if facts.get("default") else ""
    return name, {"default": False, **usual, "help": about + shown, **facts}


class Command(NamedTuple):
    """One command.

    Attributes:
        summary: What it does, for the list of commands.
        about: What it does, for its own help.
        options: Its options and arguments, in the order of the help.
        run: The function `module:name` in this package that does it, which gets the options by
            name and returns the exit code; None for 0. It is imported when the command runs.
    """

    summary: str
    about: str
    options: Sequence[Option]
    run: str

    @property
    def usage(self) -> str:
        """What follows its name, such as `[OPTIONS] LAKE`."""
        arguments = [each["metavar"] for name, each in self.options if not name.startswith("-")]
        return " ".join(["[OPTIONS]", *arguments])


class Group(NamedTuple):
    """Commands under one name.

    Attributes:
        summary: What they are for, for the list of commands.
        about: What they are for, for the group's own help.
        commands: The commands and groups by name.
    """

    summary: str
    about: str
    commands: Mapping[str, "Command | Group"]


def run(group: Group, name: str, words: Sequence[str]) -> int:
    """Run the command that some words name, and return its exit code.

    Args:
        group: The commands.
        name: The group with the program before it.
        words: The words after it.

    Raises:
        UsageError: There is no such command, or its options are not understood.
    """
    first, rest = (words[0], words[1:]) if words else ("", [])
    if first in _HELP:
        say(_help(group, name))
        return 0
    command = group.commands.get(first)
    if isinstance(command, Group):
        return run(command, f"{name} {first}", rest)
    if command is not None:
        given = Parser(f"{name} {first}", command).parse(rest)
        module, _, function = command.run.partition(":")
        return getattr(import_module(f"{__package__}.{module}"), function)(**vars(given)) or 0
    if not first:
        _refuse(name, "Missing command")
    if first.startswith("-"):
        _refuse(name, f"No such option: {first}")
    return _refuse(name, f"No such command {first!r}.{_meant(first, [*group.commands])}")


def _help(group: Group, name: str) -> str:
    width = max(map(len, group.commands))
    listed = (f"  {each:{width}}  {command.summary}" for each, command in group.commands.items())
    usage = f"usage: {name} COMMAND [OPTIONS]"
    return "\n".join([usage, "", group.about, "", "commands:", *listed])


def _meant(word: str, known: list[str]) -> str:
    hint = did_you_mean(word, known)
    return hint if "mean" in hint else ""


def _refuse(name: str, problem: str) -> NoReturn:
    end = "" if problem.endswith((".", "?")) else "."
    message = f"{name}: {problem}{end} See '{name} --help'."
    raise UsageError(message)
