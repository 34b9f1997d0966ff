"""A lake on disk: its layout, its manifest, written as a whole, read, copied and verified."""
