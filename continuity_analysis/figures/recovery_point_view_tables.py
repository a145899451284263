"""Tables and sentences on exposure from other sides."""

import pandas as pd

from continuity_analysis.figures.display_tables import DisplayTable, display_table
from continuity_analysis.figures.sentences import Sentence
from continuity_analysis.words import show

_EVIDENCE = ("no listing shows it", "backup not on record")


def exposure_views_table(views: pd.DataFrame, *, by: str = "service") -> DisplayTable:
    """Every view of every service that something is known of: its law, or why there is none."""
    views = views[views["reason"].isna().groupby(views["view"]).transform("any")]
    rows = views.assign(
        p95=[_range(*v) for v in views[["p95_low_hours", "p95_hours"]].itertuples(index=False)],
        worst=[_range(*v) for v in views[["worst_low_hours", "worst_hours"]].itertuples(index=False)],
    )
    columns = {
        by: (by.capitalize(), "text"),
        "view": ("Counting", "text"),
        "p50_hours": ("P50", "hours"),
        "p95": ("P95", "text"),
        "worst": ("Worst", "text"),
        "unprotected_share": ("Unprotected", "share"),
        "objective": ("Objective", "hours"),
        "share_over_objective": ("Time over it", "share"),
        "n": ("Recovery points", "count"),
        "reason": ("Why unknown", "text"),
    }
    return display_table(rows, columns, caption="Hours of data at risk, by what is relied on")


def at_incidents_table(at_incidents: pd.DataFrame) -> DisplayTable:
    """Data at risk when incidents began, beside a random moment."""
    rows = at_incidents[(at_incidents["n"] > 0) | (at_incidents["n_unknown"] > 0)]
    words = rows["verdict"].map({"worse": "worse than chance", "no evidence": "no evidence that they are worse"})
    p = [show(None, "text") if pd.isna(p) else f"{p:.2g}" for p in rows["p_adjusted"]]
    columns = {
        "service": ("Service", "text"),
        "n": ("Incidents", "count"),
        "n_unknown": ("Unknown", "count"),
        "median_hours": ("At their start (median)", "hours"),
        "random_median_hours": ("At a random moment (median)", "hours"),
        "worst_hours": ("Worst start", "hours"),
        "share_worse": ("In the worse half (95 % interval)", "share", "low", "high"),
        "p": ("p-value", "text"),
        "words": ("Which is", "text"),
        "lost": ("Point gone when noticed", "text"),
    }
    lost = [f"{k} of {n}" if n else "" for k, n in zip(rows["n_lost"], rows["n_noticed"], strict=True)]
    rows = rows.assign(words=words.fillna(rows["reason"]), p=p, lost=lost)
    return display_table(rows, columns, caption="Data at risk when incidents began, against a random moment")


def incident_exposures_table(incidents: pd.DataFrame, *, n: int = 10) -> DisplayTable:
    """The `n` incidents that began with most data at risk."""
    there = incidents["survived"].map({True: "yes", False: "no"}).astype(object).fillna("not known")
    rows = incidents.assign(there=there)[incidents["hours"].notna()].head(n)
    columns = {
        "service": ("Service", "text"),
        "title": ("Incident", "text"),
        "started_at": ("Started", "moment"),
        "hours": ("Data at risk", "hours"),
        "position": ("Moments with less", "share"),
        "there": ("Point still there when noticed", "text"),
    }
    said = f"The incidents that began with most data at risk ({len(rows)} shown)"
    return display_table(rows, columns, caption=said if len(rows) else "No incident began while the exposure was known")


def retention_depth_table(depth: pd.DataFrame, *, by: str = "service") -> DisplayTable:
    """How far back one could go, and the chance that this is far enough, by how late an intrusion is found."""
    chances = [c for c in depth if c.startswith("chance_") and not c.endswith("_high")]
    hours = {f"{c}_h": depth[f"{c}_days"] * 24 for c in ("min", "p5", "median", "last")}
    cells = {c: [_range(*v, unit="share") for v in depth[[c, f"{c}_high"]].itertuples(index=False)] for c in chances}
    cells |= {f"{c}_h": [_range(*v) for v in (depth[[f"{c}_days", f"{c}_days_high"]] * 24).itertuples(index=False)]
              for c in ("min", "p5", "median")}  # fmt: skip
    columns = {by: (by.capitalize(), "text"), "min_h": ("Least", "text"), "p5_h": ("For 95 % of the time", "text")}
    columns |= {"median_h": ("Median", "text"), "last_h": ("Last known", "hours")}
    columns |= {c: (f"Found after {c[7:-1]} d: point still there", "text") for c in chances}
    return display_table(depth.assign(**hours | cells), columns, caption="How far back one could go")


def realised_loss_table(loss: pd.DataFrame, *, n: int = 20) -> DisplayTable:
    """The `n` newest recoveries of which the disruption is known: what they lost, and whether a log shows the point."""
    rows = loss[loss["lost_hours"].notna()].head(n)
    columns = {
        "service": ("Service", "text"),
        "kind": ("Kind", "text"),
        "disrupted_at": ("Disrupted", "moment"),
        "recovery_point_at": ("Went back to", "moment"),
        "lost_hours": ("Lost", "hours"),
        "at_risk_hours": ("At risk by the logs", "hours"),
        "evidence": ("That point", "text"),
    }
    return display_table(rows, columns, caption="Data lost in recoveries and drills")


def exposure_views_sentence(views: pd.DataFrame, *, by: str = "service") -> Sentence:
    """How much more is at risk if only proven backups count, and what nothing is known of."""
    both = (
        views.pivot(index=by, columns="view", values="p95_hours")
        .reindex(columns=["all", "proven"])
        .dropna(subset="all")
    )
    if both.empty:
        return Sentence("No backup listing vouches for any moment of the period: what would be lost is unknown.")
    proven = both["proven"].dropna()
    text = f"**{len(proven)} of {len(both)}** {by}s have backups that a restore or a full read has proven"
    if len(proven):
        before, after = both.loc[proven.index, "all"], proven
        text += f"; counting those alone, P95 of the {by} in the middle goes from {show(_middle(before), 'hours')} to "
        text += f"**{show(_middle(after), 'hours')}**"
    lacking = views[views["reason"].notna() & views["view"].isin(["off-site", "loss of primary"])]
    nothing = [
        f"{view} ({rows['reason'].iloc[0]})"
        for view, rows in lacking.groupby("view")
        if len(rows) == len(views) // views["view"].nunique()
    ]
    return Sentence(f"{text}." + (f" Nothing is known of: {'; '.join(nothing)}." if nothing else ""))


def at_incidents_sentence(at_incidents: pd.DataFrame) -> Sentence:
    """Whether incidents begin when more than usual is at risk."""
    whole = at_incidents[at_incidents["service"] == "all services"].iloc[0]
    if whole["n"] == 0:
        return Sentence("No unplanned incident began while somebody was watching the backups.")
    half, worst = (show(whole[c], "hours") for c in ("median_hours", "worst_hours"))
    text = f"When {whole['n']} incidents began, half of them had at least {half} of data at risk, the worst {worst}; "
    text += f"{whole['n_worse']} fell into the worse half of "
    if pd.isna(whole["p_value"]):
        return Sentence(f"{text}the time. Too few to say whether that is chance.")
    caution = "; incidents that set off each other make this look too sure" if whole["verdict"] == "worse" else ""
    words = {"worse": "more than chance would give", "no evidence": "no evidence of more than chance"}
    return Sentence(f"{text}the time: **{words[whole['verdict']]}** (p = {whole['p_value']:.2g}{caution}).")


def retention_sentence(depth: pd.DataFrame, *, by: str = "service") -> Sentence:
    """Which service goes back least."""
    known = depth[depth["p5_days"].notna()].sort_values("p5_days", kind="stable")
    if known.empty:
        return Sentence("No backup was seen: how far back one could go is unknown.")
    row = known.iloc[0]
    reach = _range(row["p5_days"] * 24, row["p5_days_high"] * 24)
    text = f"Of {len(known)} {by}s **{row[by]}** goes back least: {reach} for 95 % of the time."
    return Sentence(f"{text} What began longer before it is found may have no point left.")


def realised_loss_sentence(loss: pd.DataFrame) -> Sentence:
    """What real recoveries lost, and how many went back to points no log shows."""
    known = loss[loss["lost_hours"].notna()]
    real = known[known["kind"] == "restore"]
    text = f"{len(real)} real {'recovery' if len(real) == 1 else 'recoveries'} and {len(known) - len(real)} "
    text += "drill " if len(known) - len(real) == 1 else "drills "
    text += "with a known loss are on record"
    text += f"; really lost were {show(real['lost_hours'].max(), 'hours')} at worst" if len(real) else ""
    gaps = int(loss["evidence"].isin(_EVIDENCE).sum())
    shown = int(loss["evidence"].isin([*_EVIDENCE, "on record"]).sum())
    return Sentence(f"{text}. **{gaps} of {shown}** went back to a point or backup that no listing shows.")


def _middle(hours: pd.Series) -> float:
    return float(hours.sort_values().iloc[len(hours) // 2])


def _range(low: float, high: float, *, unit: str = "hours") -> str:
    """Both ends where they read differently; a bound where only one is known."""
    first, last = show(low, unit), show(high, unit)
    if pd.isna(low) != pd.isna(high) and high != float("inf"):
        return f"at most {last}" if pd.isna(low) else f"at least {first}"
    return last if first == last or pd.isna(low) else f"{first} to {last}"
