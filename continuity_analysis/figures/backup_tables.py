"""Backup health in tables, and the finding in a sentence."""

import pandas as pd

from continuity_analysis.figures.display_tables import DisplayTable, display_table
from continuity_analysis.figures.sentences import Sentence
from continuity_analysis.words import show

NAMES = ["asset", "location", "method"]


def backup_health_table(health: pd.DataFrame) -> DisplayTable:
    """Due times served and missed, lateness, success, per job, asset or service; why something is unknown."""
    by_job = "schedule" in health
    idle = (health["n_seen"] == 0) & (health["n_due"] == 0) & (health.get("basis", "") != "stated")
    health = health[~idle]
    first = {name: (name.capitalize(), "text") for name in NAMES if name in health} if by_job else {}
    first = first or {health.columns[0]: (health.columns[0].capitalize(), "text")}
    columns = first | ({"due": ("Due", "text")} if by_job else {})
    columns |= {
        "served": ("Due times served (95 % interval)", "share", "served_low", "served_high"),
        "n_due": ("n", "count"),
        "n_missed": ("Missed", "count"),
        "n_failed": ("Failed", "count"),
        "n_late": ("Late", "count"),
        "late_p95_hours": ("Lateness, P95", "hours"),
        "late_worst_hours": ("Latest", "hours"),
        "longest_gap_hours": ("Longest gap", "hours"),
        "unserved_now": ("Unserved now", "count"),
    }
    if health["success"].notna().any():
        columns |= {"success": ("Runs that ended well (95 % interval)", "share", "success_low", "success_high")}
        columns |= {"n_runs": ("Runs", "count")}
    rows = health.assign(due=_due(health)) if by_job else health
    caption = "Backups against their schedule, the worst first"
    caption += f"; {idle.sum():,} more had no run in the period, and none is known to be due" if idle.any() else ""
    if len(health) and (health["reason"] == health["reason"].iloc[0]).all() and health["reason"].iloc[0]:
        caption += f" ({health['reason'].iloc[0]})"
    elif (health["reason"] != "").any():
        columns |= {"reason": ("What cannot be told", "text")}
    return display_table(rows, columns, caption=caption)


def backup_health_sentence(health: pd.DataFrame) -> Sentence:
    """How many due times were served in all, which jobs have stopped, and for how many nothing is known."""
    if health.empty:
        return Sentence("No backup was seen and none is promised, so their health is unknown.")
    known = health[health["n_due"] > 0]
    if known.empty:
        return Sentence(
            f"For none of {len(health)} backup jobs is it known when runs were due and whether all of them were seen."
        )
    due, served = int(known["n_due"].sum()), int(known["n_served"].sum())
    text = f"**Of {due:,} backups due, {served:,} were made ({show(served / due, 'share')})**"
    text += f"; {int(known['n_missed'].sum())} were never begun, {int(known['n_late'].sum())} were late."
    stopped = known[known["unserved_now"] > 0].head(5)
    if len(stopped):
        text += " At the end of the period without a good one since it was last due: "
        text += ", ".join(f"{_name(row)} ({int(row['unserved_now'])} in a row)" for _, row in stopped.iterrows()) + "."
    worst = known.sort_values("longest_streak", ascending=False, kind="stable").iloc[0]
    if worst["longest_streak"] > 1:
        text += f" The longest row of due times without a good backup: {int(worst['longest_streak'])}, {_name(worst)}."
    unknown = len(health) - len(known)
    text += f" For {unknown} of {len(health)} jobs nothing of this is known." if unknown else ""
    return Sentence(text)


def backup_retention_table(retention: pd.DataFrame) -> DisplayTable:
    """How long backups stayed, against what was promised or planned."""
    columns = {name: (name.capitalize(), "text") for name in NAMES}
    columns |= {
        "promised_hours": ("To be kept", "hours"),
        "basis": ("As", "text"),
        "verdict": ("Verdict", "text"),
        "n": ("n", "count"),
        "n_kept": ("Kept", "count"),
        "n_early": ("Gone too early", "count"),
        "n_open": ("Not sure", "count"),
        "shortest": ("Shortest stay", "text"),
        "median": ("Median stay", "text"),
        "oldest_hours": ("Oldest still there", "hours"),
    }
    columns |= {"reason": ("What cannot be told", "text")} if retention["reason"].fillna("").ne("").any() else {}
    spans = {
        name: pd.Series(
            [_span(*pair) for pair in retention[[f"{name}_least_hours", f"{name}_most_hours"]].to_numpy(float)],
            index=retention.index,
            dtype="str",
        )
        for name in ("shortest", "median")
    }
    rows = retention.rename(columns={"verdict": "found"}).assign(**spans)
    columns = {("found" if k == "verdict" else k): v for k, v in columns.items()}
    return display_table(rows, columns, caption="How long backups stayed; what listings leave open stands as a range")


def _due(health: pd.DataFrame) -> list[str]:
    """The schedule in words and what it rests on."""
    return [
        "unknown" if not words else f"{words} ({'stated' if basis == 'stated' else f'learned, n = {n}'})"
        for words, basis, n in zip(health["schedule"], health["basis"], health["n_learned"], strict=True)
    ]


def _name(row: pd.Series) -> str:
    return str(row["asset"] if "asset" in row.index else row.iloc[0])


def _span(low: float, high: float) -> str:
    low, high = show(low, "hours"), show(high, "hours")
    return low if low == high else f"{low} to {high}"
