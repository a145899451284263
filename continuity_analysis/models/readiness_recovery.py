"""Rules of readiness for how a service is brought back: backups, drills and findings, reconnection, suppliers."""

import pandas as pd

from continuity_analysis.models.readiness_rules import (
    FAIL,
    NOT_APPLICABLE,
    PASS,
    UNKNOWN,
    number,
    old_sight,
    on,
    rule_age,
    ruled,
)
from continuity_analysis.models.verdicts import count, hours

NEVER_BACKED_UP = "no backup of it was ever seen"
INCOMPLETE = ("broken chain", "failed verification", "partial")


def rule_consistent(rows: pd.DataFrame, now: pd.Timestamp) -> pd.DataFrame:
    """The newest backup is whole, and holds the data of one moment."""
    refused, newest = rows["refused"].fillna("").astype("str"), "the newest backup" + on(rows["at"], "of")
    rules = [
        *_no_copies(rows, now),
        (refused.isin(INCOMPLETE), FAIL, "the newest backup" + on(rows["refused_at"], "of") + ": " + refused),
        (rows["one_moment"], PASS, newest + " holds the data of one moment"),
        (True, UNKNOWN, newest + " does not say whether it holds the data of one moment"),
    ]
    return ruled(rows, rules, at=rows["at"])


def rule_off_site(rows: pd.DataFrame, now: pd.Timestamp) -> pd.DataFrame:
    """A usable copy lies at a location that is stated to be far from the primary."""
    far = rows["off_site"].astype("boolean")
    where = "copies at: " + rows["places"].fillna("").astype("str").replace("", "no stated place")
    rules = [
        *_no_copies(rows, now),
        (far.fillna(False), PASS, where),
        (~far.fillna(True), FAIL, where + "; none of them is off-site"),
        (True, UNKNOWN, where + "; which of them is off-site is not stated"),
    ]
    return ruled(rows, rules, at=rows["seen_at"])


def rule_proven(rows: pd.DataFrame, now: pd.Timestamp) -> pd.DataFrame:
    """Backups were restored or read in full not too long ago, and no check failed since."""
    aged = rule_age(rows, now, last="proven_at", limit="proof_max_age_days", what="restore or full read")
    broken = rows["broken_at"].notna() & ~(rows["proven_at"] > rows["broken_at"])
    rules = [
        (broken, FAIL, "a check found a backup broken" + on(rows["broken_at"]) + ", and none was proven since"),
        (rows["proven_at"].isna() & rows["seen_at"].isna(), UNKNOWN, NEVER_BACKED_UP),
        *((aged["result"] == r, r, aged["evidence"].to_numpy(dtype=object)) for r in (FAIL, UNKNOWN, PASS)),
    ]
    return ruled(rows, rules, at=rows["proven_at"].mask(broken, rows["broken_at"]))


def rule_drill(rows: pd.DataFrame, now: pd.Timestamp) -> pd.DataFrame:
    """The last end-to-end drill brought the service back, and is not too old."""
    aged = rule_age(rows, now, last="at", limit="drill_max_age_days", what="end-to-end drill")
    failed = rows["outcome"].eq("never").fillna(False)
    rules = [
        (failed, FAIL, "the last end-to-end drill" + on(rows["at"]) + " never brought it back"),
        *((aged["result"] == r, r, aged["evidence"].to_numpy(dtype=object)) for r in (FAIL, UNKNOWN, PASS)),
    ]
    return ruled(rows, rules, at=rows["at"])


def rule_findings(rows: pd.DataFrame, now: pd.Timestamp) -> pd.DataFrame:
    """No finding of drills and recoveries is open."""
    found, still = number(rows, "n_found"), number(rows, "n_open")
    words = (
        "open: " + count(still) + " of " + count(found) + ", such as “" + rows["finding"].fillna("").astype("str") + "”"
    )
    back = number(rows, "n_came_back")
    words = words + ("; found again after an earlier drill: " + count(back)).where(back > 0, "").to_numpy(dtype=object)
    rules = [
        (still > 0, FAIL, words),
        (found > 0, PASS, "findings: " + count(found) + ", each closed or not found again"),
        (True, UNKNOWN, "no finding is on record, and an empty cell does not say that there was none"),
    ]  # fmt: skip
    return ruled(rows, rules, at=rows["at"])


def rule_reconnection(rows: pd.DataFrame, now: pd.Timestamp) -> pd.DataFrame:
    """After what it needs came back, the service was back within a limit, every time."""
    n, late, limit = number(rows, "n"), number(rows, "n_late"), hours(number(rows, "reconnect_within_hours"))
    told = count(n - late) + " of " + count(n) + " times within " + limit
    told = told + "; the longest took " + hours(number(rows, "longest_hours"))
    rules = [
        (~rows["needs"].astype(bool), NOT_APPLICABLE, "the catalogue states nothing that it needs"),
        (late > 0, FAIL, told),
        (n > 0, PASS, told),
        (True, UNKNOWN, "nothing that it needs came back from an outage that it shared"),
    ]
    return ruled(rows, rules, at=rows["at"])


def rule_suppliers(rows: pd.DataFrame, now: pd.Timestamp) -> pd.DataFrame:
    """Somebody is named who would step in."""
    named = rows["suppliers"].fillna("").astype("str")
    rules = [
        (rows["suppliers"].isna(), UNKNOWN, "the catalogue says nothing of contingency suppliers"),
        (named == "", FAIL, "the catalogue says that there is none"),
        (True, PASS, "named: " + named),
    ]
    return ruled(rows, rules, at=pd.Series(pd.NaT, rows.index, dtype="datetime64[us, UTC]"))


def _no_copies(rows: pd.DataFrame, now: pd.Timestamp) -> list:
    refused = rows["refused"].fillna("").astype("str")
    why = ("; the newest one: " + refused).where(refused != "", "")
    return [
        (rows["seen_at"].isna(), UNKNOWN, NEVER_BACKED_UP),
        old_sight(rows, now, "seen_at"),
        (rows["n_usable"] == 0, FAIL, "no usable backup" + on(rows["seen_at"]) + why.to_numpy(dtype=object)),
    ]
