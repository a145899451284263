"""The platform that observations let one expect: draws of all its laws.

The rate of a service is always its own. From 10 failures of known length on, so is the law of its down times; below
that its own mean is kept and the spread of all services about theirs is taken. Where others are not to be asked, 3
failures are enough, and mean down times are not known. Fewer than 3 recoveries, or shares undetected, give way to those
of all services together.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from continuity_analysis.models.down_time_fit import draw_lent, draw_own, measure_spread
from continuity_analysis.models.expected_availability import FEWEST as FEWEST_ALONE
from continuity_analysis.models.expected_availability import UNLIKELY
from continuity_analysis.models.generalised import DRAWS, FailureLaw, draw_rates, known_lengths
from continuity_analysis.models.platform import Detection, Platform, RecoveryPoints, SharedCause
from continuity_analysis.models.random_streams import stream
from continuity_analysis.models.recovery_fit import fit_recoveries, own_or_pooled
from continuity_analysis.models.resampling import draw_resampled_law
from continuity_analysis.models.verdicts import count, hours

FEWEST, LEAST_FREEDOM = 3, 9
OWN, POOLED = "own", "all services"


@dataclass(frozen=True, eq=False)
class PlatformEvidence:
    """What was observed of a platform; `group` is everywhere the number of the service.

    Attributes
    ----------
    services : Index
    up_hours : ndarray, shape (services,)
        Known up time [h].
    failures : DataFrame
        group, down_hours [h of full outage], censored, down_at_end, needed_backup (it was ended by restoring one),
        shared (number of the event that hit several services; -1: none).
    recoveries : DataFrame
        group, hours [h], outcome (restored, never, censored): drills and real ones.
    restores_recorded : bool
        Whether it would be known if a failure had needed a backup.
    undetected : DataFrame
        group, share: of a failure's length, until it was detected.
    pieces : DataFrame
        group, youngest_hours, length_hours, grows, unprotected: pieces of exposure, those unknown left out.
    needs : ndarray of int64, shape (pairs, 2)
        As in `Platform`.
    """

    services: pd.Index
    up_hours: np.ndarray
    failures: pd.DataFrame
    recoveries: pd.DataFrame
    restores_recorded: bool
    undetected: pd.DataFrame
    pieces: pd.DataFrame
    needs: np.ndarray


def fit_platform(evidence: PlatformEvidence, *, pooled: bool = True, needs_backup: float = np.nan) -> Platform:
    """Draws of all laws of a platform.

    Parameters
    ----------
    evidence : PlatformEvidence
    pooled : bool
        Whether services with too little evidence of their own take that of all together.
    needs_backup : float
        Stated share of failures that need a backup; NaN: as observed.
    """
    about, law = _failures(evidence, pooled=pooled)
    recoveries, told = fit_recoveries(evidence, pooled=pooled, needs_backup=needs_backup)
    points = _recovery_points(evidence)
    detection, detection_from = _detection(evidence, pooled=pooled)
    about = about.assign(**told, n_pieces=points.law.size, detection_from=detection_from)
    return Platform(
        services=evidence.services,
        failures=law,
        recoveries=recoveries,
        recovery_points=points,
        detection=detection,
        shared=_shared(evidence),
        needs=evidence.needs,
        about=about,
    )


def shuffled(names, *laws: np.ndarray) -> tuple[np.ndarray, ...]:
    """Draws of each service in an order of its own, so that services are independent of each other."""
    order = [stream("order", name).permutation(laws[0].shape[1]) for name in names]
    order = np.array(order, dtype=np.int64).reshape(laws[0].shape)
    return tuple(np.take_along_axis(x, order, axis=1) for x in laws)


def _failures(evidence: PlatformEvidence, *, pooled: bool) -> tuple[pd.DataFrame, FailureLaw]:
    """What each service's law of failures rests on, and its draws; NaN where there is none."""
    n, up, rows = len(evidence.services), np.asarray(evidence.up_hours, dtype=float), evidence.failures
    every = known_lengths(rows, n)
    counted = every["n_known"] + every["n_censored"]
    rows = rows[~rows["needed_backup"].astype(bool)]
    known, spread = known_lengths(rows, n), measure_spread(rows, n)
    own = (known["n_known"] >= (FEWEST_ALONE if pooled and spread.freedom >= LEAST_FREEDOM else FEWEST)) & (
        known["n_different"] > 1
    )
    lent = ~own & pooled & (spread.freedom >= LEAST_FREEDOM) & (known["n_known"] > 0) & (known["n_censored"] == 0)
    some = (counted > 0) & (up > 0)
    own, lent = own & some, lent & some
    unlike = own & (spread.misfit[:n] > UNLIKELY) | lent & (spread.misfit[n] > UNLIKELY)
    mu, sigma = np.full((2, n, DRAWS), np.nan)
    mu[own & ~unlike], sigma[own & ~unlike] = draw_own(rows, own & ~unlike)
    mu[lent & ~unlike], sigma[lent & ~unlike] = draw_lent(spread, known["n_known"], lent & ~unlike, evidence.services)
    rate = draw_rates(counted, np.where(up > 0, up, np.nan))
    rate[np.isnan(mu)] = np.nan
    about = pd.DataFrame({"service": evidence.services, "n": counted + every["n_zero"], "n_known": known["n_known"]})
    about["spread_from"] = pd.Series(np.select([lent, own], [POOLED, OWN], ""), dtype="str")
    about["reason"] = _reasons(about, up, given=own | lent, unlike=unlike)
    return about, FailureLaw(*shuffled(evidence.services, rate, mu, sigma), np.zeros_like(rate))


def _reasons(about: pd.DataFrame, up: np.ndarray, *, given: np.ndarray, unlike: np.ndarray) -> pd.Series:
    few = "failures of known length: " + count(about["n_known"]) + f"; at least {FEWEST} are needed"
    words = [
        "no up time was watched",
        "no failure in " + hours(up) + " of up time",
        few,
        "down times are not lognormal",
    ]
    when = [~(up > 0), about["n"] == 0, ~given, unlike]
    words = [np.broadcast_to(np.asarray(w, dtype=object), len(up)) for w in words]
    return pd.Series(np.select(when, words, None), dtype="str")


def _recovery_points(evidence: PlatformEvidence) -> RecoveryPoints:
    pieces = evidence.pieces.sort_values("group", kind="stable", ignore_index=True)
    pieces = pieces[pieces["length_hours"] > 0]
    group, length = pieces["group"].to_numpy(np.int64), pieces["length_hours"].to_numpy(float)
    law = draw_resampled_law(group, length, names=evidence.services, purpose="recovery points")
    grows, unprotected = (pieces[c].to_numpy(bool) for c in ("grows", "unprotected"))
    usual = pieces[grows & ~unprotected].groupby("group")["length_hours"].median().reindex(range(len(law.size)))
    return RecoveryPoints(law, pieces["youngest_hours"].to_numpy(float), length, grows, unprotected,
                          usual.to_numpy(float))  # fmt: skip


def _detection(evidence: PlatformEvidence, *, pooled: bool) -> tuple[Detection, pd.Series]:
    rows, origin = own_or_pooled(evidence.undetected, len(evidence.services), fewest=FEWEST, pooled=pooled)
    group, share = rows["group"].to_numpy(np.int64), rows["share"].to_numpy(float)
    law = draw_resampled_law(group, np.ones(len(rows)), names=evidence.services, purpose="undetected")
    return Detection(law, share), origin


def _shared(evidence: PlatformEvidence) -> SharedCause | None:
    """How often several services failed at once, and which share of each one's failures that was."""
    rows, n = evidence.failures, len(evidence.services)
    event, group = rows["shared"].to_numpy(np.int64), rows["group"].to_numpy(np.int64)
    events = len(np.unique(event[event >= 0]))
    if not events:
        return None
    hit, every = (np.bincount(g, minlength=n) for g in (group[event >= 0], group))
    longest = float(np.max(evidence.up_hours))
    rate = stream("shared causes").standard_gamma(events + 0.5, DRAWS) / longest
    share = np.array([
        stream("share of shared causes", name).beta(k + 0.5, m - k + 0.5, DRAWS) if k else np.zeros(DRAWS)
        for name, k, m in zip(evidence.services, hit, every, strict=True)
    ])  # fmt: skip
    return SharedCause(rate, share)
