"""Achieved recovery-point exposure of each group: quantiles, mean, worst, and what lies over the objective.

For a regular schedule the mean is half the interval plus the run time, and the worst the interval plus the run time;
where runs are missed it is E[G^2] / 2 E[G] of the gaps (renewal theory; Cox, Renewal Theory, 1962).
"""

import numpy as np
import pandas as pd

from continuity_analysis.models.exposure_law import HOUR, ExposureLaw, law_of

QUANTILES = {"p50_hours": 0.50, "p95_hours": 0.95, "p99_hours": 0.99, "worst_hours": 1.0}


def estimate_recovery_point(pieces: pd.DataFrame, *, by: str, within_hours: pd.Series) -> pd.DataFrame:
    """Summary of the exposure of each group over the time that is covered.

    Parameters
    ----------
    pieces : DataFrame
        Columns `by`, from_at, until_at, state (protected, unprotected, unknown), data_at, proven, point_assumed,
        direction and allowance_hours (where run times are missing: how far backups lie apart) [h].
    by : str
        "service", "asset" or "tier".
    within_hours : Series
        The target [h] by group; NaN or absent: not set.

    Returns
    -------
    DataFrame
        By group: p50_hours, p95_hours, p99_hours, worst_hours (infinite if ever unprotected), mean_hours (over
        protected time), covered_hours, unknown_hours, unprotected_share, share_over_objective, share_over_proven,
        share_over_cautious, share_assumed (shares of covered time), direction; NaN where nothing is covered.
    """
    law = law_of(pieces, by)
    covered, protected = law.time_known, law.time_protected
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = {name: time / covered for name, time in _times(law, pieces, within_hours).items()}
        mean = law.total(law.protected, (law.youngest + law.oldest) / 2) / protected / HOUR
    return pd.DataFrame(
        {
            by: law.groups,
            **{name: law.quantile(p) for name, p in QUANTILES.items()},
            "mean_hours": mean,
            "covered_hours": covered / HOUR,
            "unknown_hours": law.total(~law.known) / HOUR,
            **shares,
            "direction": pd.array(_direction(law, pieces["direction"]), dtype="str"),
        }
    )


def exposure_quantile(pieces: pd.DataFrame, share: pd.Series, *, by: str) -> pd.Series:
    """The age [h] that is kept to for `share` of the covered time of each group (1: the worst age).

    Parameters
    ----------
    pieces : DataFrame
        As in `estimate_recovery_point`.
    share : Series
        By group; NaN gives NaN.
    """
    law = law_of(pieces, by)
    wanted = pd.Series(law.groups).map(share).to_numpy(dtype=float)
    return pd.Series(law.quantile(wanted), index=pd.Index(law.groups, name=by))


def _times(law: ExposureLaw, pieces: pd.DataFrame, within_hours: pd.Series) -> dict[str, np.ndarray]:
    limit = pd.Series(law.groups).map(within_hours).to_numpy(dtype=float)
    proven, assumed = (pieces[c].to_numpy(dtype=bool) for c in ("proven", "point_assumed"))
    return {
        "unprotected_share": law.total(law.unprotected),
        "share_over_objective": law.over(limit),
        "share_over_proven": law.over(limit, only=proven),
        "share_over_cautious": law.over(limit, added=pieces["allowance_hours"].to_numpy(dtype=float)),
        "share_assumed": law.total(law.protected & assumed),
    }


def _direction(law: ExposureLaw, direction: pd.Series) -> np.ndarray:
    """Exact where all pieces are; else a lower bound, or unknown where some run time had to be learned."""
    code, said = pd.factorize(direction)
    some = {
        d: law.total(law.protected & (code == list(said).index(d))) > 0 for d in ("unknown", "lower bound") if d in said
    }
    dark = law.time_known == 0
    nowhere = np.zeros(len(dark), dtype=bool)
    unknown, lower = (some.get(d, nowhere) for d in ("unknown", "lower bound"))
    return np.select([dark | unknown, lower], ["unknown", "lower bound"], "exact")
