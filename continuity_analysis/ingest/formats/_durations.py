"""A stated duration, where a table of the user's own has one instead of an end: 1:30, 1d 2h, PT5M, or a number."""

from continuity_analysis.catalog.contents import HAVE_ENDS, Duration, Source
from continuity_analysis.ingest.moments import UNREADABLE, quoted

FIELD = "stated_duration"
SECONDS = {"ms": 0.001, "s": 1, "min": 60, "h": 3600, "d": 86400}
_PARTS = (
    r"p?\s*(?:(\d+(?:[.]\d+)?)\s*d(?:ays?)?)?[\s,]*t?\s*(?:(\d+(?:[.]\d+)?)\s*h(?:rs?|ours?)?)?[\s,]*"
    r"(?:(\d+(?:[.]\d+)?)\s*m(?:ins?|inutes?)?)?[\s,]*(?:(\d+(?:[.]\d+)?)\s*s(?:ecs?|econds?)?)?"
)
_CLOCK = r"(\d+):([0-5]\d):([0-5]\d(?:[.]\d+)?)"
_LONGEST = 1e10
_SHORT = r"(\d+):([0-5]\d)"


def rejects(duration: Duration | None, known: str, decimal: str) -> dict[str, str]:
    """Reason to SQL condition on the field: a duration that cannot be read loses its record, not only its end."""
    if duration is None:
        return {}
    clock = ", or " + duration.unit.upper() if ":" in duration.unit else f", or a number ({duration.unit})"
    expected = f"{duration.column}: expected a duration such as 1d 2h, PT5M or 2:05:00{clock}"
    return {expected: f"{known} IS NOT NULL AND {_seconds(known, duration.unit, decimal)} IS NULL"}


def ends(source: Source, chosen: dict[str, str]) -> dict[str, str]:
    """The end of each row as SQL: the one that stands there, else its begin and the stated duration."""
    if source.duration is None:
        return {}
    end, begin = HAVE_ENDS[source.table], "from_at" if source.table == "states" else "started_at"
    seconds = _seconds(FIELD, source.duration.unit, source.decimal)
    later = (
        f"CASE WHEN {begin} > {UNREADABLE} THEN {begin} + to_microseconds(CAST(round({seconds} * 1e6) AS BIGINT)) END"
    )
    return {end: f"coalesce({chosen[end]}, {later})" if end in chosen else later}


def _seconds(known: str, unit: str, decimal: str) -> str:
    """SQL of a duration [s], null where it cannot be read or is longer than any log."""
    text = f"lower(replace({known}, ',', '.'))" if decimal == "," else f"lower({known})"
    clock = _sum(text, _CLOCK, (3600, 60, 1))
    parts = _sum(text, _PARTS, (86400, 3600, 60, 1))
    if ":" in unit:
        plain = (
            f"WHEN regexp_full_match({text}, {quoted(_SHORT)}) "
            + "THEN "
            + _sum(text, _SHORT, (3600, 60) if unit == "h:mm" else (60, 1))
        )
    else:
        plain = (
            f"WHEN regexp_full_match({text}, '[0-9]+([.][0-9]*)?') THEN try_cast({text} AS DOUBLE) * {SECONDS[unit]}"
        )
    read = (
        f"CASE {plain} WHEN regexp_full_match({text}, {quoted(_CLOCK)}) THEN {clock} "
        f"WHEN regexp_full_match({text}, {quoted(_PARTS)}) AND regexp_matches({text}, '[0-9]') "
        f"AND NOT regexp_matches({text}, '^p[^t]*m') THEN {parts} END"
    )
    return f"list_filter([{read}], lambda s: s < {_LONGEST})[1]"


def _sum(text: str, pattern: str, seconds: tuple[int, ...]) -> str:
    return (
        "("
        + " + ".join(
            f"coalesce(try_cast(regexp_extract({text}, {quoted(f'^{pattern}$')}, {place}) AS DOUBLE), 0) * {factor}"
            for place, factor in enumerate(seconds, start=1)
        )
        + ")"
    )
