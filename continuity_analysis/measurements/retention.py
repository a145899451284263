"""Retention depth: how far back one could go at each moment, the oldest point that could still be recovered.

An intrusion that is found late needs a point from before it. Depth is the age of the oldest usable backup, as exposure
is that of the newest: time is mirrored, so that the oldest point is the newest one, and measured by the same means.
Logs reach forward from a base, never back, and do not count.
"""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.clock import UNKNOWN, to_microseconds, to_moments


def mirrored(usable: pd.DataFrame) -> pd.DataFrame:
    """Usable backups without logs, what they hold mirrored in time.

    Parameters
    ----------
    usable : DataFrame
        Result of `measure_usable_backups`.
    """
    bases = usable[usable["method"] != "log"].reset_index(drop=True)
    return bases.assign(data_at=_mirror(bases["data_at"]))


def measure_retention(pieces: pd.DataFrame) -> pd.DataFrame:
    """Pieces of retention depth, from the exposure of mirrored backups.

    Parameters
    ----------
    pieces : DataFrame
        Result of `measure_exposure` or, for services, of `measure_service_exposure`, of `mirrored` backups. In the
        mirror the worst of a service's assets is the one with the least depth.

    Returns
    -------
    DataFrame
        Columns of `pieces`; `data_at` is the oldest point, and where there is none the moment the piece ends, which
        makes the depth 0: state is protected or unknown.
    """
    oldest = pd.Series(_mirror(pieces["data_at"]), index=pieces.index)
    bare = pieces["state"] == "unprotected"
    return pieces.assign(
        data_at=oldest.where(~bare, pieces["until_at"]),
        state=pieces["state"].mask(bare, "protected"),
        backup_id=pieces["backup_id"].mask(bare),
    )


def _mirror(moments: pd.Series) -> pd.DatetimeIndex:
    values = to_microseconds(moments)
    return to_moments(np.where(values == UNKNOWN, UNKNOWN, -np.where(values == UNKNOWN, 0, values)))
