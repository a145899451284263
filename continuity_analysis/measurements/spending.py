"""How down time or failed requests added up over a period, and when they passed what was allowed."""

import numpy as np
import pandas as pd

HOUR = pd.Timedelta(hours=1)
_ROUNDING = 1e-9


def measure_spending(pieces: pd.DataFrame) -> pd.DataFrame:
    """Down time of each service added up, at every moment at which its rate changes.

    Parameters
    ----------
    pieces : DataFrame
        service, start, end, impact, as `measure_down_pieces` returns them; where they overlap both count.

    Returns
    -------
    DataFrame
        service, at, spent (hours down so far, weighted by impact [h]), rate (hours per hour from here on); in order.
    """
    begins = pieces[["service", "start", "impact"]].set_axis(["service", "at", "rate"], axis=1)
    ends = pieces[["service", "end", "impact"]].set_axis(["service", "at", "rate"], axis=1)
    changes = (
        pd.concat([begins, ends.assign(rate=-ends["rate"])]).groupby(["service", "at"], as_index=False)["rate"].sum()
    )
    rate = changes.groupby("service")["rate"].cumsum()
    by = changes.groupby("service")
    lasted = ((changes["at"] - by["at"].shift()) / HOUR).fillna(0.0)
    gained = (lasted * rate.groupby(changes["service"]).shift()).fillna(0.0)
    return changes.assign(spent=gained.groupby(changes["service"]).cumsum(), rate=rate)


def measure_exhaustion(spending: pd.DataFrame, allowed: pd.Series) -> pd.Series:
    """When what was allowed was passed.

    Parameters
    ----------
    spending : DataFrame
        service, at, spent (so far) and rate (per hour from here on), in order within each service.
    allowed : Series
        By service, in the unit of `spent`; missing: nothing to pass.

    Returns
    -------
    Series
        By service, the moment; missing where it was not passed.
    """
    limit = spending["service"].map(allowed).astype(float)
    before = spending.groupby("service")[["at", "spent", "rate"]].shift()
    passed = (spending["spent"] > limit * (1 + _ROUNDING)).to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        hours = ((limit - before["spent"]) / before["rate"])[passed]
    steady = np.isfinite(hours.astype(float))
    at = (before["at"] + hours.where(steady, 0.0) * HOUR)[passed].where(steady, spending["at"][passed])
    first = pd.DataFrame({"service": spending["service"][passed], "at": at}).drop_duplicates("service")
    return first.set_index("service")["at"].reindex(allowed.index).dt.floor("us")
