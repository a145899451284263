"""Do services fail more often than they did, or less often? Tests, and the mean number of failures over time."""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.services import measure_services
from continuity_analysis.models.failure_times import FailureTimes, failure_times
from continuity_analysis.models.mean_cumulative import mean_cumulative
from continuity_analysis.models.power_law import fit_power_law
from continuity_analysis.models.trends import TOO_FEW, judge_trends, trend_tests
from continuity_analysis.periods import read_period
from continuity_analysis.questions.expected_availability import failure_history

ALL_SERVICES = "all services"
BETA = ["beta", "beta_low", "beta_high"]
NO_FIT = 0.01  # below this chance the power law is not what the failures follow
COLUMNS = (
    "service", "n", "up_hours", "verdict", "laplace_u", "laplace_p", "mil_hdbk_chi2", "mil_hdbk_df", "mil_hdbk_p",
    "lewis_robinson_u", "lewis_robinson_p", "adjusted_p", *BETA, "fit_p", "reason",
)  # fmt: skip
CUMULATIVE = ("service", "hours", "failures", "low", "high", "at_risk")


def trends(logs, period=None) -> pd.DataFrame:
    """Whether each service fails more often, or less often, than it did.

    The clock is up time: what nobody watched, and what a service was down, is cut out of it. Unplanned failures as
    `availability` counts them; overlapping ones of a service are one. One at zero on that clock is not counted: the
    observation began because of it.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments, optional
        By default all known time up to as_of.

    Returns
    -------
    DataFrame
        One row per service, the least adjusted_p first, and a last one for all services together (none without
        services), each against a constant rate of its own, in the time in which no other one was failed, so that
        failures of several services that overlap are one. service, n, up_hours [h], verdict ("more often", "less
        often", "no evidence of a trend", "the tests disagree", "too few failures"), the tests as `trend_tests` has
        them, adjusted_p (of a trend, as `judge_trends` has it), beta with its exact interval (the exponent of a power
        law of up time, by maximum likelihood; above 1: more often; null where that law does not fit), fit_p and reason.
        Below 8 failures all is null but n and up_hours.
    """
    measured, failures = _counted(logs, period)
    apart, common = _counted(logs, period, apart=True)
    common, none = common.drop_duplicates("started_at"), np.zeros(len(apart), dtype=np.int64)
    up, quiet = (x["up_hours"].to_numpy(float) for x in (measured, apart))
    each = _ask(failure_times(failures["up_before_hours"], failures["group"], up))
    fleet = _ask(failure_times(common["up_before_hours"], common["group"], quiet, group=none))
    each = each.assign(service=measured["service"], up_hours=up)
    order = np.lexsort((each["service"], -each["n"], each["adjusted_p"].fillna(2)))
    fleet = fleet.assign(service=ALL_SERVICES, up_hours=quiet.sum())
    return pd.concat([each.iloc[order], fleet], ignore_index=True)[list(COLUMNS)]


def cumulative_failures(logs, period=None) -> pd.DataFrame:
    """How many failures each service had had by each of its hours of up time, and the mean over services.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments, optional
        By default all known time up to as_of.

    Returns
    -------
    DataFrame
        service, hours (of up time) [h], failures, and for the last one, "all services", the mean per service with its
        95 % band low and high (null with fewer than 5 services, or failures) and at_risk, the services with so much up
        time. Each begins at 0 and ends with its last hour of up time. The band takes services as independent.
    """
    measured, failures = _counted(logs, period)
    up = measured["up_hours"].to_numpy(float)
    times, known = failure_times(failures["up_before_hours"], failures["group"], up), np.flatnonzero(up > 0)
    each = pd.DataFrame({"system": times.system, "hours": times.hours})
    each["failures"] = each.groupby("system").cumcount() + 1.0
    first = pd.DataFrame({"system": known, "hours": 0.0, "failures": 0.0})
    last = pd.DataFrame({"system": known, "hours": up[known], "failures": times.n[known].astype(float)})
    rows = pd.concat([first, each, last]).sort_values(["system", "hours", "failures"], kind="stable")
    rows["service"] = pd.Series(measured["service"].to_numpy()[rows["system"]], index=rows.index, dtype="str")
    return pd.concat([rows, _mean(times)], ignore_index=True)[list(CUMULATIVE)]


def _counted(logs, period, *, apart: bool = False) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Down time, and the failures that count, of all services."""
    services = measure_services(logs)
    window = None if period is None else read_period(period, timezone=logs.timezone, as_of=logs.as_of)
    measured, failures, _ = failure_history(logs, services, window, apart=apart)
    return measured, failures[failures["up_before_hours"] > 0].reset_index(drop=True)


def _ask(times: FailureTimes) -> pd.DataFrame:
    """Tests, verdict and exponent of each group; no exponent where it would describe nothing."""
    found, law = judge_trends(trend_tests(times)), fit_power_law(times)
    asked = (found["verdict"] != TOO_FEW).to_numpy()
    fits = asked & ~(law["fit_p"] < NO_FIT).to_numpy()
    found[BETA] = law[BETA].where(pd.Series(fits))
    found["fit_p"] = law["fit_p"].where(asked)
    found["reason"] = found["reason"].where(fits | ~asked | found["reason"].notna(), "a power law does not fit")
    return found


def _mean(times: FailureTimes) -> pd.DataFrame:
    """The mean over all services, from 0 to the longest up time."""
    if not (times.end > 0).any():
        return pd.DataFrame(columns=CUMULATIVE)
    mean, longest = mean_cumulative(times), times.end.max()
    first = pd.DataFrame({"hours": [0.0], "failures": [0.0], "at_risk": [int((times.end > 0).sum())]})
    last = pd.DataFrame({"hours": [longest], "failures": [mean["failures"].max() if len(mean) else 0.0],
                         "at_risk": [int((times.end == longest).sum())]})  # fmt: skip
    return pd.concat([first, mean, last], ignore_index=True).assign(service=ALL_SERVICES)
