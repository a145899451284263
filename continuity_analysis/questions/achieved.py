"""What was achieved against each kind of objective, in the target's own unit: the rows of the scorecard.

Each function returns a frame indexed by service with target, achieved, verdict, provisional, reason, n, coverage and
assumed (words, null where nothing was), and what is expected with its interval, where a model can defend it.
"""

import numpy as np
import pandas as pd

from continuity_analysis.models.recovery_point import exposure_quantile
from continuity_analysis.models.verdicts import count, percent
from continuity_analysis.periods import Period
from continuity_analysis.questions.availability import availability
from continuity_analysis.questions.judged_exposure import observe_judged
from continuity_analysis.questions.longest_disruptions import longest_disruptions
from continuity_analysis.questions.recovery_point import judged_recovery_point
from continuity_analysis.questions.recovery_time import recovery_time
from continuity_analysis.questions.requests import request_availability
from continuity_analysis.questions.restoration import restoration, time_for_share

SECONDS = 3600.0
VERDICT = ["verdict", "provisional", "reason"]
EXPECTED = ["expected", "expected_low", "expected_high"]


def achieved_availability(logs, window: Period, *, ahead: bool = True) -> pd.DataFrame:
    """Availability of all causes, or of unplanned ones where those are judged; if not `ahead`, nothing is expected."""
    nothing = None if ahead else pd.DataFrame(columns=[*EXPECTED, "chance", "required_chance"], dtype="float64")
    found = availability(logs, window, expected=nothing).set_index("service")
    unplanned = found["judged"] == "unplanned"
    impact = ("impact assumed for " + count(found["n_assumed_impact"].to_numpy(float))).set_axis(found.index)
    impact = impact.where(found["n_assumed_impact"] > 0)
    since = pd.Series("assumed to be in service since its logs begin", found.index).where(
        found["in_service_assumed"].astype(bool)
    )
    return found[[*VERDICT, *EXPECTED]].assign(
        target=found["objective"],
        achieved=found["availability"].mask(unplanned, found["unplanned_availability"]),
        n=found["n"],
        coverage=found["coverage"],
        assumed=_listed(impact, since),
    )


def achieved_requests(logs, window: Period) -> pd.DataFrame:
    """Share of requests served; coverage is the share of agreed hours of which an access log speaks."""
    found = request_availability(logs, window).set_index("service")
    return found[VERDICT].assign(
        target=found["objective"], achieved=found["request_availability"], n=found["n"], coverage=found["logged"]
    )


def achieved_latency(logs, window: Period) -> pd.DataFrame:
    """Share of served requests answered within the limit; where that is known only within bounds, the least."""
    found = request_availability(logs, window).set_index("service")
    most = found["latency_share_most"]
    words = ("a lower bound; at most " + percent(most.to_numpy(float))).set_axis(found.index)
    return found[["provisional"]].assign(
        verdict=found["latency_verdict"],
        reason=found["latency_reason"],
        target=found["latency_objective"],
        achieved=found["latency_share"],
        n=found["served"].where(found["latency_share"].notna(), 0),
        coverage=found["logged"],
        assumed=words.where(most > found["latency_share"] + 1e-9),
    )


def achieved_restore(logs, window: Period) -> pd.DataFrame:
    """The time by which the promised share of incidents was restored; without a promise the median."""
    found = restoration(logs, window).set_index("service").iloc[:-1]
    share = found["share_promised"].astype(float).fillna(0.5)
    closed = ("ended by closing the ticket: " + count(found["n_upper_bound"].to_numpy(float))).set_axis(found.index)
    return found[VERDICT].assign(
        target=found["objective"] * SECONDS,
        achieved=time_for_share(logs, window, share) * SECONDS,
        n=found["n"],
        coverage=np.nan,
        assumed=_listed(closed.where(found["n_upper_bound"] > 0)),
    )


def achieved_rpo(logs, window: Period, *, ahead: bool = True) -> pd.DataFrame:
    """The exposure kept to for the promised share of covered time; without a promise the worst.

    Expected is the same of the coming period; nothing if not `ahead`.
    """
    parts = observe_judged(logs, window, "service")
    found = judged_recovery_point(parts, logs, by="service", ahead=ahead).set_index("service")
    share = found["share_promised"].astype(float).fillna(1.0)
    seen = found["covered_hours"] + found["unknown_hours"]
    points = (percent(found["share_assumed"].to_numpy(float)) + " rests on assumed points").set_axis(found.index)
    direction = found["direction"].map({"lower bound": "a lower bound", "unknown": "direction unknown"})
    kept_to = pd.concat([exposure_quantile(e.pieces, share, by="service") for e in parts.values()])
    against = pd.Series("judged against " + found["against"], found.index).where(found["objective"].notna())
    return found[VERDICT].assign(
        **{name: found[name] * SECONDS for name in EXPECTED},
        target=found["objective"] * SECONDS,
        achieved=kept_to.reindex(found.index) * SECONDS,
        n=found["n"],
        coverage=found["covered_hours"] / seen.where(seen > 0),
        assumed=_listed(against, points.where(found["share_assumed"] > 0), direction.where(found["covered_hours"] > 0)),
    )


def achieved_rto(logs, window: Period) -> pd.DataFrame:
    """The slowest evaluable recovery; without a promise the slowest there was."""
    found = recovery_time(logs, period=window).set_index("service")
    some = (found["n_evaluable"] > 0).to_numpy()
    proven = "; proven chance at least " + percent(found["proven_chance"].to_numpy(float))
    proven = proven.where(some, "; no recovery proves any chance")
    needed = found["evidence_needed"]
    more = "; " + count(needed.to_numpy(float)) + pd.Series(np.where(some, " more", ""), dtype="str")
    more = more + " successes in a row would prove " + percent(found["required_chance"].to_numpy(float))
    proven, more = proven.set_axis(found.index), more.set_axis(found.index)
    counted = found["objective"].notna()
    reason = found["reason"] + proven.where(counted, "") + more.where(counted & (needed > 0), "")
    ended = found["n"] - found["n_data_only"] - found["n_censored"]
    return found[VERDICT].assign(
        reason=reason,
        target=found["objective"] * SECONDS,
        achieved=found["worst_hours"] * SECONDS,
        n=found["n_evaluable"].where(found["objective"].notna(), ended),
        coverage=np.nan,
    )


def achieved_mtpd(logs, window: Period) -> pd.DataFrame:
    """The longest single disruption that began in the period or was under way at its start, in its whole length."""
    found = longest_disruptions(logs, window).set_index("service")
    said = ("begun before the period: " + count(found["n_before"].to_numpy(float))).set_axis(found.index)
    return found[VERDICT].assign(
        target=found["objective"] * SECONDS,
        achieved=found["longest_hours"] * SECONDS,
        n=found["n"],
        coverage=np.nan,
        assumed=_listed(said.where(found["n_before"] > 0)),
    )


def _listed(*words: pd.Series) -> pd.Series:
    """Words joined by commas, null where there are none."""
    table = pd.concat(words, axis=1).astype("object")
    joined = [", ".join(w for w in row if isinstance(w, str)) or None for row in table.to_numpy()]
    return pd.Series(joined, index=table.index, dtype="str")
