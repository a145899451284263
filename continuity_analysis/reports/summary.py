"""`summary.json`: the scorecard of a run for programs. The numbers on pages and slides are these."""

import json
import math
from collections.abc import Iterable

import pandas as pd

from continuity_analysis.figures.display_tables import OBJECTIVES
from continuity_analysis.reports.facts import RunFacts
from continuity_analysis.words import UNKNOWN, show, show_interval

RATIOS = ("availability", "requests", "latency")
"""Objectives whose numbers are ratios; those of the others are durations in seconds."""


def summarise(scorecard: pd.DataFrame, facts: RunFacts, *, reports: Iterable[dict] = ()) -> dict:
    """The content of `summary.json`.

    Parameters
    ----------
    scorecard : pandas.DataFrame
        What `questions.scorecard` returned; `target`, `achieved` and `previous` in ratios (0-1) or seconds.
    facts : RunFacts
        What the run was made from.
    reports : iterable of dict
        One entry per report.

    Returns
    -------
    dict
        As DESIGN section 10 has it. What is unknown or without limit is None.
    """
    services = [
        {"service": service, "objectives": [_objective(row) for row in rows.to_dict("records")]}
        for service, rows in scorecard.groupby("service", sort=False)
    ]
    return {
        "version": facts.version,
        "period": {"start": facts.period.start.isoformat(), "end": facts.period.end.isoformat()},
        "as_of": None if pd.isna(facts.as_of) else facts.as_of.isoformat(),
        "services": services,
        "reports": list(reports),
        "rejects": facts.rejected,
    }


def _objective(row: dict) -> dict:
    limits = {name: _number(row[column]) for name, column in _EXPECTED.items()}
    return {
        "objective": row["objective"],
        "target": _number(row["target"]),
        "achieved": _number(row["achieved"]),
        "expected": limits,
        "verdict": row["verdict"],
        "n": None if pd.isna(row["n"]) else int(row["n"]),
        "previous": _number(row["previous"]),
        "change": None if pd.isna(row["change"]) else str(row["change"]),
    }


_EXPECTED = {"estimate": "expected", "low": "expected_low", "high": "expected_high"}


def _number(value: object) -> float | None:
    return None if pd.isna(value) or math.isinf(value) else float(value)


def to_text(summary: dict) -> str:
    """The file's content."""
    return json.dumps(summary, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def numbers_of(summary: dict) -> dict[tuple[str, str], dict[str, str]]:
    """Every number of a summary as it must read on pages and slides.

    Parameters
    ----------
    summary : dict
        The content of a `summary.json`.

    Returns
    -------
    dict
        (service, objective in words) -> {"target" | "achieved" | "expected" | "n" | "previous": text}, without those
        that are None in the summary, and without objectives that have neither a target nor a measurement.
    """
    found = {}
    for service in summary["services"]:
        for row in service["objectives"]:
            unit = "ratio" if row["objective"] in RATIOS else "seconds"
            texts = {name: show(row[name], unit) for name in ("target", "achieved", "previous")}
            expected = row["expected"]
            texts["expected"] = show_interval(expected["estimate"], expected["low"], expected["high"], unit=unit)
            texts = {name: text for name, text in texts.items() if text != UNKNOWN}
            if texts or row["verdict"] != "NOT_SET":
                texts |= {} if row["n"] is None else {"n": show(row["n"], "count")}
                found[service["service"], OBJECTIVES[row["objective"]]] = texts
    return found
