"""Declared defects over a clean table: the delivered table and the ledger of its cells."""
