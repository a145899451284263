"""The exposure of one asset at one moment, the slow way: straight from the definition, one backup at a time."""


def age(rows, moment, *, accept_partial=False):
    """Hours since the newest usable recovery point at `moment`; None: nothing to restore from."""
    by_id = {r["backup_id"]: r for r in rows}
    bases = [point(r) for r in rows if r["method"] != "log" and usable(r, by_id, moment, accept_partial)]
    if not bases:
        return None
    best = max(reach(max(bases), rows, moment, location) for location in {r["location"] for r in rows})
    return moment - max(best, max(bases))


def point(row):
    if row["recovery_point_at"] is not None:
        return row["recovery_point_at"]
    return row["started_at"] if row["started_at"] is not None else row["finished_at"]


def usable(row, by_id, moment, accept_partial, depth=0):
    if row["status"] not in ("completed", None) and not (row["status"] == "partial" and accept_partial):
        return False
    if row.get("verified_result") == "failed" or depth > len(by_id):
        return False
    begin = max(row["finished_at"], point(row))
    end = row.get("expires_at")
    if not begin <= moment or (end is not None and not moment < end):
        return False
    if row.get("parent_id") is None:
        return True
    parent = by_id.get(row["parent_id"])
    return parent is not None and usable(parent, by_id, moment, accept_partial, depth + 1)


def reach(base, rows, moment, location):
    """Where the unbroken row of log chunks that are there ends, from `base` on."""
    chunks = [r for r in rows if r["method"] == "log" and r["location"] == location and r["status"] == "completed"]
    there = [
        (r["covers_from_at"], r["recovery_point_at"])
        for r in chunks
        if r["finished_at"] <= moment and (r.get("expires_at") is None or moment < r["expires_at"])
    ]
    grown = True
    while grown:
        ends = [until for since, until in there if since <= base < until]
        grown = bool(ends)
        base = max([base, *ends])
    return base
