"""The newest point before one moment that could have been recovered at another.

What began to go wrong at one moment and was found at a later one needs a point from before the first that is still
there at the second. With logs, any moment from the base's point to the end of the logs can be recovered.
"""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.clock import UNKNOWN, to_microseconds, to_moments
from continuity_analysis.measurements.intervals import intervals, overlaps
from continuity_analysis.measurements.recovery_points import measure_recovery_points


def measure_points_at(usable: pd.DataFrame, asked: pd.DataFrame) -> np.ndarray:
    """The newest point, not after `before`, of each asset that could be recovered `at` a moment.

    Parameters
    ----------
    usable : DataFrame
        Result of `measure_usable_backups`.
    asked : DataFrame
        Columns asset, at, before: moments; missing ones get no answer.

    Returns
    -------
    ndarray of int64, shape (n,)
        The moment held [us]; `UNKNOWN` where nothing could be recovered.
    """
    at, before = to_microseconds(asked["at"]), to_microseconds(asked["before"])
    found = np.full(len(asked), UNKNOWN)
    rows, question = _there(usable[usable["usable"]].reset_index(drop=True), asked["asset"], at)
    log = (rows["method"] == "log").to_numpy(dtype=bool, na_value=False)
    early = np.where(log, to_microseconds(rows["covers_from_at"]), to_microseconds(rows["data_at"]))
    kept = (early <= before[question]) & (early != UNKNOWN)
    rows, question = rows[kept].reset_index(drop=True), question[kept]
    names = pd.Index(np.unique(question).astype(str), dtype="str")
    rows = rows.assign(
        asset=pd.array(question.astype(str), dtype="str"),
        usable_from_at=to_moments(at[question]),
        usable_until_at=to_moments(at[question] + 1),
    )
    if len(rows):
        points = measure_recovery_points(rows, names, low=int(at[question].min()), high=int(at[question].max()) + 1)
        number = names[points.stretches.group].astype(np.int64).to_numpy()
        held = np.minimum(points.data, before[number])
        np.maximum.at(found, number, held)
    return found


def _there(usable: pd.DataFrame, assets: pd.Series, at: np.ndarray) -> tuple[pd.DataFrame, np.ndarray]:
    """The backups there at each moment asked about, and the number of the question each is there for."""
    known = np.flatnonzero(at != UNKNOWN)
    code, names = pd.factorize(usable["asset"])
    group = pd.Index(names).get_indexer(assets)
    known = known[group[known] >= 0]
    end = to_microseconds(usable["usable_until_at"])
    end = np.where(end == UNKNOWN, np.iinfo(np.int64).max // 2, end)
    lasts = intervals(code, to_microseconds(usable["usable_from_at"]), end)
    asked = pd.DataFrame({"group": group[known], "moment": at[known], "question": known})
    instants = asked[["group", "moment"]].drop_duplicates().sort_values(["group", "moment"], ignore_index=True)
    row, instant = overlaps(lasts, intervals(instants["group"], instants["moment"], instants["moment"] + 1))
    pairs = instants.iloc[instant].assign(row=row).merge(asked, on=["group", "moment"])
    return usable.iloc[pairs["row"]].reset_index(drop=True), pairs["question"].to_numpy()
