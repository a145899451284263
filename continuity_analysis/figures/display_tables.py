"""The one place where numbers become words: cells, intervals and the tables that notebooks, pages and decks show.

A `DisplayTable` shows itself in JupyterLab as HTML and carries the same cells as JSON (`MIME`), from which the HTML
pages and the deck make tables of their own kind. So a number is rounded once and reads alike wherever it stands.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import pandas as pd

MIME = "application/vnd.continuity.table+json"
UNKNOWN = "—"
UNITS = ("ratio", "share", "hours", "seconds", "count", "moment", "text")
VERDICTS = {
    "BREACHED": "Breached",
    "AT_RISK": "At risk",
    "INSUFFICIENT": "Not enough evidence",
    "MET": "Met",
    "NOT_SET": "No objective set",
}
"""What a verdict is called, worst first."""
OBJECTIVES = {
    "availability": "Availability",
    "requests": "Successful requests",
    "latency": "Latency",
    "restore": "Time to restore",
    "rpo": "Data at risk (RPO)",
    "rto": "Recovery time (RTO)",
    "mtpd": "Longest disruption (MTPD)",
}


def show(value: object, unit: str) -> str:
    """One value as a reader sees it.

    Parameters
    ----------
    value : object
        A number in `unit`, a moment, or text; None, NaN and NaT are unknown.
    unit : str
        One of "ratio" and "share" (0-1, shown in per cent), "hours", "seconds" (both shown as a duration), "count",
        "moment" (shown in UTC) and "text".

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


def verdict_key(text: str) -> str | None:
    """The verdict that a cell's words stand for: "Met, provisional" is MET; None for other words."""
    return next((key for key, words in VERDICTS.items() if text.split(",")[0] == words), None)


def _number(value: float, unit: str) -> str:
    if math.isinf(value):
        return "without limit" if value > 0 else UNKNOWN
    if unit in ("ratio", "share"):
        return _per_cent(value)
    if unit == "count":
        return f"{value:,.0f}" if value == round(value) else f"{value:,.1f}"
    return _duration(value * 3600 if unit == "hours" else value)


def _per_cent(ratio: float) -> str:
    """Two digits of what is missing to 100 % (or above 0 %), so that 99.996 % never reads as 100 %."""
    missing = min(abs(ratio), abs(1 - ratio))
    decimals = 0 if missing < 1e-12 else min(max(1 - math.floor(math.log10(100 * missing) + 1e-9), 1), 8)
    text = f"{100 * ratio:.{decimals}f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text} %"


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


@dataclass(frozen=True)
class DisplayTable:
    """A table ready to be read.

    Attributes
    ----------
    caption : str
        What it shows.
    columns : tuple of str
        Headings.
    rows : tuple of tuple of str
        Cells as shown.
    values : tuple of tuple
        What each cell was made from: a number, a list of an estimate and its limits, or None where it is text.
    verdict_column : int, optional
        The column that holds verdicts.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    values: tuple[tuple, ...] = ()
    verdict_column: int | None = None

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        return {"text/html": self.to_html(), "text/plain": self.to_text(), MIME: self.to_json()}

    def to_json(self) -> dict:
        """The table as plain lists; a number that JSON has no word for is None."""
        values = [[_plain(value) for value in row] for row in self.values]
        rows = [list(row) for row in self.rows]
        return {
            "caption": self.caption,
            "columns": list(self.columns),
            "rows": rows,
            "values": values,
            "verdict_column": self.verdict_column,
        }

    def to_html(self) -> str:
        """A plain HTML table."""
        head = "".join(f'<th scope="col">{escape(name)}</th>' for name in self.columns)
        body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in self.rows)
        caption = f"<caption>{escape(self.caption)}</caption>"
        return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"

    def to_text(self) -> str:
        """Columns of text for a terminal."""
        return f"{self.caption}\n{pd.DataFrame(list(self.rows), columns=list(self.columns)).to_string(index=False)}"


def _plain(value: object) -> object:
    if isinstance(value, list):
        return [_plain(part) for part in value]
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if number and math.isfinite(value) else None


def display_table(frame: pd.DataFrame, columns: Mapping[str, Sequence], *, caption: str) -> DisplayTable:
    """The columns of a frame that a reader needs, in words.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row is one row of the table.
    columns : mapping
        Column name -> (heading, unit) or, for an estimate with its interval, (heading, unit, low, high) with the names
        of the columns of its limits. `unit` is one of `UNITS` or the name of a column with the unit of each row. A
        column `verdict` is shown in the words of `VERDICTS`.
    caption : str
        What the table shows, in one phrase.
    """
    made = [_column(frame, name, *spec[1:]) for name, spec in columns.items()]
    names = list(columns)
    return DisplayTable(
        caption=caption,
        columns=tuple(spec[0] for spec in columns.values()),
        rows=tuple(zip(*[texts for texts, _ in made], strict=True)),
        values=tuple(zip(*[values for _, values in made], strict=True)),
        verdict_column=names.index("verdict") if "verdict" in names else None,
    )


def _column(frame: pd.DataFrame, name: str, unit: str, *limits: str) -> tuple[list[str], list]:
    units = [unit] * len(frame) if unit in UNITS else frame[unit].tolist()
    cells = frame[name].tolist()
    if name == "verdict":
        later = frame["provisional"].tolist() if "provisional" in frame else [False] * len(frame)
        return [VERDICTS[v] + (", provisional" if p is True else "") for v, p in zip(cells, later, strict=True)], [
            None
        ] * len(cells)
    if limits:
        parts = list(zip(cells, *(frame[limit].tolist() for limit in limits), strict=True))
        return [show_interval(*p, unit=u) for p, u in zip(parts, units, strict=True)], [list(p) for p in parts]
    numbers = [None if u in ("text", "moment") else v for v, u in zip(cells, units, strict=True)]
    return [show(v, u) for v, u in zip(cells, units, strict=True)], numbers


def scorecard_table(scorecard: pd.DataFrame, *, reasons: bool = True) -> DisplayTable:
    """The scorecard, worst first: one row per service and objective; without `reasons` narrow enough for a slide.

    Objectives with neither a target nor a measurement are counted in the caption, not listed.
    """
    measured = scorecard[["target", "achieved", "expected", "previous"]].notna().any(axis=1)
    kept = scorecard[measured | scorecard["verdict"].ne("NOT_SET")]
    left_out = len(scorecard) - len(kept)
    order = kept["verdict"].map({verdict: place for place, verdict in enumerate(VERDICTS)})
    rows = kept.assign(objective=kept["objective"].map(OBJECTIVES), _order=order)
    columns = {
        "service": ("Service", "text"),
        "objective": ("Objective", "text"),
        "verdict": ("Verdict", "text"),
        "target": ("Target", "unit"),
        "achieved": ("Achieved", "unit"),
        "expected": ("Expected (95 % interval)", "unit", "expected_low", "expected_high"),
        "n": ("n", "count"),
        "previous": ("Previous period", "unit"),
        "change": ("Change", "text"),
    }
    columns |= {"reason": ("Why", "text")} if reasons else {}
    caption = "Objectives and what was achieved, worst first"
    caption += f" ({left_out:,} more have neither a target nor a measurement)" if left_out else ""
    return display_table(rows.sort_values("_order", kind="stable"), columns, caption=caption)
