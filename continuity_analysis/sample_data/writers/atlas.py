"""MongoDB Atlas, a flex cluster: its snapshots at each listing, and its restore jobs at the end."""

from pathlib import Path

from continuity_analysis.sample_data.backups import Run
from continuity_analysis.sample_data.exports import Listing
from continuity_analysis.sample_data.moments import DAY, HOUR, day_name, utc
from continuity_analysis.sample_data.writers.files import object_id, write_json
from continuity_analysis.sample_data.writers.names import backup_name

CLUSTER = "analytics"
PROJECT = "a0123456789abcdef0123456"
ROOT = f"https://cloud.example.com/api/atlas/v2/groups/{PROJECT}/flexClusters/{CLUSTER}/backup"


def write_listing(listing: Listing, directory: Path) -> None:
    """Snapshots not yet expired, failed ones among them."""
    _write(
        directory / f"flex-snapshots-{day_name(listing.taken)}.json",
        "snapshots",
        results=[_snapshot(r) for r in listing.shown],
    )


def write_restores(runs: tuple[Run, ...], directory: Path, *, end: int) -> None:
    """Each Monday's snapshot is restored into an empty cluster the next morning."""
    chosen = [r for r in runs if not r.failure and (r.due // DAY + 3) % 7 == 0]
    jobs = [_job(r) for r in chosen if r.due + 16 * HOUR < end]
    _write(directory / f"flex-restore-jobs-{day_name(end)}.json", "restoreJobs", results=jobs[::-1])


def _write(path: Path, what: str, *, results: list[dict]) -> None:
    links = [{"href": f"{ROOT}/{what}?includeCount=true&pageNum=1&itemsPerPage=100", "rel": "self"}]
    write_json(path, {"links": links, "results": results, "totalCount": len(results)})


def _snapshot(run: Run) -> dict:
    return {
        "expiration": utc(run.removed),
        "finishTime": utc(run.finished),
        "id": backup_name(run),
        "mongoDBVersion": "8.0.16",
        "scheduledTime": utc(run.due),
        "startTime": utc(run.started),
        "status": "FAILED" if run.failure else "COMPLETED",
    }


def _job(run: Run) -> dict:
    asked = run.due + 15 * HOUR
    return {
        "deliveryType": "RESTORE",
        "expirationDate": utc(asked + 6 * HOUR),
        "id": object_id(asked, "restore", run.started),
        "instanceName": CLUSTER,
        "projectId": PROJECT,
        "restoreFinishedDate": utc(asked + 60 + run.size % 90),
        "restoreScheduledDate": utc(asked),
        "snapshotFinishedDate": utc(run.finished),
        "snapshotId": backup_name(run),
        "status": "COMPLETED",
        "targetDeploymentItemName": "restore-check",
        "targetProjectId": PROJECT,
    }
