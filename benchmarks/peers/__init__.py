"""The peers: one small script each, run by the Python of its own environment (see peers.toml)."""
