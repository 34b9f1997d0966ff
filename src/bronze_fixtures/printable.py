"""Texts that somebody else wrote, made fit to be shown."""


def printable(text: str, keep: str = "") -> str:
    r"""Return a text with what a terminal would obey, or nobody would see, spelled out.

    Args:
        text: Any text.
        keep: Characters that stay although they cannot be printed.

    Returns:
        The same text, with such characters as Python writes them, like `\x1b`.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in keep else repr(c)[1:-1] for c in text)
