"""What if, in words: which scenario saves most, and which others do as much as far as the simulation can tell."""

import numpy as np
import pandas as pd

from continuity_analysis.figures.scenarios import ALL, TODAY
from continuity_analysis.figures.sentences import Sentence, listed
from continuity_analysis.words import show, show_interval


def scenario_sentence(summary: pd.DataFrame, *, service: str = ALL) -> Sentence:
    """Which scenario takes most down time away from a service, and which adds to it."""
    rows = summary[(summary["service"] == service) & (summary["scenario"] != TODAY)]
    known = rows[rows["down_change"].notna()].sort_values("down_change")
    unanswered = len(rows) - len(known)
    more = f" {unanswered} of {len(rows)} scenarios cannot be answered." if unanswered else ""
    if known.empty:
        return Sentence(f"For {service}, what scenarios would change in the mean is not known.{more}")
    best = known.iloc[0]
    if best["down_change"] >= 0:
        return Sentence(f"No scenario takes down time away from {service}.{more}")
    shown = show_interval(-best["down_change"], -best["down_change_high"], -best["down_change_low"], unit="hours")
    text = f"Most down time is taken away from {service} by **{best['scenario']}**: {shown} of a year in the mean"
    text += f" (in 95 % of years), Monte Carlo error {show(best['down_change_error'], 'hours')}"
    others = [f"**{name}**" for name in as_good_as_the_best(known)[1:]]
    text += f"; within that error {listed(others)} {'does' if len(others) == 1 else 'do'} as much." if others else "."
    return Sentence(text + more)


def as_good_as_the_best(rows: pd.DataFrame) -> list[str]:
    """Scenarios, sorted by `down_change`, whose mean cannot be told from the first by these simulated years: 95 %."""
    gap = rows["down_change"] - rows["down_change"].iloc[0]
    error = np.hypot(rows["down_change_error"], rows["down_change_error"].iloc[0])
    return rows.loc[(gap <= 1.96 * error) | (gap == 0), "scenario"].to_list()
