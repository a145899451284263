"""Backup runs: one row per backup, the job it belongs to, how it ended, how long it took."""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.backup_moments import AT_END
from continuity_analysis.measurements.clock import HOUR, UNKNOWN, to_microseconds
from continuity_analysis.measurements.usable_backups import KEY

JOB = ["product", "asset", "location", "method"]
ALL_RUNS = ("events", "window")  # exports that show failed runs as well as good ones
_STATES = {"failed": "failed", "running": "running", "failed verification": "failed verification", "partial": "partial"}
NOT_SAID = "not said"


def measure_backup_runs(backups: pd.DataFrame, exports: pd.DataFrame, usable: pd.DataFrame) -> pd.DataFrame:
    """Every run whose begin is known, in the order of job and begin; continuous logs are no runs.

    Parameters
    ----------
    backups : DataFrame
        Canonical backups with `survivors_only`; several rows of one backup count once.
    exports : DataFrame
        Canonical exports.
    usable : DataFrame
        Result of `measure_usable_backups`.

    Returns
    -------
    DataFrame
        code (job, from 0), product, asset, location, method (never missing: "not stated"), backup_id, begun [us],
        ended [us], run_hours (missing: its begin or end is not known), size_bytes (protected, else on storage), state
        (done, partial, failed, failed verification, running, not said), serves (it leaves something to restore from),
        history (an export that shows all runs has it), last_seen,
        removed, expires [us], error.
    """
    rows = backups.drop_duplicates(KEY, ignore_index=True)
    rows = rows.assign(method=rows["method"].astype("str"))
    says = ["status", "started_at", "finished_at", "recovery_point_at", "recovery_point_basis"]
    stays = ["last_seen_at", "removed_at", "expires_at"]
    rows = rows[[*KEY, *says, *stays, "size_bytes", "stored_bytes", "survivors_only", "export_id", "error"]]
    runs = usable.merge(rows, on=KEY, how="left")
    runs = runs[(runs["method"] != "log") & runs["begun_at"].notna()]
    kinds = exports.drop_duplicates("export_id").set_index("export_id")["export_kind"]
    kind = runs["export_id"].map(kinds)
    listed = runs["survivors_only"].fillna(False).to_numpy(dtype=bool)
    history = ~listed & kind.isin([*ALL_RUNS, "listing"]).to_numpy()
    begun, ended, hours = _times(runs)
    out = (
        runs[[*JOB, "backup_id", "error"]]
        .fillna(dict.fromkeys(JOB, "not stated"))
        .assign(
            begun=begun,
            ended=ended,
            run_hours=hours,
            size_bytes=runs["size_bytes"]
            .fillna(runs["stored_bytes"])
            .astype("Float64")
            .to_numpy(float, na_value=np.nan),
            state=_states(runs, history),
            serves=runs["reason"].isin(["", "broken chain"]).to_numpy(),
            history=history,
            **{name.removesuffix("_at"): to_microseconds(runs[name]) for name in stays},
        )
    )
    return number_jobs(out)


def number_jobs(runs: pd.DataFrame) -> pd.DataFrame:
    """Runs with the number of their job as `code`, in the order of job and begin."""
    out = runs.assign(code=runs.groupby(JOB, sort=True).ngroup())
    return out.sort_values(["code", "begun", "backup_id"], ignore_index=True)


def _times(runs: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Begin and end [us], and run time [h]; where no end is said, it is a recovery point that lies at the end."""
    started, finished, point = (to_microseconds(runs[c]) for c in ("started_at", "finished_at", "recovery_point_at"))
    at_end = runs["recovery_point_basis"].isin(AT_END).to_numpy()
    ended = np.where((finished == UNKNOWN) & at_end, point, finished)
    done = ~runs["status"].isin(["failed", "running"]).to_numpy()
    known = (started != UNKNOWN) & (ended != UNKNOWN) & (ended > started) & done
    hours = np.where(known, ended - np.where(known, started, ended), 0) / HOUR
    return to_microseconds(runs["begun_at"]), ended, np.where(known, hours, np.nan)


def _states(runs: pd.DataFrame, history: np.ndarray) -> np.ndarray:
    """How each ended; a run of which no status is said is done where it is still listed, and not said elsewhere."""
    said = runs["reason"].map(_STATES)
    silent = (runs["status"].isna() & history) | (runs["status"] == "deleted").fillna(False)
    partly = (runs["status"] == "partial").fillna(False)
    rest = np.select([partly.to_numpy(bool), silent.to_numpy(bool)], ["partial", NOT_SAID], "done")
    return said.fillna(pd.Series(rest, index=runs.index)).to_numpy(dtype=object)
