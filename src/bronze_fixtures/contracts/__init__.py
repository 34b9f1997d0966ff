"""The contracts: what the datasets promise, from YAML to frozen objects."""
