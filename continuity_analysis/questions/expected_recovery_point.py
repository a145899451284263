"""How much data would we lose? What the backup cycles so far let one expect, and what the coming period may bring."""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.once import once
from continuity_analysis.models.expected_exposure import estimate_expected_exposure
from continuity_analysis.models.exposure_forecast import forecast_exposure
from continuity_analysis.models.verdicts import count
from continuity_analysis.periods import Period
from continuity_analysis.questions.foreseen import COMING, EXPECTED, foresee

SEVERAL = "of several assets: only the coming period is simulated"
COLUMNS = (
    "achieved_hours", *EXPECTED, *COMING, "objective", "share_promised",
    "chance", "chance_error", "required_chance", "n_assets", "n_cycles", "n_due", "n_missed", "clustered", "direction",
    "history_from", "reason",
)  # fmt: skip


def expected_recovery_point(logs, period, *, by: str = "service", history=None) -> pd.DataFrame:
    """Expected recovery-point exposure of every service (or asset, or tier), and a forecast of the coming period.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments
        The period whose achieved exposure stands beside; the coming one is as long, and begins where the backups of
        each asset were last watched.
    by : {"service", "asset", "tier"}
        A service (or tier) has, at each moment, the exposure of the worst of its assets, taken as independent of each
        other.
    history : str, Period or pair of moments, optional
        The time whose backup cycles count; by default all in which it is proven that no run was overlooked.

    Returns
    -------
    DataFrame
        `by`, least chance first: achieved_hours (mean over the period); expected_hours with its 95 % interval (mean in
        the long run, of services with one asset); coming_mean, coming_p95, coming_worst and coming_promised, which is
        the age kept to for the share of time promised, or all of it (_hours: median of the simulated periods; _low,
        _high: 95 % prediction interval) [h]; objective [h], share_promised, chance to meet it in the coming period with
        its Monte Carlo error, required_chance; n_assets, n_cycles (complete), n_due (runs that were due), n_missed
        (failed, or without a trace); clustered; direction (of the run times); history_from; reason (why there is no
        expectation, such as of a service judged against loss of primary).

    Raises
    ------
    InputError
        If `by` is none of these.
    """
    seen = foresee(logs, period, by=by, history=history)
    table, alone = seen.table, np.bincount(seen.group, minlength=len(seen.known)) == 1
    single = alone[seen.group]
    expected = estimate_expected_exposure(seen.law).loc[single, list(EXPECTED)]
    table.loc[seen.known[seen.group[single]], EXPECTED] = expected.to_numpy()
    coming = forecast_exposure(seen.law, seen.group, hours=seen.exposed.window.hours, objectives=seen.objectives)
    table.loc[seen.known, coming.columns] = coming.to_numpy()
    table.loc[seen.known[~alone], "reason"] = SEVERAL
    table = table.sort_values(["chance", "coming_mean_hours", by], ascending=[True, False, True], ignore_index=True)
    return table[[by, *COLUMNS]]


@once
def coming_recovery_point(logs, *, window: Period, by: str = "service") -> pd.DataFrame:
    """By service (or tier) the age kept to for the share of time promised in the coming period, and that chance.

    The same draws as of `expected_recovery_point`, less what else is in them; worked out once.

    Returns
    -------
    DataFrame
        Index `by`; expected, expected_low, expected_high [h]; chance_next_period, required_chance, chance_basis
        (words that may follow the chance). Null where nothing is foreseen.
    """
    seen = foresee(logs, window, by=by, history=None)
    coming = forecast_exposure(seen.law, seen.group, hours=window.hours, objectives=seen.objectives, of=("promised",))
    table = seen.table.assign(**coming.set_axis(seen.known).reindex(seen.table.index))
    ends = {"coming_promised_hours": "expected", "coming_promised_low": "expected_low"}
    ends |= {"coming_promised_high": "expected_high", "chance": "chance_next_period"}
    runs = ", as of " + count(table["n_due"].to_numpy(float)) + " due runs " + count(table["n_missed"].to_numpy(float))
    named = table[[by, "required_chance", *ends]].rename(columns=ends)
    return named.assign(chance_basis=runs + " were missed").set_index(by)
