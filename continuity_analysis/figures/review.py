"""The quarterly review, slide by slide: the paragraph that answers, and its message as the title of the slide."""

import pandas as pd

from continuity_analysis.figures import sentences
from continuity_analysis.figures.comparisons import comparison_sentence
from continuity_analysis.figures.readiness import readiness_sentence
from continuity_analysis.figures.readiness_words import CHECKS
from continuity_analysis.figures.scenario_words import as_good_as_the_best, scenario_sentence
from continuity_analysis.figures.scenarios import ALL, TODAY
from continuity_analysis.figures.sentences import Finding
from continuity_analysis.models.comparisons import TOO_FEW, UNCHANGED
from continuity_analysis.words import show

_SHORT = {"MET": "met", "BREACHED": "breached", "AT_RISK": "at risk", "INSUFFICIENT": "not proven"}


def answer(scorecard: pd.DataFrame, period) -> Finding:
    """How many objectives were met, breached, at risk or not proven."""
    counts = scorecard["verdict"].value_counts()
    n = int(counts.drop("NOT_SET", errors="ignore").sum())
    parts = [f"{counts[v]} {words}" for v, words in _SHORT.items() if counts.get(v, 0)]
    said = f"{period.name}: of {n} objectives {sentences.listed(parts)}" if n else f"{period.name}: no objective is set"
    text = sentences.headline(scorecard, period)
    return Finding(text, headline=said, brief=_after(text, "** ") if n else "")


def availability_finding(availability: pd.DataFrame, period) -> Finding:
    """Which services were down for longer than their objective allows."""
    breached = availability.loc[availability["verdict"] == "BREACHED", "service"].to_list()
    judged = availability["verdict"].isin(["MET", "AT_RISK", "BREACHED"]).sum()
    said = f"{len(breached)} of {judged} services {_was(breached)} down longer than allowed: {_named(breached)}"
    if not breached:
        said = f"None of {judged} services was down longer than its objective allows"
        said = said if judged else "No objective for availability can be judged"
    text = sentences.availability_sentence(availability, period)
    return Finding(text, headline=said, brief=_from(text, "The lowest was"))


def incidents_finding(durations: pd.DataFrame) -> Finding:
    """The longest disruption, out of how many."""
    rows = durations[durations["excluded"].isna() & durations["hours"].notna()]
    if rows.empty:
        return Finding("No disruption of the period can be measured.", headline="No disruption was recorded")
    longest = rows.sort_values("hours", ascending=False).iloc[0]
    length, n_open = show(longest["hours"], "hours"), int(rows["censored"].sum())
    lasted = f"has lasted {length} and is still open" if longest["censored"] else f"lasted {length}"
    share = rows.nlargest(8, "hours")["hours"].sum() / rows["hours"].sum() if rows["hours"].sum() else 0.0
    text = f"{len(rows)} disruptions began in the period, {n_open} of them still open. The {min(8, len(rows))} longest "
    text += f"took {show(round(share, 2), 'share')} of all hours of disruption."
    return Finding(text, headline=f"The longest of {len(rows)} disruptions, of {longest['service']}, {lasted}")


def restoration_finding(restoration: pd.DataFrame, compared: pd.DataFrame, period) -> Finding:
    """The median, and whether it changed or that is noise."""
    text = sentences.restoration_sentence(restoration, period)
    every = restoration[restoration["service"] == "all services"]
    median = every["median_hours"].iloc[0] if len(every) else float("nan")
    if pd.isna(median):
        return Finding(text, headline="Too few incidents were restored to say how long it takes")
    said = f"Half of the incidents were restored within {show(median, 'hours')}"
    whole = compared[compared[compared.columns[0]] == "all services"]
    if len(whole):
        verdict, first = whole.iloc[0][["verdict", "first"]]
        words = {UNCHANGED: f"no evidence of a change against {first}", TOO_FEW: "too few to tell a change from noise"}
        said += f": {words.get(verdict, f'that is {verdict} than in {first}, and not noise')}"
        brief = text
        text = f"{text} {comparison_sentence(compared)}"
        return Finding(text, headline=said, brief=f"{brief} {_from(text, 'Over all services')}")
    return Finding(text, headline=said)


def exposure_finding(recovery_point: pd.DataFrame, period) -> Finding:
    """How many services had more data at risk than promised."""
    judged = recovery_point[recovery_point["verdict"].isin(["MET", "AT_RISK", "BREACHED"])]
    n = int((judged["verdict"] == "BREACHED").sum())
    said = f"{n} of {len(judged)} services had more data at risk than promised"
    said = said if len(judged) else "Whether data was at risk longer than promised cannot be judged"
    text = sentences.recovery_point_sentence(recovery_point, period)
    brief = f"**{_after(text, '. **')}" if ". **" in text else ""
    return Finding(text, headline=said, brief=brief)


def drills_finding(recovery_time: pd.DataFrame) -> Finding:
    """How many recoveries were in time, and where none was ever tried."""
    tried, met = int(recovery_time["n_evaluable"].sum()), int(recovery_time["n_met"].sum())
    late = recovery_time[recovery_time["n_met"] < recovery_time["n_evaluable"]]["service"].to_list()
    said = f"{met} of {tried} recoveries and drills were in time" if tried else "No recovery can be held against an RTO"
    said += f"; not always those of {_named(late)}" if late else ""
    text = sentences.recovery_time_sentence(recovery_time)
    n, services = int(recovery_time["n"].sum()), int((recovery_time["n"] > 0).sum())
    brief = f"{n} are on record for {services} services; only end-to-end ones with an objective can be held against it."
    return Finding(text, headline=said, brief=brief if tried else "")


def readiness_finding(checks: pd.DataFrame) -> Finding:
    """How many checks failed, and which one most often."""
    failed = checks[checks["result"] == "FAIL"]["check"].value_counts().sort_index()
    failed = failed.sort_values(ascending=False, kind="stable")
    n = int(checks["result"].isin(["FAIL", "UNKNOWN", "PASS"]).sum())
    said = f"None of {n} readiness checks failed" if n else "No service is known, so that nothing can be checked"
    if len(failed):
        most = CHECKS[failed.index[0]].lower()
        said = f"{failed.sum()} of {n} readiness checks failed, most often “{most}” ({_services(failed.iloc[0])})"
    unknown = int((checks["result"] == "UNKNOWN").sum())
    brief = f"{unknown} {'is' if unknown == 1 else 'are'} unknown: what nobody recorded is never taken as passed."
    return Finding(readiness_sentence(checks), headline=said, brief=brief if unknown else "")


def scenario_finding(summary: pd.DataFrame, *, service: str = ALL) -> Finding:
    """Which scenario takes most down time away."""
    rows = summary[(summary["service"] == service) & summary["down_change"].notna()]
    changed, today = rows[rows["scenario"] != TODAY].sort_values("down_change"), rows[rows["scenario"] == TODAY]
    said = "What scenarios would change is not known"
    if len(changed) and len(today):
        best, names = changed.iloc[0], " or ".join(f"“{_capital(name)}”" for name in as_good_as_the_best(changed))
        won, of = show(-best["down_change"], "hours"), show(today["down_hours"].iloc[0], "hours")
        said = f"{names} would save most: on average {won} of {of} down in a year"
        said = said if best["down_change"] < 0 else "None of the scenarios would take down time away"
    text = scenario_sentence(summary, service=service)
    return Finding(text, headline=said, brief=_scenario_brief(changed, service))


def _scenario_brief(changed: pd.DataFrame, service: str) -> str:
    """How sure it is what the best scenario saves."""
    if changed.empty:
        return ""
    best = changed.iloc[0]
    low, high = (show(max(-best[c], 0), "hours") for c in ("down_change_high", "down_change_low"))
    error = show(best["down_change_error"], "hours")
    over = "Means of simulated years, added up over all services" if service == ALL else "Means of simulated years"
    tied = len(as_good_as_the_best(changed)) > 1
    saves = f"“{_capital(best['scenario'])}” saves" if tied else "it saves"
    text = f"{over}. In 95 % of years {saves} {low} to {high}; Monte Carlo error of the mean {error}"
    return text + (", so that which saves more cannot be told." if tied else ".")


def _named(names: list[str]) -> str:
    return sentences.listed(names if len(names) <= 3 else [*names[:2], f"{len(names) - 2} more"])


def _services(n: int) -> str:
    return f"{n} service" if n == 1 else f"{n} services"


def _was(names: list[str]) -> str:
    return "was" if len(names) == 1 else "were"


def _after(text: str, mark: str) -> str:
    """What follows a mark in a text; all of it where the mark is not in it."""
    return text.partition(mark)[2] or text


def _from(text: str, words: str) -> str:
    """The text from some words on; nothing where they are not in it."""
    return words + text.partition(words)[2] if words in text else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
