"""Headlines printed by code: each says what was found, out of how many, and what is not known."""

import pandas as pd

from continuity_analysis.figures.display_tables import OBJECTIVES, VERDICTS
from continuity_analysis.words import show, show_interval

HEADLINE = "application/vnd.continuity.headline+json"
_WORDS = {"BREACHED": "breached", "AT_RISK": "at risk", "INSUFFICIENT": "without enough evidence", "MET": "met"}


class Sentence(str):
    """Text that a notebook shows as a paragraph."""

    __slots__ = ()

    def _repr_markdown_(self) -> str:
        return str(self)

    def __repr__(self) -> str:
        return str(self)


class Finding(Sentence):
    """A paragraph whose message, in few words, is the title of its slide.

    Pages show the paragraph. A slide has `headline` as its title, shows `brief` where there is one, and gives the whole
    paragraph to the speaker; else it shows the paragraph.
    """

    __slots__ = ("brief", "headline")

    def __new__(cls, text: str, *, headline: str, brief: str = "") -> "Finding":
        """A paragraph, its message in few words, and what of it a slide shows."""
        made = super().__new__(cls, text)
        made.headline, made.brief = headline, brief
        return made

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        return {
            "text/markdown": str(self),
            "text/plain": str(self),
            HEADLINE: {"headline": self.headline, "brief": self.brief},
        }


def headline(scorecard: pd.DataFrame, period) -> Sentence:
    """The answer in one paragraph: how many objectives were met, which were not, what could not be judged."""
    judged = scorecard[scorecard["verdict"] != "NOT_SET"]
    if judged.empty:
        n = scorecard["service"].nunique()
        return Sentence(
            f"**No objective is set for any of the {n} services**, so nothing can be judged for {period.name}: "
            "add objectives to services.yaml. What was measured stands below."
        )
    counts = judged["verdict"].value_counts()
    parts = [f"{counts[v]} {_WORDS[v]}" for v in VERDICTS if v in counts]
    services = judged["service"].nunique()
    text = f"**In {period.name}, of {len(judged)} objectives of {services} services: {listed(parts)}.**"
    breached = judged[judged["verdict"] == "BREACHED"]
    if len(breached):
        worst = [f"{s} ({listed(_names(rows))})" for s, rows in breached.groupby("service", sort=False)]
        text += f" Breached: {listed(shortened(worst, 6))}."
    return Sentence(text)


def scope(logs, period) -> Sentence:
    """What the answer speaks of: period, moment, services, files."""
    window = f"{show(period.start, 'moment')} to {show(period.end, 'moment')}"
    text = f"{period.name} ({window}), as of {show(logs.as_of, 'moment')}, from {len(logs.exports)} exports."
    if logs.as_of < period.end:
        text += " **The period is not over: every verdict is provisional.**"
    return Sentence(text)


def availability_sentence(availability: pd.DataFrame, period) -> Sentence:
    """How many services were watched, met their objective, and which was lowest of those watched half the time."""
    known = availability[availability["low"].notna()]
    if known.empty:
        return Sentence(
            f"No source watched any of the {len(availability)} services in {period.name}: availability is unknown."
        )
    text = f"Of {len(availability)} services, {len(known)} were watched in {period.name}. {_verdicts(known)}"
    watched = known[known["coverage"] >= 0.5]
    lowest = (watched if len(watched) else known).sort_values("availability").iloc[0]
    if lowest["availability"] < 1:
        shown = show_interval(lowest["availability"], lowest["low"], lowest["high"], unit="ratio")
        down = show(lowest["down_hours"], "hours")
        failures = f"{show(lowest['n'], 'count')} {'failure' if lowest['n'] == 1 else 'failures'}"
        text += f" The lowest was **{lowest['service']}** at {shown}: {down} down in {failures}."
    return Sentence(text)


def restoration_sentence(restoration: pd.DataFrame, period) -> Sentence:
    """The median and P90 over all services, with intervals and sample size."""
    every = restoration[restoration["service"] == "all services"]
    if every.empty or every.iloc[0]["n"] == 0:
        return Sentence(f"No unplanned incident started in {period.name}.")
    row = every.iloc[0]
    text = f"{show(row['n'], 'count')} incidents started in {period.name}"
    text += f", {show(row['n_censored'], 'count')} of them still open" if row["n_censored"] else ""
    if pd.isna(row["median_hours"]):
        return Sentence(f"{text}: too few were restored for a median.")
    median = show_interval(row["median_hours"], row["low"], row["high"], unit="hours")
    text += f". Half were restored within **{median}**"
    if not pd.isna(row["p90_hours"]):
        text += f", nine in ten within {show_interval(row['p90_hours'], row['p90_low'], row['p90_high'], unit='hours')}"
    return Sentence(f"{text}.")


def recovery_point_sentence(recovery_point: pd.DataFrame, period, *, by: str = "service") -> Sentence:
    """How much data would have been lost at a random moment, and at the worst one; by tier, what is in none."""
    if by == "tier" and recovery_point.empty:
        return Sentence("No service that has or needs backups states a tier in services.yaml.")
    known = recovery_point[recovery_point["covered_hours"] > 0]
    if known.empty:
        return Sentence(f"No backup listing vouches for any moment of {period.name}: what would be lost is unknown.")
    text = f"Backups of {len(known)} {by}s were seen in {period.name}. {_verdicts(known)}"
    if by == "tier":
        text += (
            f" Services that have or need backups and state no tier, and are in none: {known['n_without_tier'].max()}."
        )
    worst = known.sort_values("worst_hours", ascending=False).iloc[0]
    if worst["unprotected_share"] > 0:
        share = show(worst["unprotected_share"], "share")
        return Sentence(f"{text} **{worst[by]}** could not have been recovered at all for {share} of the time.")
    return Sentence(f"{text} At the worst moment **{worst[by]}** had {show(worst['worst_hours'], 'hours')} at risk.")


def recovery_time_sentence(recovery_time: pd.DataFrame) -> Sentence:
    """How many recoveries and drills there were, how many were in time, what they prove."""
    n = int(recovery_time["n"].sum())
    stale = int(recovery_time["n_stale"].sum())
    if n == 0:
        old = f"{stale} drills and recoveries are on record, all too old to count"
        said = old if stale else "No drill and no recovery was recorded"
        return Sentence(f"{said}: how long recovery would take is unknown.")
    tried, met = int(recovery_time["n_evaluable"].sum()), int(recovery_time["n_met"].sum())
    text = f"{n} recoveries and drills are on record for {(recovery_time['n'] > 0).sum()} services"
    text += f"; **{met} of {tried}** that can be held against an objective were in time" if tried else ""
    text += f"; {stale} older ones no longer count" if stale else ""
    text += _most_proven(recovery_time)
    unproven = recovery_time[(recovery_time["n"] == 0) & recovery_time["objective"].notna()]["service"].to_list()
    text += f". Promised but never tried: {listed(shortened(unproven, 8))}" if unproven else ""
    return Sentence(f"{text}.")


def _most_proven(recovery_time: pd.DataFrame) -> str:
    """What the slowest recovery bounds, of the service where that is most."""
    known = recovery_time[recovery_time["slowest_bounds_share"].notna()]
    if known.empty:
        return ""
    row = known.sort_values(["slowest_bounds_share", "service"], ascending=[False, True]).iloc[0]
    n = row["n"] - row["n_data_only"] - row["n_failed"]
    which = "those that come back" if row["n_failed"] else "recoveries"
    within = f"{show(row['slowest_restored_hours'], 'hours')}, the slowest of {n:.0f} (one-sided, 95 %)"
    share = percentile(row["slowest_bounds_share"])
    return f". Most is proven of **{row['service']}**: at least {share} % of {which} end within {within}"


def percentile(share: float) -> int:
    """The percentile that a share reaches for certain: 68 for 0.6877."""
    return int(100 * share + 1e-9)


def quality_sentence(quality: dict[str, pd.DataFrame]) -> Sentence:
    """How many files and records were read, and what was set aside."""
    files = quality["files"][quality["files"]["format"].notna()]
    counts = {c: show(files[c].sum(), "count") for c in ("records", "used", "ignored", "rejected")}
    text = f"{len(files)} files hold" if len(files) != 1 else "One file holds"
    text += f" {counts['records']} records: {counts['used']} used, "
    text += f"{counts['ignored']} ignored with a reason, **{counts['rejected']} rejected**."
    if n := len(quality["files"]) - len(files):
        text += f" {n} file{'s' if n > 1 else ''} gave nothing."
    if n := len(quality["unclaimed"]):
        text += f" {n} components and assets are" if n > 1 else " One component or asset is"
        text += " claimed by no service."
    return Sentence(text)


def _verdicts(frame: pd.DataFrame) -> str:
    counts = frame["verdict"].value_counts()
    parts = [f"{counts[v]} {_WORDS[v]}" for v in VERDICTS if v in counts and v in _WORDS]
    unset = int(counts.get("NOT_SET", 0))
    text = f"Against their objectives: {listed(parts)}." if parts else "None has an objective."
    return text + (f" {unset} have no objective." if parts and unset else "")


def _names(rows: pd.DataFrame) -> list[str]:
    words = [OBJECTIVES[o].partition(" (")[0] for o in rows["objective"]]
    return [w[0].lower() + w[1:] for w in words]


def shortened(items: list[str], n: int) -> list[str]:
    """The first n of the items, and how many more there are in place of the rest."""
    return items if len(items) <= n else [*items[:n], f"{len(items) - n} more"]


def listed(items: list[str]) -> str:
    """Words as a list: "a, b and c"."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""
