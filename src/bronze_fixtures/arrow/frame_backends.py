"""The kinds of frames there are, by name; importing this imports none of their libraries."""

from importlib.util import find_spec

from bronze_fixtures.common.text import did_you_mean
from bronze_fixtures.errors import FrameError

BACKENDS = ("pandas", "pandas-float", "pyarrow", "polars")


def check_backend(backend: str) -> None:
    """Refuse a backend that does not exist, or whose library is not installed.

    Args:
        backend: One of `BACKENDS`.

    Raises:
        FrameError: There is none, or its library is not installed.
    """
    if backend not in BACKENDS:
        message = f"frame: no backend is called {backend!r}.{did_you_mean(backend, [*BACKENDS])}"
        raise FrameError(message)
    if backend == "polars" and find_spec("polars") is None:
        message = 'frame: Polars is not installed. Run: pip install "bronze-fixtures[polars]"'
        raise FrameError(message)
