"""What the verdicts of services come to for tiers, and for services with all they need; can they promise so much?"""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.dependencies import measure_together, needed_by
from continuity_analysis.models.composites import KINDS, REACH, estimate_composites, estimate_reach, reach_in_words
from continuity_analysis.periods import Period, read_period
from continuity_analysis.questions.availability import look_at
from continuity_analysis.questions.scorecard import scored
from continuity_analysis.questions.tiers import tiers_of

ALL = "all services"
BASES = {"promised": "as promised", "achieved": "as achieved"}
REACH_COLUMNS = (
    "service", "tier", "target", "needs", "n_needs",
    *(f"{base}_{name}" for base in BASES for name in ("lowest", "product", "own_needed", "n_unknown", "reachable")),
    "together_availability", "verdict", "reason", "achieved_reason",
)  # fmt: skip


def composite_scorecard(logs, period) -> pd.DataFrame:
    """The scorecard of all services together, of every tier, and of every service with everything it needs.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments

    Returns
    -------
    DataFrame
        As `estimate_composites` has it; kind is "all", "tier" or "depends_on" (the composite is the service and
        everything it needs, directly or through others). A service without a tier is in no tier's row.
    """
    window = read_period(period, timezone=logs.timezone, as_of=logs.as_of)
    card = scored(logs, window=window)
    members = _members(logs, card)
    return estimate_composites(card, members, _together(logs, window, members))


def reachable_availability(logs, period) -> pd.DataFrame:
    """Whether services can keep their availability objectives at all, given those they need.

    To its users a service is down when anything it needs is, directly or through others. What it needs is taken once to
    keep exactly to its promises, and once to be as available as in the period.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments

    Returns
    -------
    DataFrame
        One row per service that needs others, those that cannot first: target; needs (names), n_needs; promised_ and
        achieved_: lowest (availability of the least available it needs), product (of all it needs, as if they failed
        independently), own_needed (what it must be by itself, as if independent), n_unknown (of how many that is not
        known), reachable ("yes", "only if failures coincide", "no", "unknown"); together_availability, achieved with
        all it needs; verdict, the service's own, on what it did by itself; reason, achieved_reason.
    """
    window = read_period(period, timezone=logs.timezone, as_of=logs.as_of)
    card = scored(logs, window=window)
    own = card[card["objective"] == "availability"].set_index("service")
    pairs = needed_by({name: service.depends_on for name, service in logs.catalog.services.items()})
    needs = pairs[~pairs["own"].astype(bool)].reset_index(drop=True)
    needs = needs.assign(promised=own["target"].reindex(needs["part"]).to_numpy(),
                         achieved=own["achieved"].reindex(needs["part"]).to_numpy())  # fmt: skip
    services = needs[["service"]].drop_duplicates(ignore_index=True)
    services = services.assign(target=own["target"].reindex(services["service"]).to_numpy())
    named = needs.groupby("service")["part"].agg(", ".join)
    table = services.assign(
        needs=services["service"].map(named), n_needs=services["service"].map(needs["service"].value_counts())
    )
    for base, words in BASES.items():
        found = estimate_reach(services, needs, of=base)
        said = reach_in_words(table[["target", "needs"]].join(found), of=words)
        table = table.join(found.drop(columns=["service", "unknown"]).add_prefix(f"{base}_"))
        table["reason" if base == "promised" else f"{base}_reason"] = said
    together = _together(logs, window, _needing(pairs)).set_index("composite")["availability"]
    own = own.reindex(table["service"])
    table = table.assign(together_availability=together.reindex(table["service"]).to_numpy(),
                         tier=own["tier"].array, verdict=own["verdict"].array)  # fmt: skip
    worst = table["promised_reachable"].map(REACH.index).astype("int64")
    order = np.lexsort((table["service"], worst, table["target"].isna()))
    return table.iloc[order].reset_index(drop=True)[list(REACH_COLUMNS)]


def _members(logs, card: pd.DataFrame) -> pd.DataFrame:
    """Which services each composite has: composite, kind, service."""
    services = card[["service"]].drop_duplicates().sort_values("service")
    frames = [
        services.assign(composite=ALL, kind="all"),
        tiers_of(logs.catalog, services["service"]).dropna().rename(columns={"tier": "composite"}).assign(kind="tier"),
        _needing(needed_by({name: service.depends_on for name, service in logs.catalog.services.items()})),
    ]
    return pd.concat(frames, ignore_index=True)[["composite", "kind", "service"]]


def _needing(pairs: pd.DataFrame) -> pd.DataFrame:
    """Services that need others, with all they need: composite, kind, service."""
    some = pairs[pairs.groupby("service")["part"].transform("size") > 1]
    return some.rename(columns={"service": "composite", "part": "service"}).assign(kind="depends_on")


def _together(logs, window: Period, members: pd.DataFrame) -> pd.DataFrame:
    """Of each composite the share of time in which all its services were up, of that in which all were known."""
    disruptions, observation = look_at(logs, window)
    frames = []
    for kind in KINDS:
        rows = members[members["kind"] == kind]
        rows = rows[rows["service"].isin(observation.services["service"])]
        pairs = rows.rename(columns={"service": "part", "composite": "service"}).assign(own=False)
        frames.append(measure_together(disruptions, observation, pairs=pairs, kind=kind).systems)
    found = pd.concat(frames, ignore_index=True)
    size = members.groupby(["kind", "composite"]).size()
    whole = found["n_parts"].to_numpy() == size.reindex(pd.MultiIndex.from_frame(found[["kind", "service"]])).to_numpy()
    known = found["known_hours"].where((found["known_hours"] > 0) & whole)
    up = (1 - found["measured_hours"] / known).astype(float)
    return pd.DataFrame(
        {"composite": found["service"], "kind": found["kind"], "availability": up, "known_hours": known}
    )
