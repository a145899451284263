"""What was asked and served, how fast, and where incidents tell otherwise: tables and a sentence."""

import pandas as pd

from continuity_analysis.figures.display_tables import DisplayTable, display_table
from continuity_analysis.figures.sentences import Sentence
from continuity_analysis.words import show


def requests_table(requests: pd.DataFrame) -> DisplayTable:
    """Request availability, latency and bad minutes per service, with bounds and promises."""
    columns = {
        "service": ("Service", "text"),
        "verdict": ("Verdict", "text"),
        "request_availability": ("Served (bounds)", "ratio", "request_availability_low", "request_availability_high"),
        "objective": ("Objective", "ratio"),
        "n": ("n", "count"),
        "failed": ("Failed", "count"),
        "rejected": ("Refused, not counted", "count"),
        "bad_hours": ("Bad minutes", "hours"),
        "bad_minute_availability": ("Minutes not bad", "ratio"),
        "logged": ("Time logged", "share"),
    }
    unclear = requests["verdict"].isin(["INSUFFICIENT", "AT_RISK"])
    columns |= {"reason": ("Why", "text")} if unclear.any() else {}
    return display_table(requests, columns, caption="Requests served, lowest first")


def latency_table(requests: pd.DataFrame) -> DisplayTable:
    """Share of served requests answered within the limit, where one is promised."""
    rows = requests[requests["latency_under_seconds"].notna()]
    limit = (1000 * rows["latency_under_seconds"]).map("{:,.6g} ms".format)
    rows = (
        rows.assign(limit=limit.astype("str"))
        .drop(columns=["verdict", "reason"])
        .rename(columns={"latency_verdict": "verdict"})
    )
    columns = {
        "service": ("Service", "text"),
        "verdict": ("Verdict", "text"),
        "limit": ("Limit", "text"),
        "latency_share": ("Within it (at least, at most)", "ratio", "latency_share", "latency_share_most"),
        "latency_objective": ("Objective", "ratio"),
        "served": ("n", "count"),
        "latency_reason": ("Why", "text"),
    }
    caption = "Requests answered within the limit" if len(rows) else "No response time is promised"
    return display_table(rows, columns, caption=caption)


def agreement_table(agreement: pd.DataFrame) -> DisplayTable:
    """How long requests and incidents agreed."""
    columns = {
        "service": ("Service", "text"),
        "both_bad_hours": ("Both bad", "hours"),
        "only_requests_hours": ("Only requests bad", "hours"),
        "only_incidents_hours": ("Only incidents down", "hours"),
        "both_good_hours": ("Both good", "hours"),
        "unwatched_hours": ("No one watched for incidents", "hours"),
        "overlap": ("Agree, of what either calls bad", "share"),
    }
    return display_table(
        agreement, columns, caption="Requests and incidents, over minutes with enough requests to tell"
    )


def disagreements_table(disagreements: pd.DataFrame, *, n: int = 20) -> DisplayTable:
    """The `n` longest stretches in which requests and incidents disagree."""
    columns = {
        "service": ("Service", "text"),
        "kind": ("What disagrees", "text"),
        "start": ("From", "moment"),
        "end": ("Until", "moment"),
        "hours": ("Minutes with enough requests", "hours"),
        "asked": ("Requests", "count"),
        "failed": ("Failed", "count"),
        "title": ("Incident", "text"),
    }
    caption = f"Where requests and incidents disagree ({len(disagreements):,} cases)"
    if disagreements.empty:
        caption = "Requests and incidents disagree nowhere"
    return display_table(disagreements.head(n), columns, caption=caption)


def requests_sentence(requests: pd.DataFrame, period) -> Sentence:
    """How many requests were logged, how many failed, and what part of the time logs speak of."""
    rows = requests[requests["n"] > 0]
    if rows.empty:
        return Sentence(f"No access log speaks of {period.name}: how many requests were served is unknown.")
    n, failed = show(rows["n"].sum(), "count"), show(rows["failed"].sum(), "count")
    text = f"{n} requests of {len(rows)} services were logged in {period.name}, of which **{failed} failed**."
    least = rows.sort_values("logged").iloc[0]
    if least["logged"] < 1 - 1e-9:
        text += f" Logs do not speak of all of the time: for {least['service']} of {show(least['logged'], 'share')}."
    return Sentence(text)
