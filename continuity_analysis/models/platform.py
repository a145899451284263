"""The fitted platform: for every service the laws of its failures, recoveries and recovery points, and what it needs.

Each law is held as draws from what the observations leave open, one column per draw: a simulated year takes all its
parameters from one draw, so that what is not known of the process is part of every forecast.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from continuity_analysis.models.generalised import FailureLaw
from continuity_analysis.models.resampling import ResampledLaw


@dataclass(frozen=True, eq=False)
class RecoveryLaw:
    """Draws of how long recoveries from backup take.

    Attributes
    ----------
    mu, sigma : ndarray, shape (services, draws)
        Of the logarithm of the hours of one attempt; NaN: as long as a failure.
    success : ndarray, shape (services, draws)
        Chance that an attempt succeeds; one that fails is made again and takes as long.
    share : ndarray, shape (services, draws)
        Chance that a failure needs one; NaN: not known.
    """

    mu: np.ndarray
    sigma: np.ndarray
    success: np.ndarray
    share: np.ndarray


@dataclass(frozen=True, eq=False)
class RecoveryPoints:
    """How old the newest usable recovery point is at a moment, from the pieces of exposure that were observed.

    Attributes
    ----------
    law : ResampledLaw
        Of the pieces, by how long they lasted.
    youngest, length : ndarray, shape (pieces,)
        Age at the begin of each piece, and for how long it grows [h].
    grows : ndarray of bool
        Whether the age grows at all (it does not while logs are shipped as they are written).
    unprotected : ndarray of bool
        There was no recovery point.
    every : ndarray, shape (services,)
        The usual time between backups [h]; NaN: not known.
    """

    law: ResampledLaw
    youngest: np.ndarray
    length: np.ndarray
    grows: np.ndarray
    unprotected: np.ndarray
    every: np.ndarray


@dataclass(frozen=True, eq=False)
class Detection:
    """How much of a failure passes before it is detected: shares of its length that were observed, 0 to 1."""

    law: ResampledLaw
    share: np.ndarray


@dataclass(frozen=True, eq=False)
class SharedCause:
    """What hits several services at once.

    Attributes
    ----------
    rate : ndarray, shape (draws,)
        How often it comes [1/h].
    share : ndarray, shape (services, draws)
        Share of a service's failures that come from it.
    """

    rate: np.ndarray
    share: np.ndarray


@dataclass(frozen=True, eq=False)
class Platform:
    """Services and their laws.

    Attributes
    ----------
    services : Index
    failures : FailureLaw
        rate, mu, sigma of shape (services, draws); a rate of NaN: not known.
    recoveries : RecoveryLaw or None
        None: no failure needs a backup.
    recovery_points : RecoveryPoints or None
    detection : Detection or None
    shared : SharedCause or None
    needs : ndarray of int64, shape (pairs, 2)
        A service, and one that it needs, directly or through others; itself among them.
    family : {"lognormal", "weibull"}
        Of down times: mu and sigma are location and scale of their logarithm.
    about : DataFrame or None
        One row per service: what its laws rest on.
    """

    services: pd.Index
    failures: FailureLaw
    recoveries: RecoveryLaw | None = None
    recovery_points: RecoveryPoints | None = None
    detection: Detection | None = None
    shared: SharedCause | None = None
    needs: np.ndarray | None = None
    family: str = "lognormal"
    about: pd.DataFrame | None = None

    @property
    def draws(self) -> int:
        """How many draws of its parameters there are."""
        return self.failures.rate.shape[1]
