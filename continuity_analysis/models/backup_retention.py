"""How long backups stayed against how long they were to stay.

A listing says that a backup was still there, the next one that it is not any more: it went somewhere between. So each
quantile of the survival curve has two values, as if all had gone when they were last seen, and as if all had gone just
before they were found missing; the truth lies between. What is still there has stayed at least so long.
"""

import numpy as np
import pandas as pd

from continuity_analysis.models.lifetimes import kaplan_meier, quantiles

EARLY, KEPT, NOT_YET, NONE = "gone too early", "kept as promised", "not evidenced", "nothing promised"
_ROUNDING = 1 / 60  # [h]: plans and begins are stamped to the second at best


def estimate_retention(stays: pd.DataFrame, *, jobs: int, promised_hours: np.ndarray) -> pd.DataFrame:
    """Retention reached by the backups of every job.

    Parameters
    ----------
    stays : DataFrame
        Result of `measure_stays`.
    jobs : int
        How many there are.
    promised_hours : array of float, shape (jobs,)
        How long each backup is to stay [h]; where missing, each until it expires, as the tool plans it.

    Returns
    -------
    DataFrame
        One row per job: n (backups that listings show), n_gone, shortest_least_hours, shortest_most_hours (of those
        that went, the shortest stay lies between), median_least_hours, median_most_hours (Kaplan-Meier; missing: not
        reached), oldest_hours (of those still there, when last listed), promised_hours (of plans the median),
        basis (stated, planned by the tool, or empty), n_kept (surely as long as promised),
        n_early (surely shorter), n_open (neither is sure), verdict.
    """
    known = stays[stays["least_hours"].notna()]
    code, least = known["code"].to_numpy(), known["least_hours"].to_numpy()
    gone = known["gone"].to_numpy(bool)
    most = np.where(gone, known["most_hours"], least)
    low, high = (quantiles(kaplan_meier(h, gone, group=code, groups=jobs), 0.5)["estimate"] for h in (least, most))
    planned = _by_job(known["planned_hours"], code, jobs, "median")
    stated = np.asarray(promised_hours, dtype=float)
    promised = np.where(np.isnan(stated), planned, stated)
    limit = np.where(np.isnan(stated[code]), known["planned_hours"], stated[code]) - _ROUNDING
    kept, early = least >= limit, known["most_hours"].to_numpy() < limit
    counts = {"n": np.ones(len(code), bool), "n_gone": gone, "n_kept": kept, "n_early": early}
    out = pd.DataFrame({k: np.bincount(code[v], minlength=jobs) for k, v in counts.items()})
    out["n_open"] = np.where(np.isnan(promised), 0, out["n"] - out["n_kept"] - out["n_early"])
    went = known["least_hours"].where(gone)
    out["shortest_least_hours"] = _by_job(went, code, jobs, "min")
    out["oldest_hours"] = _by_job(known["least_hours"].where(~gone), code, jobs, "max")
    out["shortest_most_hours"] = _by_job(known["most_hours"].where(gone), code, jobs, "min")
    out = out.assign(median_least_hours=low.to_numpy(), median_most_hours=high.to_numpy(), promised_hours=promised)
    basis = np.select([~np.isnan(stated), ~np.isnan(planned)], ["stated", "planned by the tool"], "")
    cases = [np.isnan(promised), (out["n_early"] > 0).to_numpy(), (out["n_kept"] > 0).to_numpy()]
    verdict = np.select(cases, [NONE, EARLY, KEPT], NOT_YET)
    return out.assign(basis=pd.Series(basis, dtype="str"), verdict=pd.Series(verdict, dtype="str"))


def _by_job(values: pd.Series, code: np.ndarray, jobs: int, how: str) -> np.ndarray:
    return values.groupby(code).agg(how).reindex(range(jobs)).to_numpy(dtype=float)
