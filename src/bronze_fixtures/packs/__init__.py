"""Packs: sets of datasets with their contracts and generators. What one is, and which there are."""
