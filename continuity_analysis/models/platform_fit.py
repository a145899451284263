"""The platform that observations let one expect: draws of all its laws.

A service with fewer than 3 failures of known length takes the down times of all services together, where there are 10
of those; its rate is its own. Likewise for recoveries, and for how long failures stay undetected.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from continuity_analysis.models.expected_availability import FEWEST as FEWEST_POOLED
from continuity_analysis.models.expected_availability import UNLIKELY, anderson_darling
from continuity_analysis.models.generalised import DRAWS, FailureLaw, draw_failure_law, draw_rates, known_lengths
from continuity_analysis.models.platform import Detection, Platform, RecoveryPoints, SharedCause
from continuity_analysis.models.random_streams import stream
from continuity_analysis.models.recovery_fit import fit_recoveries, own_or_pooled
from continuity_analysis.models.resampling import draw_resampled_law
from continuity_analysis.models.verdicts import count, hours

FEWEST = 3
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
    order = np.array([stream("order", name).permutation(laws[0].shape[1]) for name in names])
    return tuple(np.take_along_axis(x, order, axis=1) for x in laws)


def _failures(evidence: PlatformEvidence, *, pooled: bool) -> tuple[pd.DataFrame, FailureLaw]:
    """What each service's law of failures rests on, and its draws; NaN where there is none."""
    n, up, rows = len(evidence.services), np.asarray(evidence.up_hours, dtype=float), evidence.failures
    every = known_lengths(rows, n)
    counted = every["n_known"] + every["n_censored"]
    rows = rows[~rows["needed_backup"].astype(bool)]
    together = pd.concat([rows, rows.assign(group=n)], ignore_index=True)
    known = known_lengths(together, n + 1)
    fit = (known["n_different"] > 1) & (known["n_known"] >= np.append(np.full(n, FEWEST), FEWEST_POOLED))
    fit[n] &= pooled
    misfit = _misfit(together, n + 1) > UNLIKELY
    use = np.where(fit[:n], np.arange(n), np.where(fit[n], n, -1))
    use = np.where((counted > 0) & (up > 0), use, -1)
    unlike = (use >= 0) & misfit[use]
    law = _drawn(together, use=np.where(unlike, -1, use), groups=n + 1)
    rate = draw_rates(counted, np.where(up > 0, up, np.nan))
    rate[np.isnan(law[0])] = np.nan
    rate, mu, sigma = shuffled(evidence.services, rate, *law)
    about = pd.DataFrame(
        {"service": evidence.services, "n": counted + every["n_zero"], "n_known": known["n_known"][:n]}
    )
    about["down_from"] = pd.array(np.select([use == n, use >= 0], [POOLED, OWN], ""), dtype="str")
    about["reason"] = _reasons(about, up, use=use, unlike=unlike)
    return about, FailureLaw(rate, mu, sigma, np.zeros_like(rate))


def _drawn(rows: pd.DataFrame, *, use: np.ndarray, groups: int) -> tuple[np.ndarray, np.ndarray]:
    """Draws of mean and deviation of each service's log down times, of the group it uses; NaN for none."""
    drawn = np.unique(use[use >= 0])
    number = np.full(groups, -1)
    number[drawn] = np.arange(len(drawn))
    group = number[rows["group"].to_numpy(np.int64)]
    law = draw_failure_law(rows[group >= 0].assign(group=group[group >= 0]), np.ones(len(drawn)))
    mu, sigma = (np.append(x, np.full((1, DRAWS), np.nan), axis=0) for x in (law.mu, law.sigma))
    place = np.where(use >= 0, number[use], len(drawn))
    return mu[place], sigma[place]


def _misfit(rows: pd.DataFrame, groups: int) -> np.ndarray:
    exact = rows[~rows["censored"].astype(bool) & (rows["down_hours"] > 0)]
    return anderson_darling(exact["group"].to_numpy(np.int64), np.log(exact["down_hours"].to_numpy(float)), groups)


def _reasons(about: pd.DataFrame, up: np.ndarray, *, use: np.ndarray, unlike: np.ndarray) -> pd.Series:
    few = "failures of known length: " + count(about["n_known"]) + f"; at least {FEWEST} are needed"
    words = [
        "no up time was watched",
        "no failure in " + hours(up) + " of up time",
        few,
        "down times are not lognormal",
    ]
    when = [~(up > 0), about["n"] == 0, use < 0, unlike]
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
