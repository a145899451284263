"""What a simulated failure costs: how long it lasts, and how much data is lost where a backup has to be restored."""

import numpy as np

from continuity_analysis.models.edits import Edits
from continuity_analysis.models.platform import Platform, RecoveryPoints
from continuity_analysis.models.simulated_failures import Failures

_FOR_EVER = 1e12  # hours
KINDS = {"lognormal": "standard_normal", "weibull": "standard_exponential"}


def down_hours(platform: Platform, failures: Failures, *, draw: np.ndarray) -> np.ndarray:
    """How long each failure lasts today, none needing a backup [h].

    Parameters
    ----------
    platform : Platform
    failures : Failures
    draw : ndarray of int64, shape (years,)
        Which draw of the parameters each year has.
    """
    law, flat = platform.failures, failures.row
    mu, sigma = (x[:, draw].ravel() for x in (law.mu, law.sigma))
    z = failures.variates("down", KINDS[platform.family])
    if platform.family == "weibull":
        z = np.log(z)
    lasts = sigma[flat]
    lasts *= z
    lasts += mu[flat]
    with np.errstate(over="ignore"):
        return np.exp(lasts, out=lasts)


def needs_backup(platform: Platform, failures: Failures, *, draw: np.ndarray) -> np.ndarray:
    """Which failures can only be ended by restoring a backup."""
    if platform.recoveries is None:
        return np.zeros(len(failures.row), dtype=bool)
    share = np.nan_to_num(platform.recoveries.share[:, draw].ravel())
    return failures.variates("needs backup") < share[failures.row]


def recovery_hours(platform: Platform, failures: Failures, which: np.ndarray, *, draw: np.ndarray) -> np.ndarray:
    """How long the restoring takes of the failures `which`, failed attempts included [h]; NaN: no law of it."""
    law, row = platform.recoveries, failures.row[which]
    if law is None:
        return np.full(len(which), np.nan)
    years = len(draw)
    mu, sigma, success = (x[row // years, draw[row % years]] for x in (law.mu, law.sigma, law.success))
    u = failures.variates("attempts")[which]
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        more = np.where(success < 1, np.floor(np.log1p(-u) / np.log1p(-success)), 0)
        return np.exp(mu + sigma * failures.variates("recovery", "standard_normal")[which]) * (1 + more)


def faster(hours: np.ndarray, undetected: np.ndarray, edits: Edits, *, service: np.ndarray) -> np.ndarray:
    """How long it lasts where it is detected sooner and what follows goes faster [h].

    Parameters
    ----------
    hours : ndarray
        How long it lasts today [h].
    undetected : ndarray
        For what share of that nobody knew.
    service : ndarray of int64
    """
    hours = np.minimum(hours, _FOR_EVER)
    before = undetected * hours
    return np.minimum(before, edits.detect_at_most[service]) + (hours - before) * edits.restore[service]


def undetected_share(platform: Platform, failures: Failures, *, draw: np.ndarray) -> np.ndarray:
    """For what share of its length each failure is not detected; 0 where that is not known."""
    detection, years = platform.detection, len(draw)
    found = np.zeros(len(failures.row))
    if detection is None:
        return found
    service = failures.row // years
    some = detection.law.size[service] > 0
    u = failures.variates("undetected")[some]
    found[some] = detection.share[detection.law.pick(service[some], draw[failures.row[some] % years], u)]
    return found


def lost_hours(platform: Platform, failures: Failures, which: np.ndarray, *, draw: np.ndarray, edits: Edits):
    """Age of the recovery point at the moment of each of the failures `which` [h]; NaN: not known."""
    points, years = platform.recovery_points, len(draw)
    service = failures.row[which] // years
    lost = np.full(len(which), np.nan)
    if points is None:
        return lost
    some = points.law.size[service] > 0
    at, service = which[some], service[some]
    u = failures.variates("piece")[at]
    piece = points.law.pick(service, draw[failures.row[at] % years], u)
    age = age_at(points, piece, failures.variates("within piece")[at], every=edits.backup_every[service],
                 usual=points.every[service])  # fmt: skip
    lag, saved = edits.replica_lag[service], failures.variates("replica")[at] < edits.replica_share[service]
    lost[some] = np.where(saved, np.fmin(age, lag), age)
    return lost


def age_at(points: RecoveryPoints, piece: np.ndarray, share: np.ndarray, *, every, usual) -> np.ndarray:
    """Age of the recovery point [h] at a moment within a piece of exposure, under another time between backups.

    What a piece was longer than usual is taken as time in which backups did not work: that stays as long as it was.
    Only the usual time is shortened, and what is won is filled with backups at the new times. Where backups are to come
    more seldom, everything is stretched.

    Parameters
    ----------
    points : RecoveryPoints
    piece : ndarray of int64
    share : ndarray
        How much of the piece is over, 0 to 1.
    every : ndarray
        New time between backups [h]; NaN: as it is.
    usual : ndarray
        What it was [h].
    """
    length, grown = points.length[piece], share * points.length[piece]
    with np.errstate(invalid="ignore", divide="ignore"):
        again = grown - (np.maximum(length - usual, 0) + every)
        sooner = np.where(again < 0, grown, np.mod(again, every))
        edited = np.where(every < usual, sooner, grown * every / usual)
    grown = np.where(np.isnan(every) | np.isnan(usual), grown, edited)
    age = points.youngest[piece] + np.where(points.grows[piece], grown, 0.0)
    return np.where(points.unprotected[piece], np.inf, age)
