"""Estimated, expected, achieved: one table against the target, and a sentence on where they disagree."""

import pandas as pd

from continuity_analysis.figures.display_tables import OBJECTIVES, DisplayTable, display_table
from continuity_analysis.figures.sentences import Sentence
from continuity_analysis.words import few

_NUMBERS = ["target", "estimated", "expected", "achieved"]


def estimates_table(estimates: pd.DataFrame) -> DisplayTable:
    """What was estimated from configuration, expected from history and achieved, those that disagree first.

    Parameters
    ----------
    estimates : DataFrame
        As `continuity_analysis.estimated_expected_achieved` returns it. Rows without a target and any number are
        counted in the caption, not listed.
    """
    kept = estimates[estimates[_NUMBERS].notna().any(axis=1)]
    rows = kept.assign(objective=kept["objective"].map(OBJECTIVES), agreed=[_agreed(r) for r in kept.itertuples()])
    columns = {
        "service": ("Service", "text"),
        "objective": ("Objective", "text"),
        "target": ("Target", "unit"),
        "estimated": ("Estimated (95 % interval)", "unit", "estimated_low", "estimated_high"),
        "source": ("Estimated from", "text"),
        "basis": ("Basis of the estimate", "text"),
        "n": ("n", "count"),
        "expected": ("Expected (95 % interval)", "unit", "expected_low", "expected_high"),
        "achieved": ("Achieved", "unit"),
        "verdict": ("Verdict", "text"),
        "agreed": ("Do they agree?", "text"),
    }
    caption = "Estimated from configuration, expected from history, achieved in the period"
    left_out = len(estimates) - len(kept)
    caption += f" ({left_out:,} more have neither a target nor a number)" if left_out else ""
    return display_table(rows, columns, caption=caption)


def estimates_sentence(estimates: pd.DataFrame) -> Sentence:
    """How many can be compared, how many disagree, and of how many only the estimate meets the target."""
    compared = estimates[estimates["agree"].notna()]
    if compared.empty:
        return Sentence("Of no objective two of estimate, expectation and achievement are known: nothing to compare.")
    apart = compared["disagreement"].notna()
    optimistic = compared["disagreement"].fillna("").str.contains("only estimated meets the target", regex=False)
    text = f"**Of {len(compared)} that can be compared, {int(apart.sum())} disagree**"
    if optimistic.any():
        names = sorted(set(compared.loc[optimistic, "service"]))
        text += f"; as configured {int(optimistic.sum())} would meet a target that was missed: {few(names, 6)}"
    return Sentence(text + ".")


def _agreed(row) -> str:
    if pd.isna(row.agree):
        return "cannot be told"
    return "yes" if pd.isna(row.disagreement) else row.disagreement
