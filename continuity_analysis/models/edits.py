"""What a scenario changes, as numbers: one value per service, neutral where nothing changes."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Disaster:
    """Something rare that hits several services at once.

    Attributes
    ----------
    name : str
    per_year : float
        How often it comes [1/year of 8760 h].
    hits : ndarray of bool, shape (services,)
    one_zone : bool
        It strikes one zone, and what runs in others goes on.
    down_hours, lost_hours : float
        How long each service is down and how much data it loses [h]; NaN: as recoveries and backups say.
    """

    name: str
    per_year: float
    hits: np.ndarray
    one_zone: bool = False
    down_hours: float = np.nan
    lost_hours: float = np.nan


@dataclass(frozen=True, eq=False)
class Edits:
    """Changes to a platform; every array has one value per service.

    Attributes
    ----------
    rate : ndarray
        Failures come so many times as often.
    detect_at_most : ndarray
        Nothing stays undetected for longer [h]; infinite: as it is.
    restore : ndarray
        What follows detection takes so many times as long.
    backup_every : ndarray
        Time between backups [h]; NaN: as it is.
    replica_lag, replica_share : ndarray
        A replica is behind by so much [h; NaN: there is none] and saves the data in that share of the failures.
    zones, required : ndarray of int64
        In how many zones it runs, and how many must be up.
    common_cause : ndarray
        Share of its failures that hit all zones.
    failover : ndarray
        How long it is down until another zone takes over [h].
    disasters : tuple of Disaster
    """

    rate: np.ndarray
    detect_at_most: np.ndarray
    restore: np.ndarray
    backup_every: np.ndarray
    replica_lag: np.ndarray
    replica_share: np.ndarray
    zones: np.ndarray
    required: np.ndarray
    common_cause: np.ndarray
    failover: np.ndarray
    disasters: tuple[Disaster, ...] = ()


def no_edits(services: int) -> Edits:
    """Edits that change nothing."""
    ones, whole = np.ones(services), np.ones(services, dtype=np.int64)
    unknown = np.full(services, np.nan)
    return Edits(
        rate=ones, detect_at_most=np.full(services, np.inf), restore=ones, backup_every=unknown, replica_lag=unknown,
        replica_share=ones, zones=whole, required=whole, common_cause=ones, failover=np.zeros(services),
    )  # fmt: skip
