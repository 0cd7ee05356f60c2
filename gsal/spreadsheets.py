"""Text in tables that people open in a spreadsheet, which takes some of it for a formula and computes it."""

__all__ = ["guarded", "unguarded"]

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "'")


def guarded(text: str) -> str:
    """Put ' before what a spreadsheet takes for a formula, and before ' itself, so that it can be undone.

    >>> [guarded(text) for text in ("=1+1", "'quoted'", "naevus")]
    ["'=1+1", "''quoted'", 'naevus']
    """
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def unguarded(text: str) -> str:
    """Return the text as it was before `guarded`.

    >>> unguarded(guarded("-"))
    '-'
    """
    return text.removeprefix("'")
