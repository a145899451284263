"""Percona Backup for MongoDB list: `pbm list -o json`, the backups that can be restored and the point-in-time ranges.

Get it with: ``pbm list -o json``, regularly: what was deleted is no longer there. `pbm status` says more.

- Only backups that are done and fit this version are listed: failures and running ones never are.
- `snapshots` is null, not an empty list, where there is none; `pitr` is missing where `--profile` names another
  storage.
- During a resync the whole answer is a message, which is not an empty list: it is ignored.
- What `restoreTo`, `src`, `nss` and the ranges mean is as in `pbm_status`. There is no size.
- The cluster is not named: the asset is the list of replica sets where ranges are given for each (`rsRanges`), else
  "mongodb". For the rows of list and status to meet, give both the same `asset` in `sources` of the catalogue.

Checked against: PBM's own types and the vendor's documentation; no raw export was at hand.
"""

from continuity_analysis.ingest.formats import pbm_status

CONTAINER = "json"
KEY = ("snapshots", "pitr.ranges")
FIELDS = {name: path for name, path in pbm_status.FIELDS.items() if name != "agents"}
FIELDS |= {"replica_sets": "$page.pitr.rsRanges", "message": "msg"}
EXPORT = "listing"
REFUSES = {
    "the text for people of Percona Backup for MongoDB: export it with `pbm status -o json`": (
        r"(?m)^Backup snapshots:$|^Backups:\n=+$"
    ),
}


def recognises(head) -> bool:
    """Whether it is a list of backups with ranges, or says that it cannot list them now."""
    if head.keys == {"msg"}:
        return "resync" in str(head.first["msg"])
    backups = head.first.get("snapshots") or [{}]
    return {"snapshots", "pitr"} <= head.keys or (head.keys == {"snapshots"} and "restoreTo" in backups[0])


IGNORES = {"the storage was being resynchronised": "message IS NOT NULL"}
TABLES = pbm_status.TABLES
