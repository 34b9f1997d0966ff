"""Great Expectations' own pages, for those who use them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bronze_fixtures.errors import OutputError
from bronze_fixtures.validation.judging.gx import (
    RESULT_FORMAT,
    Frames,
    ephemeral_context,
    great_expectations,
    make_current,
)

if TYPE_CHECKING:
    from bronze_fixtures.validation.judging.judge import Validate

_SITE = "bronze"

# What the page that Great Expectations begins a site with has in its head.
_MARK = b"Data Docs created by Great Expectations"
_START = 1024


class DataDocs:
    """A site of Data Docs in a folder; its pages load styles and icons from the network."""

    def __init__(self, folder: Path) -> None:
        """Add the site to a context of its own; nothing is written yet.

        Args:
            folder: Where the pages go.

        Raises:
            OutputError: The folder is none, or holds something else than Data Docs.
            SuiteError: Great Expectations is not installed.
        """
        _check_folder(folder)
        site = {
            "class_name": "SiteBuilder",
            "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
            "store_backend": {
                "class_name": "TupleFilesystemStoreBackend",
                "base_directory": str(folder.absolute()),
            },
        }
        with great_expectations():
            self._context = ephemeral_context()
            self._context.add_data_docs_site(_SITE, site)
        self._batches: Any = None

    def of_shard(self, shard: int | None) -> Validate:
        """Return what judges a frame by a suite and keeps the result for the pages.

        Args:
            shard: The number of the shard that is judged; None where there are none.
        """
        return partial(self._validate, "" if shard is None else f".shard-{shard}")

    def _validate(
        self, part: str, frames: Frames, suite: Any, frame: Any, parameters: Mapping[str, int]
    ) -> Any:
        import great_expectations as gx

        make_current(self._context)
        self._batches = self._batches or frames(self._context)
        suite.name = suite.name.replace("/", ".") + part
        definition = gx.ValidationDefinition(
            name=suite.name, data=self._batches, suite=self._context.suites.add_or_update(suite)
        )
        return self._context.validation_definitions.add_or_update(definition).run(
            batch_parameters={"dataframe": frame},
            result_format=RESULT_FORMAT,
            expectation_parameters=dict(parameters),
        )

    def build(self) -> None:
        """Write the pages.

        Raises:
            OSError: They cannot be written.
        """
        with great_expectations():
            make_current(self._context)
            self._context.build_data_docs(site_names=[_SITE])


def _check_folder(folder: Path) -> None:
    """See that a folder is not there yet, is empty, or holds Data Docs.

    Raises:
        OutputError: It is none of these.
    """
    if not folder.exists():
        return
    if not folder.is_dir():
        message = f"data docs: {folder} is not a folder. Choose another name."
        raise OutputError(message)
    index = folder / "index.html"
    made = index.is_file() and _MARK in index.read_bytes()[:_START]
    if not made and any(folder.iterdir()):
        message = f"data docs: {folder} is not empty and holds no Data Docs. Choose a new folder."
        raise OutputError(message)
