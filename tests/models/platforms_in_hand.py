"""Platforms of known laws, and evidence by hand."""

import numpy as np
import pandas as pd

from continuity_analysis.models.generalised import FailureLaw
from continuity_analysis.models.platform import Detection, Platform, RecoveryLaw, RecoveryPoints
from continuity_analysis.models.platform_fit import PlatformEvidence
from continuity_analysis.models.resampling import draw_resampled_law

YEAR = 8760.0


def platform(rate, mu, sigma, *, services=1, family="lognormal", **laws) -> Platform:
    """Every service with the same known law: one draw."""
    one = np.ones((services, 1))
    law = FailureLaw(one * rate, one * mu, one * sigma, one * 0)
    return Platform(names(services), law, family=family, **laws)


def names(services: int) -> pd.Index:
    return pd.Index([f"s{i}" for i in range(services)], dtype="str")


def recoveries(mu, sigma, *, share, success=1.0, services=1) -> RecoveryLaw:
    one = np.ones((services, 1))
    return RecoveryLaw(one * mu, one * sigma, one * success, one * share)


def points(length, *, youngest=0.0, every=np.nan, unprotected=False) -> RecoveryPoints:
    """Recovery points of one service, from the lengths of its pieces."""
    length = np.asarray(length, dtype=float)
    n = len(length)
    law = draw_resampled_law(np.zeros(n, dtype=np.int64), length, names=names(1), purpose="points")
    youngest, unprotected = np.full(n, youngest), np.full(n, unprotected)
    return RecoveryPoints(law, youngest, length, np.ones(n, dtype=bool), unprotected, np.array([every]))


def undetected(share: float) -> Detection:
    law = draw_resampled_law(np.zeros(1, dtype=np.int64), np.ones(1), names=names(1), purpose="undetected")
    return Detection(law, np.array([share]))


def evidence(*down, up_hours=YEAR, **more) -> PlatformEvidence:
    """Failures of known length of each service."""
    rows = [(group, hours) for group, hours_of in enumerate(down) for hours in hours_of]
    failures = pd.DataFrame(rows, columns=["group", "down_hours"]).astype({"group": "int64", "down_hours": float})
    failures = failures.assign(censored=False, down_at_end=False, needed_backup=False, shared=-1)
    empty = {
        "recoveries": pd.DataFrame({"group": np.zeros(0, dtype=np.int64), "hours": 0.0, "outcome": ""}),
        "undetected": pd.DataFrame({"group": np.zeros(0, dtype=np.int64), "share": 0.0}),
        "pieces": pd.DataFrame({"group": np.zeros(0, dtype=np.int64), "youngest_hours": 0.0, "length_hours": 0.0,
                                "grows": True, "unprotected": False}),
    }  # fmt: skip
    given = {"services": names(len(down)), "up_hours": np.full(len(down), float(up_hours)), "failures": failures,
             "restores_recorded": True, "needs": np.zeros((0, 2), dtype=np.int64)}  # fmt: skip
    return PlatformEvidence(**{**given, **empty, **more})
