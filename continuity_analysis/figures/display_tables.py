"""The tables that notebooks, pages and decks show: which columns, what they are called, and their cells in words.

A `DisplayTable` shows itself in JupyterLab as HTML and carries the same cells as JSON (`MIME`), from which the HTML
pages and the deck make tables of their own kind. So a number is rounded once and reads alike wherever it stands.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape

import pandas as pd

from continuity_analysis.figures.verdict_order import worst_services_first
from continuity_analysis.words import UNITS, show, show_interval

MIME = "application/vnd.continuity.table+json"
SCORECARD_ON_SLIDES = 48  # rows of the scorecard that a deck shows: the worst, on three slides
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


def group_column(by: str) -> dict[str, tuple[str, str]]:
    """The column that names the groups of an answer, as `display_table` takes it; none where all are one group."""
    if by == "all":
        return {}
    return {by: (by.capitalize().replace("_", " "), "count" if by == "severity" else "text")}


def verdict_key(text: str) -> str | None:
    """The verdict that a cell's words stand for: "Met, provisional" is MET; None for other words."""
    return next((key for key, words in VERDICTS.items() if text.split(",")[0] == words), None)


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
    verdict_columns : tuple of int
        The columns that hold verdicts.
    slide_rows : int, optional
        How many rows, from the first on, a deck shows; it says how many more there are. All where there is none.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    values: tuple[tuple, ...] = ()
    verdict_columns: tuple[int, ...] = ()
    slide_rows: int | None = None

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
            "verdict_columns": list(self.verdict_columns),
        } | ({"slide_rows": self.slide_rows} if self.slide_rows else {})

    def to_html(self) -> str:
        """A plain HTML table."""
        head = "".join(f'<th scope="col">{escape(name)}</th>' for name in self.columns)
        values = self.values or ((None,) * len(self.columns),) * len(self.rows)
        body = "".join(f"<tr>{_cells(*row)}</tr>" for row in zip(self.rows, values, strict=True))
        caption = f"<caption>{escape(self.caption)}</caption>"
        return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"

    def to_text(self) -> str:
        """Columns of text for a terminal."""
        return f"{self.caption}\n{pd.DataFrame(list(self.rows), columns=list(self.columns)).to_string(index=False)}"


def _cells(texts: Sequence[str], values: Sequence[object]) -> str:
    """Cells of a row in HTML; a single number stays on one line."""
    how = (' style="white-space: nowrap"' if isinstance(value, int | float) else "" for value in values)
    return "".join(f"<td{style}>{escape(text)}</td>" for text, style in zip(texts, how, strict=True))


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
    return DisplayTable(
        caption=caption,
        columns=tuple(spec[0] for spec in columns.values()),
        rows=tuple(zip(*[texts for texts, _ in made], strict=True)),
        values=tuple(zip(*[values for _, values in made], strict=True)),
        verdict_columns=(list(columns).index("verdict"),) if "verdict" in columns else (),
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
    order = kept["verdict"].map({verdict: place for place, verdict in enumerate(VERDICTS)})
    rows = kept.assign(objective=kept["objective"].map(OBJECTIVES), _order=order)
    columns = {
        "service": ("Service", "text"),
        "objective": ("Objective", "text"),
        "verdict": ("Verdict", "text"),
        "target": ("Target", "unit"),
        "achieved": ("Achieved", "unit"),
    }
    if rows["expected"].notna().any():
        columns["expected"] = ("Expected (95 % interval)", "unit", "expected_low", "expected_high")
    columns |= {"n": ("n", "count"), "previous": ("Previous period", "unit")}
    columns |= {"change": ("Change", "text"), "reason": ("Why", "text")} if reasons else {}
    caption = "Objectives and what was achieved, worst first"
    caption += f" ({n:,} more have neither a target nor a measurement)" if (n := len(scorecard) - len(kept)) else ""
    table = display_table(rows.sort_values("_order", kind="stable"), columns, caption=caption)
    return replace(table, slide_rows=SCORECARD_ON_SLIDES)


def glance_table(scorecard: pd.DataFrame, *, n: int = 14) -> DisplayTable:
    """Verdicts at a glance: a row per service, a column per kind of objective that somebody promised.

    The `n` services with the worst verdicts are shown, and the caption says out of how many.
    """
    promised = scorecard[scorecard["verdict"] != "NOT_SET"]
    kinds = [kind for kind in OBJECTIVES if kind in set(promised["objective"])]
    services = worst_services_first(scorecard)
    cells = promised.pivot(index="service", columns="objective", values="verdict").reindex(services[:n])
    rows = tuple((name, *(VERDICTS.get(cells.at[name, kind], "") for kind in kinds)) for name in cells.index)
    which = "" if len(services) <= n else f", the {n} worst of {len(services)} services"
    return DisplayTable(
        caption=f"Verdicts at a glance{which}; empty where nothing is promised" if rows else "No objective is set",
        columns=("Service", *(OBJECTIVES[kind] for kind in kinds)),
        rows=rows,
        values=tuple((None,) * (len(kinds) + 1) for _ in rows),
        verdict_columns=tuple(range(1, len(kinds) + 1)),
    )
