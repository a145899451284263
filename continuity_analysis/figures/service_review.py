"""One service on one page: the answer in a sentence, what changed, its incidents and why, what the numbers rest on."""

import pandas as pd

from continuity_analysis.figures.display_tables import OBJECTIVES, VERDICTS, DisplayTable, display_table
from continuity_analysis.figures.sentences import Sentence
from continuity_analysis.words import show

_WORDS = {"BREACHED": "breached", "AT_RISK": "at risk", "INSUFFICIENT": "without enough evidence", "MET": "met"}
NOT_TESTED = ", not tested"
INCIDENTS_AT_MOST = 25


def review_sentence(review) -> Sentence:
    """How many objectives of a service were met, which were not, and how often it failed.

    Parameters
    ----------
    review : Answers
        As `continuity_analysis.service_review` returns it.
    """
    card = review.scorecard
    judged = card[card["verdict"] != "NOT_SET"]
    if judged.empty:
        text = f"**No objective is set for {review.service}**, so nothing can be judged for {review.period.name}."
    else:
        counts = judged["verdict"].value_counts()
        parts = ", ".join(f"{counts[v]} {_WORDS[v]}" for v in VERDICTS if v in counts)
        several = f"{len(judged)} objectives" if len(judged) > 1 else "one objective"
        text = f"**In {review.period.name}, of {several} of {review.service}: {parts}.**"
    counted = review.incidents[review.incidents["excluded"].isna()]
    still = int(counted["censored"].sum())
    text += f" {len(counted) or 'No'} unplanned incident{'' if len(counted) == 1 else 's'} counted"
    text += f", {still} of them still open" if still else ""
    return Sentence(f"{text}; as of {show(review.as_of, 'moment')}.")


def without_service(table: DisplayTable) -> DisplayTable:
    """A table without the column that names the service, which is the same in every row of a page about one."""
    if "Service" not in table.columns or len(table.columns) == 1:
        return table
    at = table.columns.index("Service")
    verdicts = tuple(place - (place > at) for place in table.verdict_columns)
    return DisplayTable(
        table.caption,
        table.columns[:at] + table.columns[at + 1 :],
        tuple(row[:at] + row[at + 1 :] for row in table.rows),
        tuple(row[:at] + row[at + 1 :] for row in table.values),
        verdicts,
    )


def changes_table(review) -> DisplayTable:
    """Objective by objective beside the period before, and whether the change is more than noise."""
    card = review.scorecard
    rows = card[card["achieved"].notna() | card["previous"].notna()]
    rows = rows.assign(objective=rows["objective"].map(OBJECTIVES), said=_noise(rows["change"]))
    columns = {
        "objective": ("Objective", "text"),
        "previous": (review.period.previous().name, "unit"),
        "achieved": (review.period.name, "unit"),
        "said": ("Change", "text"),
        "n": ("n", "count"),
    }
    caption = "Against the period before" if len(rows) else "Nothing was measured in this period or the one before"
    return display_table(rows, columns, caption=caption)


def change_sentence(review) -> Sentence:
    """Whether incidents took longer than in the period before, or come more often, as far as the evidence goes."""
    said = []
    for row in review.compared.itertuples():
        numbers = f"{row.n_first} incidents in {row.first}, {row.n_second} in {row.second}"
        said.append(f"Time to restore against the period before: **{row.verdict}** ({numbers}).")
    for row in review.trends.itertuples():
        n = f"{row.n} failure{'s' if row.n != 1 else ''} on record"
        said.append(f"Whether failures come more or less often: **{row.verdict}** ({n}).")
    said = said or ["No incident is on record, so there is nothing to compare."]
    noise = "What is not tested only describes: a difference between two periods may be chance."
    return Sentence(" ".join([*said, noise]))


def _noise(change: pd.Series) -> pd.Series:
    """The words of the scorecard; what was not tested says that it may be chance."""
    return change.fillna("unknown").str.replace(NOT_TESTED, "; not tested, may be chance", regex=False)


def review_incidents_table(review, *, n: int = INCIDENTS_AT_MOST) -> DisplayTable:
    """The `n` longest incidents with their cause and, where one does not count, why."""
    rows = review.incidents.sort_values("hours", ascending=False, na_position="last")
    counts = rows["excluded"].mask(rows["excluded"].notna(), "no: " + rows["excluded"].fillna("")).fillna("yes")
    remarks = [
        ", ".join(t for t in pair if isinstance(t, str))
        for pair in zip(rows["remark"], rows["correction"], strict=True)
    ]
    ended = rows["censored"].map({True: "still open", False: "restored"}).where(rows["hours"].notna(), "not known")
    rows = rows.assign(counts=counts, remarks=pd.array(remarks, dtype="str"), ended=ended)
    columns = {
        "started_at": ("Started", "moment"),
        "title": ("Incident", "text"),
        "severity": ("Severity", "count"),
        "cause": ("Cause", "text"),
        "hours": ("Lasted", "hours"),
        "ended": ("End", "text"),
        "counts": ("Counts in time to restore", "text"),
    }
    columns |= {"remarks": ("Remark", "text")} if any(remarks) else {}
    which = f"The {n} longest of {len(rows)} incidents" if len(rows) > n else "Incidents, longest first"
    return display_table(rows.head(n), columns, caption=which if len(rows) else "No incident in this period")


def caveats_table(review) -> DisplayTable:
    """What stands behind this service's numbers that a reader must know: gaps, assumptions, corrections."""
    said = [*_unwatched(review), *_of_scorecard(review.scorecard), *_of_incidents(review)]
    said += [("Correction", f"{r.incident_id}: {r.what}", r.because) for r in review.corrections.itertuples()]
    unknown = review.readiness[review.readiness["result"] == "UNKNOWN"]
    if len(unknown):
        said.append(("Readiness", f"{len(unknown)} of {len(review.readiness)} checks are unknown", ""))
    rows = pd.DataFrame(said, columns=["about", "what", "why"], dtype="str")
    columns = {"about": ("About", "text"), "what": ("What to know", "text"), "why": ("Why, or what to do", "text")}
    caption = "What these numbers rest on" if len(rows) else "Nothing was assumed, left out or corrected"
    return display_table(rows, columns, caption=caption)


def _unwatched(review) -> list[tuple[str, str, str]]:
    known = review.availability
    if known.empty or known["coverage"].isna().all():
        return [("Availability", "no source watched it in this period", "add an export that speaks of its components")]
    covered = known["coverage"].iloc[0]
    if covered >= 1:
        return []
    return [("Availability", f"watched {show(covered, 'share')} of the agreed hours", "the rest is in the bounds")]


def _of_scorecard(card: pd.DataFrame) -> list[tuple[str, str, str]]:
    names = card["objective"].map(OBJECTIVES)
    assumed = [(name, text, "") for name, text in zip(names, card["assumed"], strict=True) if isinstance(text, str)]
    early = card["provisional"].astype(bool)
    late = [("Verdicts", f"{int(early.sum())} are provisional", "the period is not over")] if early.any() else []
    weak = card["verdict"] == "INSUFFICIENT"
    lacks = [
        (name, "not enough evidence for a verdict", why if isinstance(why, str) else "")
        for name, why in zip(names[weak], card.loc[weak, "reason"], strict=True)
    ]
    return [*late, *lacks, *assumed]


def _of_incidents(review) -> list[tuple[str, str, str]]:
    left_out = review.incidents["excluded"].dropna().value_counts()
    return [("Time to restore", f"{n} incident{'s' if n > 1 else ''} left out", why) for why, n in left_out.items()]
