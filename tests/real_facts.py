"""Facts of the real backup and restore exports, read with json and datetime alone: none of the project's code.

    python -m tests.real_facts

prints the tables of docs/real_backups.md. The exports lie in shared/data/backups beside the project, or where
REAL_BACKUPS says.
"""

import json
import os
import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import median

BESIDE = Path(__file__).resolve().parents[2] / "shared" / "data" / "backups"
REAL = Path(os.environ.get("REAL_BACKUPS", BESIDE))


def load(name):
    text = (REAL / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()] if name.endswith(".ndjson") else json.loads(text)


def moment(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def seconds(number):
    return datetime.fromtimestamp(float(number), UTC)


FAR = "9999-01-01T00:00:00Z"


def flex_restores():
    """Begun as scheduled, ended when finished."""
    return [
        (moment(job["restoreScheduledDate"]), moment(job["restoreFinishedDate"]), job["status"] == "COMPLETED")
        for job in load("atlas/flex_restoreJobs_list_page1.json")["results"]
    ]


def dedicated_restores():
    """Those into a cluster (downloads restore nothing); begun in the second that the id holds, one never ended."""
    jobs = load("atlas/history_dedicated_restoreJobs.ndjson")
    return [
        (seconds(int(job["id"][:8], 16)), moment(job.get("finishedAt", FAR)), "finishedAt" in job and not job["failed"])
        for job in jobs
        if job["deliveryType"] == "automated"
    ]


def pgbackrest_restore():
    """The time of day at both ends of the command in its log."""
    text = (REAL / "pgbackrest/live_2.45_restore.log").read_text(encoding="utf-8")
    stamp = r"^(\S+ \S+) P00 +INFO: restore command "
    begin, end = (re.search(stamp + word, text, flags=re.M).group(1) for word in ("begin", "end: completed"))
    return [(moment(begin + "Z"), moment(end + "Z"), True)]


def barman_restore():
    """Begun as it says, for as long as it says."""
    said = load("barman/live_3.19.1_recover.json")
    begin = moment(said["recovery_start_time"])
    return [(begin, begin + timedelta(seconds=said["recovery_elapsed_time_seconds"]), True)]


def flex_snapshots():
    """Data of the start, usable from the finish."""
    found = load("atlas/flex_snapshots_list.json")["results"]
    return [(moment(s["startTime"]), moment(s["finishTime"])) for s in found if s["status"] == "COMPLETED"]


def pgbackrest_backups():
    """Data of the end, usable from then."""
    (stanza,) = load("pgbackrest/live_2.45_info.json")
    return [(seconds(b["timestamp"]["stop"]),) * 2 for b in stanza["backup"] if not b["error"]]


def barman_backups():
    """Data of the end, usable from then."""
    found = load("barman/live_3.19.1_list_backups.json")["main"]
    return [(seconds(b["end_time_timestamp"]),) * 2 for b in found if b["status"] == "DONE"]


def restic_snapshots():
    """Data of the start; the end is not told."""
    return [(moment(re.sub(r"(\.\d{6})\d*", r"\1", s["time"])).astimezone(UTC),) * 2
            for s in load("restic/live_0.14_snapshots.json")]  # fmt: skip


def pbm_backups():
    """Data of the last write of the whole cluster, usable from the last transition."""
    found = [load(f"pbm/{path.name}") for path in sorted((REAL / "pbm").glob("*.pbm.json"))]
    return [
        (seconds(b["last_write_ts"]["T"]), seconds(b["last_transition_ts"])) for b in found if b["status"] == "done"
    ]


RESTORES = {
    "atlas/flex_restoreJobs_list_page1.json": flex_restores,
    "atlas/history_dedicated_restoreJobs.ndjson": dedicated_restores,
    "pgbackrest/live_2.45_restore.log": pgbackrest_restore,
    "barman/live_3.19.1_recover.json": barman_restore,
}
BACKUPS = {
    "atlas/flex_snapshots_list.json": flex_snapshots,
    "pgbackrest/live_2.45_info.json": pgbackrest_backups,
    "barman/live_3.19.1_list_backups.json": barman_backups,
    "restic/live_0.14_snapshots.json": restic_snapshots,
    "pbm/*.pbm.json": pbm_backups,
}


def restore_facts(name):
    """n, completed, the median duration (one that never ended is longer than any), the longest completed one [s]."""
    rows = RESTORES[name]()
    took = [(end - begin).total_seconds() for begin, end, _ in rows]
    done = [seconds for seconds, (*_, completed) in zip(took, rows, strict=True) if completed]
    return {"n": len(rows), "completed": len(done), "median": median(took), "longest": max(done)}


def backup_facts(name):
    """n, the newest point, the largest gap between points, and the largest and the mean age of the newest usable point
    from the first finish to the last [s]."""
    rows = sorted(BACKUPS[name](), key=lambda r: r[1])
    points = sorted(point for point, _ in rows)
    gaps = [(b - a).total_seconds() for a, b in pairwise(points)]
    largest, area, newest = 0.0, 0.0, rows[0][0]
    for (point, usable), (_, following) in pairwise(rows):
        newest = max(newest, point)
        before, after = (usable - newest).total_seconds(), (following - newest).total_seconds()
        largest, area = max(largest, after), area + (after**2 - before**2) / 2
    length = (rows[-1][1] - rows[0][1]).total_seconds()
    return {"n": len(rows), "newest": points[-1], "gap": max(gaps), "largest": largest, "mean": area / length,
            "from": rows[0][1], "until": rows[-1][1]}  # fmt: skip


def tables():
    """Both tables, as Markdown."""
    lines = ["| File | Restores | Completed | Median | Longest |", "| --- | --- | --- | --- | --- |"]
    for name in RESTORES:
        f = restore_facts(name)
        lines.append(f"| `{name}` | {f['n']} | {f['completed']} | {f['median']:.6g} s | {f['longest']:.6g} s |")
    lines += ["", "| File | Backups | Newest point | Largest gap | Largest age | Mean age |"]
    lines += ["| --- | --- | --- | --- | --- | --- |"]
    for name in BACKUPS:
        f = backup_facts(name)
        ages = " | ".join(f"{f[c]:.7g} s" for c in ("gap", "largest", "mean"))
        lines.append(f"| `{name}` | {f['n']} | {f['newest']:%Y-%m-%d %H:%M:%S} UTC | {ages} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(tables())
