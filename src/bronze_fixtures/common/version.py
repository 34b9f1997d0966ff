"""The version of the package: the one place. Asking `importlib.metadata` takes 0.02 CPU seconds."""

VERSION = "0.1.0"
