"""Every exception of the package: all derive from `BronzeError` and a fitting builtin.

A message is one line that says where, what and what to do.
"""


class BronzeError(Exception):
    """Anything this package raises on purpose; the message says where, what, and what to do.

    Example:
        >>> from bronze_fixtures import BronzeError, open_lake
        >>> try:
        ...     open_lake("nowhere")
        ... except BronzeError as error:
        ...     print(type(error).__name__)
        LakeError
    """


class ContractError(BronzeError, ValueError):
    """A contract is broken, or was asked for a column it does not have."""


class ScaleError(BronzeError, ValueError):
    """A scale is neither a known name nor a positive number."""


class SeedError(BronzeError, ValueError):
    """A seed is not a whole number in the range the streams take."""


class DefectError(BronzeError, ValueError):
    """A defect profile names an unknown defect, or its rates do not fit the rows."""


class DatasetError(BronzeError, KeyError):
    """No dataset has that name."""

    __str__ = Exception.__str__  # a KeyError would put its message in quotes


class LakeError(BronzeError, ValueError):
    """A folder is not a lake, or not one this version can read."""


class OutputError(BronzeError, OSError):
    """A lake cannot be written where it was asked for."""


class NamesError(BronzeError, ValueError):
    """No source of vocabulary has that name, or it lacks what was asked of it."""


class FrameError(BronzeError, ValueError):
    """No frame of that kind can be made."""


class JobsError(BronzeError, ValueError):
    """A number of jobs is not a whole number, 1 or more."""


class EngineError(BronzeError, RuntimeError):
    """What is to run the shards or the suites, such as Spark, cannot be used."""


class CacheError(BronzeError, OSError):
    """The fixture cache cannot be used."""


class SuiteError(BronzeError, ValueError):
    """No suite has that name, or one cannot be run."""


class UsageError(BronzeError, ValueError):
    """The words of a command line are not understood; the message names the command."""
