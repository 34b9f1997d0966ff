"""Great Expectations' own pages, for those who use them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bronze_fixtures.validation.gx import ephemeral_context, frames_of, quiet

if TYPE_CHECKING:
    import pandas as pd

    from bronze_fixtures.validation.judge import Validate

_SITE = "bronze"


class DataDocs:
    """A site of Data Docs in a folder; its pages load styles and icons from the network."""

    def __init__(self, folder: Path) -> None:
        """Add the site to a context of its own; nothing is written yet.

        Raises:
            SuiteError: Great Expectations is not installed.
        """
        self._context = ephemeral_context()
        self._frames = frames_of(self._context)
        self._context.add_data_docs_site(
            _SITE,
            {
                "class_name": "SiteBuilder",
                "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
                "store_backend": {
                    "class_name": "TupleFilesystemStoreBackend",
                    "base_directory": str(folder.absolute()),
                },
            },
        )

    def of_shard(self, shard: int | None) -> Validate:
        """Return what judges a frame by a suite and keeps the result for the pages.

        Args:
            shard: The number of the shard that is judged; None where there are none.
        """
        return partial(self._validate, "" if shard is None else f".shard-{shard}")

    def _validate(
        self, part: str, suite: Any, frame: pd.DataFrame, parameters: Mapping[str, int]
    ) -> Any:
        import great_expectations as gx  # noqa: PLC0415

        suite.name = suite.name.replace("/", ".") + part
        definition = gx.ValidationDefinition(
            name=suite.name, data=self._frames, suite=self._context.suites.add_or_update(suite)
        )
        return self._context.validation_definitions.add_or_update(definition).run(
            batch_parameters={"dataframe": frame},
            result_format={"result_format": "BASIC"},
            expectation_parameters=dict(parameters),
        )

    def build(self) -> None:
        """Write the pages.

        Raises:
            OSError: They cannot be written.
        """
        with quiet():
            self._context.build_data_docs(site_names=[_SITE])
