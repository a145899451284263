"""Where does the time of a recovery go, what would phases drawn apart take, and which law do durations follow?"""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.recoveries import PHASES
from continuity_analysis.measurements.recovery_phases import NOT_SPLIT, measure_phase_durations
from continuity_analysis.models.phase_shares import estimate_phases
from continuity_analysis.models.recovery_fits import fit_recovery_times
from continuity_analysis.models.redrawn_totals import redraw_totals
from continuity_analysis.questions.recoveries_seen import grouped_recoveries, judged_at

PHASE_NAMES = (*(name.removesuffix("_hours") for name in PHASES), "not_split")
MEASURES = {"disruption to service": "", "data alone": "data_"}


def phase_shares(logs, *, period=None) -> pd.DataFrame:
    """How long each phase of recoveries and drills takes, its share of the time, and of how much they differ.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments, optional
        As of `recovery_time`; evidence too old to count, and restores without a recorded disruption, are left out.

    Returns
    -------
    DataFrame
        One row per service (and one of "all services") and phase (detect, declare, start, restore_data, bring_back;
        not_split: between moments that were recorded); then as `estimate_phases` has it.
    """
    phases, names = _phases_of(logs, period)
    found = estimate_phases(phases, groups=len(names), number=NOT_SPLIT + 1)
    found.insert(0, "service", names[found["group"]].astype("str"))
    return found.assign(phase=pd.Series(np.array(PHASE_NAMES)[found["phase"]], dtype="str")).drop(columns="group")


def redrawn_recovery_time(logs, *, period=None, seed: int = 0) -> pd.DataFrame:
    """What recoveries that come back would take with each phase drawn from its own law, independently of the others.

    Parameters
    ----------
    logs, period
        As of `phase_shares`.
    seed : int
        Of the draws.

    Returns
    -------
    DataFrame
        One row per service with phases: service, then as `redraw_totals` has it, the median (redrawn_hours) beside the
        measured one. Services are not drawn together: phases of the same service go together, so they would not be
        independent.
    """
    phases, names = _phases_of(logs, period)
    phases, names = phases[phases["group"] < len(names) - 1], names[:-1]
    found = redraw_totals(phases, NOT_SPLIT + 1, groups=len(names), rng=np.random.default_rng(seed))
    found.insert(0, "service", pd.Series(names, dtype="str"))
    return found[np.isin(np.arange(len(names)), phases["group"])].reset_index(drop=True)


def fitted_recovery_time(logs, *, period=None, seed: int = 0) -> pd.DataFrame:
    """Which law the durations of recoveries that come back follow, by service and for all together.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments, optional
        As of `recovery_time`; evidence too old to count is left out.
    seed : int
        Of the bootstrap behind the test of fit.

    Returns
    -------
    DataFrame
        service, measures ("disruption to service", on the service's clock, or "data alone"), then as
        `fit_recovery_times` has it, the best family first; one row without a family where there is no fit.
    """
    moment, _ = judged_at(logs, period)
    rows, names = grouped_recoveries(logs, moment)
    parts = [
        rows.assign(
            group=rows["group"] * len(MEASURES) + i,
            **{name: rows[f"{clock}{name}"] for name in ("outcome", "hours", "resolution_hours")},
        )
        for i, clock in enumerate(MEASURES.values())
    ]
    asked = pd.concat(parts, ignore_index=True)
    asked = asked[asked["outcome"] != "data"]
    found = fit_recovery_times(asked, groups=len(names) * len(MEASURES), seed=seed)
    found = found[found["n"] > 0].reset_index(drop=True)
    service, measures = divmod(found["group"].to_numpy(np.int64), len(MEASURES))
    found.insert(0, "service", pd.Series(names[service], dtype="str"))
    found.insert(1, "measures", pd.Series(np.array(list(MEASURES))[measures], dtype="str"))
    return found.drop(columns="group")


def _phases_of(logs, period) -> tuple[pd.DataFrame, pd.Index]:
    """Phases of recoveries by group, and the names of the groups, the last of which are all services together."""
    moment, _ = judged_at(logs, period)
    rows, names = grouped_recoveries(logs, moment)
    phases = measure_phase_durations(rows)
    return phases.assign(group=rows["group"].to_numpy(np.int64)[phases["row"]]), names
