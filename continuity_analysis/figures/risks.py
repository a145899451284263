"""Risks and actions in words: tables for slides and pages, and the sentences above them."""

from dataclasses import replace

import pandas as pd

from continuity_analysis.figures.display_tables import OBJECTIVES, DisplayTable, display_table
from continuity_analysis.figures.readiness_words import IF_FAILED
from continuity_analysis.figures.sentences import Finding, listed
from continuity_analysis.words import UNKNOWN, few

ON_SLIDES = 7
NAMED = 5
"""Services named in one row; `continuity_analysis.actions` and `risks` have a row for each."""
NO_RISK = "Nothing in these logs shows a promise at risk"
NO_ACTION = "No objective is breached, no finding is open and no check of readiness failed"
IF_BREACHED = {
    "availability": "Remove the cause that took most of the down time, or agree on a lower objective",
    "requests": "Find out why requests failed, and remove the cause",
    "latency": "Find out why answers were slow, and remove the cause",
    "restore": "Shorten the longest phase of restoration",
    "rpo": "Back up more often, and alert on runs that are late or fail",
    "rto": "Shorten the slowest phase of recovery, and drill it again",
    "mtpd": "Find out why the longest disruption could not be ended sooner",
}
"""What to do about an objective that is breached."""
_WORDS = {"objective": "breached objective", "finding": "open drill finding", "check": "failed check"}


def risks_table(risks: pd.DataFrame, *, on_slides: int = ON_SLIDES) -> DisplayTable:
    """Risks, each with its evidence; what rests on the same evidence is one row.

    Parameters
    ----------
    risks : DataFrame
        As `continuity_analysis.risks` returns them.
    on_slides : int
        Rows that a deck shows.
    """
    rows = _together(risks, ["risk", "objective", "evidence"])
    rows = rows.assign(objective=rows["objective"].map(OBJECTIVES), risk=rows["risk"].map(_capital))
    columns = {
        "risk": ("Risk", "text"),
        "objective": ("Of what", "text"),
        "services": ("Service", "text"),
        "evidence": ("Evidence", "text"),
        "n": ("n", "count"),
    }
    caption = "What may break a promise next" if len(rows) else NO_RISK
    return replace(display_table(rows, columns, caption=caption), slide_rows=on_slides)


def actions_table(actions: pd.DataFrame, *, on_slides: int = ON_SLIDES) -> DisplayTable:
    """Actions, why and for which services; what asks for the same is one row.

    Parameters
    ----------
    actions : DataFrame
        As `continuity_analysis.actions` returns them.
    on_slides : int
        Rows that a deck shows.
    """
    todo = [_todo(source, subject) for source, subject in zip(actions["source"], actions["subject"], strict=True)]
    rows = _together(actions.assign(todo=pd.array(todo, dtype="str")), ["source", "todo"])
    since = [UNKNOWN if pd.isna(day) else f"{day:%Y-%m-%d}" for day in rows["since"]]
    rows = rows.assign(since=pd.Series(since, index=rows.index, dtype="str"))
    columns = {
        "todo": ("Action", "text"),
        "evidence": ("Why", "text"),
        "services": ("Service", "text"),
        "since": ("Since", "text"),
    }
    caption = "What follows" if len(rows) else NO_ACTION
    return replace(display_table(rows, columns, caption=caption), slide_rows=on_slides)


def risks_finding(risks: pd.DataFrame) -> Finding:
    """How many risks of which kind there are."""
    if risks.empty:
        return Finding(f"{NO_RISK}.", headline=NO_RISK)
    counts = risks["risk"].value_counts(sort=False)
    kinds = ", ".join(f"{n} {kind}" for kind, n in counts.items())
    first = risks.iloc[0]
    n, many = risks["service"].nunique(), "1 risk" if len(risks) == 1 else f"{len(risks)} risks"
    text = f"{many} of {n} service{'' if n == 1 else 's'}: {kinds}."
    return Finding(text, headline=f"{many} to promises; first of all {first['service']}: {first['evidence']}")


def actions_finding(actions: pd.DataFrame) -> Finding:
    """How many actions follow, and from what."""
    if actions.empty:
        return Finding(f"{NO_ACTION}.", headline="Nothing is broken or open: no action follows")
    counts = actions["source"].value_counts(sort=False)
    parts = [f"{n} {_WORDS[source]}{'' if n == 1 else 's'}" for source, n in counts.items()]
    todo = {_todo(*pair) for pair in zip(actions["source"], actions["subject"], strict=True)}
    n = actions["service"].nunique()
    text = f"They follow from {listed(parts)} of {n} service{'' if n == 1 else 's'}."
    count = "One action is" if len(todo) == 1 else f"{len(todo)} actions are"
    return Finding(text, headline=f"{count} needed to keep and prove what we promise")


def _todo(source: str, subject: str) -> str:
    if source == "finding":
        return f"Close what drills found: “{subject}”"
    return (IF_BREACHED if source == "objective" else IF_FAILED).get(subject, subject)


def _together(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """One row for all that agree in some columns: their services, the first evidence and how many more there are."""
    parts = rows.groupby(keys, sort=False)
    named = {"services": ("service", _some), "first": ("service", "first")}
    named |= {"said": ("evidence", "first"), "different": ("evidence", "nunique"), "since": ("since", "min")}
    found = parts.agg(**named, most=("n", "max")).reset_index()
    more = (found["different"] - 1).astype("int64")
    joined = found["first"] + ": " + found["said"] + " (and " + more.astype("str") + " more)"
    return found.assign(evidence=found["said"].where(more == 0, joined), n=found["most"])


def _some(services: pd.Series) -> str:
    """The first services by name, and how many more there are."""
    names = list(dict.fromkeys(services))
    return few(names, NAMED if len(names) > NAMED + 1 else len(names))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
