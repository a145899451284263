"""Rules of readiness for how a service runs and is changed: replicas, their spread, autoscaling, budgets, pipeline."""

import numpy as np
import pandas as pd

from continuity_analysis.models.readiness_rules import FAIL, PASS, UNKNOWN, days, number, old_sight, on, ruled
from continuity_analysis.models.verdicts import count

NOT_SEEN = "was not seen"


def rule_replicas(rows: pd.DataFrame, now: pd.Timestamp) -> pd.DataFrame:
    """At least so many replicas were ready; fewer asked for are too few even where readiness was not seen."""
    ready, asked, least = (number(rows, c) for c in ("ready", "replicas", "min_replicas"))
    seen = "replicas ready: " + count(ready) + _of(asked) + on(rows["at"])
    few = "replicas asked for: " + count(asked) + on(rows["at"])
    rules = [
        old_sight(rows, now),
        (ready >= least, PASS, seen),
        (ready < least, FAIL, seen),
        (asked < least, FAIL, few),
        (True, UNKNOWN, "how many replicas are ready " + NOT_SEEN),
    ]
    return ruled(rows, rules, at=rows["at"])


def rule_spread(rows: pd.DataFrame, now: pd.Timestamp, *, over: str) -> pd.DataFrame:
    """Replicas run on at least so many different nodes (or zones)."""
    seen, least = number(rows, over), number(rows, f"min_{over}")
    words = f"different {over}: " + count(seen) + on(rows["at"])
    rules = [
        old_sight(rows, now),
        (seen >= least, PASS, words),
        (seen < least, FAIL, words),
        (True, UNKNOWN, f"the {over} it runs on were not seen"),
    ]
    return ruled(rows, rules, at=rows["at"])


def rule_flag(rows: pd.DataFrame, now: pd.Timestamp, *, flag: str, name: str) -> pd.DataFrame:
    """Something acts on the workload, such as "an autoscaler"."""
    there, bare = rows[flag].astype("boolean"), name.split(" ", maxsplit=1)[1]
    rules = [
        old_sight(rows, now),
        (there.fillna(False), PASS, f"has {name}" + on(rows["at"])),
        (~there.fillna(True), FAIL, f"has no {bare}" + on(rows["at"])),
        (True, UNKNOWN, f"whether it has {name} " + NOT_SEEN),
    ]
    return ruled(rows, rules, at=rows["at"])


def rule_pipeline_green(rows: pd.DataFrame, now: pd.Timestamp) -> pd.DataFrame:
    """The last deployment of every component that is still deployed (or of the last one that was) went well."""
    recent = rows["ended_at"] >= now - days(rows, "pipeline_max_age_days")
    newest = rows.groupby("service")["ended_at"].transform("max")
    kept = recent | (rows["ended_at"] == newest) | newest.isna()
    rows = rows[kept.to_numpy(dtype=bool)].reset_index(drop=True)
    outcome = rows["outcome"].fillna("")
    words = "last deployment " + outcome.astype("str") + on(rows["ended_at"])
    rules = [
        (outcome == "completed", PASS, words),
        (outcome.isin(["failed", "rolled back"]), FAIL, words),
        (True, UNKNOWN, "no deployment that ended is on record"),
    ]
    return ruled(rows, rules, at=rows["ended_at"])


def _of(total: np.ndarray) -> pd.Series:
    return (" of " + count(total) + " asked for").where(~np.isnan(total), "")
