"""Declared defects over a clean table: the delivered table and the ledger of its cells."""

from __future__ import annotations

from bronze_fixtures.defects.counts import DefectCounts, count_defects
from bronze_fixtures.defects.entries import Entries
from bronze_fixtures.defects.inject import Delivered, inject

__all__ = ["DefectCounts", "Delivered", "Entries", "count_defects", "inject"]
