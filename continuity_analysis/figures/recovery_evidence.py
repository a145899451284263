"""What drills taught, and whether any single disruption was longer than can be borne."""

import pandas as pd

from continuity_analysis.figures.display_tables import DisplayTable, display_table
from continuity_analysis.figures.sentences import Sentence
from continuity_analysis.words import show

NO_FINDINGS = "No drill and no recovery recorded a finding."


def findings_table(findings: pd.DataFrame, *, n: int = 20) -> DisplayTable:
    """Findings that are open or came back, open ones first, the most frequent first."""
    shown = findings[(findings["state"] == "open") | findings["came_back"] | findings["after_fix"]]
    left_out, rows = len(findings) - min(len(shown), n), shown.head(n)
    found = [f"{a} of {b}" for a, b in zip(rows["n"], rows["n_recoveries"], strict=True)]
    rows = rows.assign(found=pd.Series(found, index=rows.index, dtype="str"), state=_states(rows))
    columns = {
        "service": ("Service", "text"),
        "finding": ("Finding", "text"),
        "state": ("State", "text"),
        "found": ("Found in", "text"),
        "n_services": ("Services", "count"),
        "first_at": ("First", "moment"),
        "last_at": ("Last", "moment"),
    }
    caption = "Findings of drills and recoveries that are open or came back" if len(findings) else NO_FINDINGS
    caption += f" ({left_out} more not shown)" if left_out else ""
    return display_table(rows, columns, caption=caption)


def findings_sentence(findings: pd.DataFrame) -> Sentence:
    """How many findings there were, how many are open, how many came back and which came back most."""
    if findings.empty:
        return Sentence(NO_FINDINGS)
    is_open, back = findings["state"] == "open", findings["came_back"].astype(bool)
    services, n = findings["service"].nunique(), len(findings)
    text = f"Drills and recoveries of {services} service{'s' if services > 1 else ''}"
    text += f" recorded {n} finding{'s' if n > 1 else ''}"
    text += f": {show(is_open.sum(), 'count')} open, **{show(back.sum(), 'count')} came back** in a later one"
    text += f", {show((is_open & back).sum(), 'count')} of these still open" if back.any() else ""
    relapsed = int(findings["after_fix"].sum())
    text += (
        f"; {relapsed} came back after {'they were' if relapsed > 1 else 'it was'} said to be fixed" if relapsed else ""
    )
    most = findings.sort_values(["n_services", "n"], ascending=False, kind="stable").iloc[0]
    if most["n_services"] > 1:
        text += f". “{most['finding']}” was found in {show(most['n_services'], 'count')} services"
    return Sentence(f"{text}.")


def disruptions_table(disruptions: pd.DataFrame) -> DisplayTable:
    """The longest single disruption of each service that had one, or has an MTPD."""
    rows = disruptions[(disruptions["n"] > 0) | disruptions["objective"].notna()]
    remarks = [_remark(*row) for row in rows[["rto_over_mtpd", "n_drills_over", "n_tolerable"]].itertuples(index=False)]
    rows = rows.assign(
        remark=pd.Series(remarks, index=rows.index, dtype="str"),
        longest_source=rows["longest_source"].fillna(""),
        longest_id=rows["longest_id"].fillna(""),
    )
    columns = {
        "service": ("Service", "text"),
        "verdict": ("Verdict", "text"),
        "objective": ("Tolerable (MTPD)", "hours"),
        "longest_hours": ("Longest", "hours"),
        "longest_source": ("Known from", "text"),
        "longest_id": ("Which", "text"),
        "longest_started_at": ("Began", "moment"),
        "n": ("Disruptions", "count"),
        "n_over": ("Longer", "count"),
        "n_censored": ("Without an end", "count"),
    }
    columns |= {"minimum_capacity": ("Minimum capacity", "share")} if rows["minimum_capacity"].notna().any() else {}
    columns |= {"remark": ("Remark", "text")} if (rows["remark"] != "").any() else {}
    return display_table(rows, columns, caption="The longest single disruption, by incidents and real recoveries")


def _remark(rto_over, drills: int, tolerable: int) -> str:
    parts = ["the RTO is longer than the MTPD"] if pd.notna(rto_over) and rto_over else []
    parts += [f"drills not back within it: {drills}"] if drills else []
    parts += [f"within the minimum capacity, not counted: {tolerable}"] if tolerable else []
    return "; ".join(parts)


def _states(rows: pd.DataFrame) -> pd.Series:
    """The state in words, with what came back after it was said to be fixed."""
    return rows["state"].mask(rows["after_fix"].astype(bool), rows["state"] + ", back after a fix").astype("str")
