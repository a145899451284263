"""Percona Backup for MongoDB: what `pbm status -o json` said at each listing."""

from pathlib import Path

from continuity_analysis.sample_data.backups import Run
from continuity_analysis.sample_data.exports import Listing
from continuity_analysis.sample_data.moments import DAY, MINUTE, day_name
from continuity_analysis.sample_data.writers.files import write_json
from continuity_analysis.sample_data.writers.names import backup_name

VERSION = "2.9.1"


def write_listing(listing: Listing, directory: Path, *, logged: tuple[int, int]) -> None:
    """Newest first; a failed run is listed too, its restoreTo being the moment it failed."""
    snapshots = [_snapshot(run) for run in reversed(listing.shown)]
    status = {
        "backups": {
            "type": "S3",
            "path": "https://s3.example.org/backups/mongo-prod",
            "region": "eu-south-1",
            "snapshot": snapshots,
            "pitrChunks": _chunks(listing, logged),
        },
        "cluster": [
            {
                "rs": "rs0",
                "nodes": [
                    {
                        "host": f"rs0/mongo-{n}.example.org:27017",
                        "agent": f"v{VERSION}",
                        "role": "P" if n == 0 else "S",
                        "ok": True,
                    }
                    for n in range(3)
                ],
            }
        ],
        "pitr": {"conf": _is_logging(listing, logged), "run": _is_logging(listing, logged)},
        "running": {},
    }
    write_json(directory / f"status-{day_name(listing.taken)}.json", status)


def _snapshot(run: Run) -> dict:
    told = {"name": backup_name(run), "status": "error" if run.failure else "done", "restoreTo": run.finished}
    told |= {"error": run.failure} if run.failure else {"size": run.size}
    return {**told, "type": run.kind, "src": "", "pbmVersion": VERSION}


def _is_logging(listing: Listing, logged: tuple[int, int]) -> bool:
    return logged[0] + DAY <= listing.taken < logged[1]


def _chunks(listing: Listing, logged: tuple[int, int]) -> dict:
    """One unbroken range from the first good backup of the stretch, to five minutes before the listing."""
    if not _is_logging(listing, logged):
        return {"size": 0}
    base = next(run for run in listing.shown if not run.failure and run.point >= logged[0])
    until = listing.taken - 5 * MINUTE
    return {"pitrChunks": [{"range": {"start": base.point, "end": until}}], "size": (until - base.point) * 4000}
