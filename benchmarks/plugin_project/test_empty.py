"""A project that has the plugin installed and uses nothing of it."""


def test_nothing() -> None:
    """Pass: what is measured is pytest around it."""
