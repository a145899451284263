"""Tables of what was corrected or left out, and of what the answer rests on."""

import pandas as pd

from continuity_analysis.figures.display_tables import DisplayTable, display_table


def corrections_table(corrections: pd.DataFrame, *, n: int = 30) -> DisplayTable:
    """Each correction and exclusion: which incident, what changed, why, and the down time it moved.

    The `n` that moved most are shown; rows that the source itself called off are counted in the caption.
    """
    called_off = corrections["what"].isin(["cancelled", "scheduled"])
    rows = corrections[~called_off].copy()
    size = rows["down_hours_moved"].abs().fillna(-1)
    rows = rows.iloc[size.argsort(kind="stable")[::-1]]
    caption = f"Corrections by the catalogue: {len(rows)}" if len(rows) else "The catalogue corrects no incident"
    caption += f", the {n} that moved most" if len(rows) > n else ""
    counts = corrections.loc[called_off, "what"].value_counts()
    caption += "".join(f"; {count:,} {what} in the source count nowhere" for what, count in counts.items())
    rows = rows.assign(moved=[_signed(hours) for hours in rows["down_hours_moved"]]).head(n)
    columns = {
        "service": ("Service", "text"),
        "incident_id": ("Incident", "text"),
        "what": ("What", "text"),
        "change": ("Change", "text"),
        "because": ("Because", "text"),
        "moved": ("Down time moved", "text"),
        "availability_before": ("Availability before", "ratio"),
        "availability_after": ("After", "ratio"),
    }
    return display_table(rows, columns, caption=caption)


def called_off_table(corrections: pd.DataFrame, *, n: int = 15) -> DisplayTable:
    """Rows that the source cancelled, or announced and never began: they count nowhere; the newest `n`."""
    rows = corrections[corrections["what"].isin(["cancelled", "scheduled"])]
    shown = rows.sort_values("started_at", ascending=False, kind="stable").head(n)
    columns = {
        "service": ("Service", "text"),
        "incident_id": ("Incident", "text"),
        "title": ("Title", "text"),
        "started_at": ("Started", "moment"),
        "because": ("Why", "text"),
    }
    which = f", the newest {n} of {len(rows):,}" if len(rows) > n else ""
    caption = f"Cancelled or announced only: counted nowhere{which}" if len(rows) else "Nothing was called off"
    return display_table(shown, columns, caption=caption)


def raw_table(availability: pd.DataFrame) -> DisplayTable:
    """Raw and corrected availability side by side, where they differ."""
    raw, corrected = availability["raw_availability"], availability["availability"]
    same = (raw == corrected) | (raw.isna() & corrected.isna())
    columns = {
        "service": ("Service", "text"),
        "raw_availability": ("Raw", "ratio"),
        "availability": ("Corrected (bounds)", "ratio", "low", "high"),
        "objective": ("Objective", "ratio"),
        "verdict": ("Verdict", "text"),
    }
    rows = availability[~same]
    caption = "Raw and corrected" if len(rows) else "No correction moved the availability of a service"
    return display_table(rows, columns, caption=caption)


def coverage_table(availability: pd.DataFrame) -> DisplayTable:
    """How much of the agreed hours was watched, and what the rest leaves open; the least watched first."""
    rows = availability[(availability["unknown_hours"] > 0) & (availability["agreed_hours"] > 0)]
    columns = {
        "service": ("Service", "text"),
        "agreed_hours": ("Agreed", "hours"),
        "coverage": ("Watched", "share"),
        "unknown_hours": ("Unknown", "hours"),
        "suppressed_hours": ("of it the tool was silenced", "hours"),
        "availability": ("Achieved (bounds)", "ratio", "low", "high"),
    }
    rows = rows.sort_values(["coverage", "service"], kind="stable")
    caption = "Agreed hours that were not watched" if len(rows) else "All agreed hours were watched"
    return display_table(rows, columns, caption=caption)


def _signed(hours: float) -> str:
    from continuity_analysis.words import show

    if pd.isna(hours):
        return show(None, "hours")
    return show(0.0, "hours") if abs(hours) < 1e-9 else ("+ " if hours > 0 else "− ") + show(abs(hours), "hours")
