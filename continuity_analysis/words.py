"""Numbers in words: the one place where they are rounded, so that a number reads alike wherever it stands.

Beside them names in a row, which no sentence should list by the hundred.
"""

import math
from collections.abc import Sequence

import pandas as pd

UNKNOWN = "—"
UNITS = ("ratio", "share", "hours", "seconds", "count", "bytes", "moment", "text")


def show(value: object, unit: str) -> str:
    """One value as a reader sees it.

    Parameters
    ----------
    value : object
        A number in `unit`, a moment, or text; None, NaN and NaT are unknown.
    unit : str
        One of "ratio" and "share" (0-1, shown in per cent), "hours", "seconds" (both shown as a duration), "count",
        "bytes" (shown in powers of 1000), "moment" (shown in UTC) and "text".

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If there is no such unit.

    Examples
    --------
    >>> show(0.99912, "ratio"), show(0.999, "ratio"), show(6.25, "hours"), show(None, "count")
    ('99.912 %', '99.9 %', '6 h 15 min', '—')
    """
    if unit not in UNITS:
        raise ValueError(f"Expected a unit out of {', '.join(UNITS)}, got {unit!r}.")
    if value is None or pd.isna(value):
        return UNKNOWN
    if unit == "text":
        return str(value)
    if unit == "moment":
        return f"{pd.Timestamp(value).tz_convert('UTC'):%Y-%m-%d %H:%M} UTC"
    return _number(float(value), unit)


def show_interval(estimate: float, low: float, high: float, *, unit: str) -> str:
    """An estimate with its interval, "99.9 % (99.5 % to 99.98 %)"; alone where there is none, or it has no width."""
    known = [limit for limit in (low, high) if not pd.isna(limit)]
    if not known or (len(known) == 2 and math.isclose(*known, rel_tol=1e-9)):
        return show(estimate, unit)
    low, high = show(low, unit), show(high, unit)
    limits = f"at most {high}" if low == UNKNOWN else f"at least {low}" if high == UNKNOWN else f"{low} to {high}"
    return f"{show(estimate, unit)} ({limits})"


def show_all(values, unit: str) -> pd.Series:
    """Each of many values as `show` has it, with a new index."""
    return pd.Series([show(value, unit) for value in values], dtype="str")


def _number(value: float, unit: str) -> str:
    if math.isinf(value):
        return "without limit" if value > 0 else UNKNOWN
    if unit in ("ratio", "share"):
        return _per_cent(value)
    if unit == "count":
        return f"{value:,.0f}" if value == round(value) else f"{value:,.1f}"
    if unit == "bytes":
        return _bytes(value)
    return _duration(value * 3600 if unit == "hours" else value)


def _per_cent(ratio: float) -> str:
    """Three digits of what is missing to 100 % (or above 0 %), so that 99.996 % never reads as 100 %."""
    missing = min(abs(ratio), abs(1 - ratio))
    decimals = 0 if missing < 1e-12 else min(max(2 - math.floor(math.log10(100 * missing) + 1e-9), 1), 8)
    text = f"{100 * ratio:.{decimals}f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text} %"


def _bytes(value: float) -> str:
    """Three digits in the largest power of 1000 that leaves at least one before the point."""
    names = ("B", "kB", "MB", "GB", "TB", "PB", "EB")
    power = min(max(math.floor(math.log10(max(abs(value), 1)) / 3 + 1e-9), 0), len(names) - 1)
    if round(abs(value) / 1000**power, 0) >= 1000 and power + 1 < len(names):
        power += 1
    scaled = value / 1000**power
    decimals = max(2 - math.floor(math.log10(max(abs(scaled), 1))), 0) if power else 0
    return f"{scaled:,.{decimals}f} {names[power]}"


def _duration(seconds: float) -> str:
    sign, seconds = ("-" if seconds < 0 else ""), abs(seconds)
    if seconds < 10:
        return f"{sign}{seconds:.1f}".rstrip("0").rstrip(".") + " s"
    steps = ((600, 1), (48 * 3600, 60), (14 * 86400, 3600), (math.inf, 86400))
    smallest = next(step for limit, step in steps if seconds < limit)
    left, words = round(seconds / smallest) * smallest, []
    names = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))
    for size, name in names[1:] if left < 72 * 3600 else names:
        count, left = divmod(left, size)
        words += [f"{count:.0f} {name}"] if count else []
    return sign + " ".join(words)


def few(names: Sequence[str], most: int) -> str:
    """Names in a row, the first so many of them and how many more there are: "a, b and 3 more"."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")
