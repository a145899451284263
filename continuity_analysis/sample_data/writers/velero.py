"""Velero: `kubectl -n velero get backups.velero.io -o json` at each listing, and the restores at the end."""

from pathlib import Path

from continuity_analysis.sample_data.backups import SCHEDULES, Run
from continuity_analysis.sample_data.exports import Listing
from continuity_analysis.sample_data.moments import DAY, HOUR, day_name, utc
from continuity_analysis.sample_data.writers.files import write_json
from continuity_analysis.sample_data.writers.names import backup_name

NAMESPACES = ["ingress", "shop", "delivery", "monitoring"]
SCHEDULE = "platform-nightly"
KEEP_DAYS = next(s.keep_days for s in SCHEDULES if s.asset == "platform-state")


def write_listing(listing: Listing, directory: Path) -> None:
    """Failed runs stay until they expire."""
    write_json(directory / f"backups-{day_name(listing.taken)}.json", _list([_backup(run) for run in listing.shown]))


def write_restores(runs: tuple[Run, ...], directory: Path, *, end: int) -> None:
    """On the first good backup of every 28 days the monitoring namespace is restored beside the real one."""
    good = {run.started // (28 * DAY): run for run in reversed(runs) if not run.failure}
    write_json(directory / f"restores-{day_name(end)}.json", _list([_restore(good[k]) for k in sorted(good)]))


def _list(items: list[dict]) -> dict:
    return {"apiVersion": "v1", "items": items, "kind": "List", "metadata": {"resourceVersion": ""}}


def _object(kind: str, name: str, *, labels: dict, spec: dict, status: dict) -> dict:
    created = status["startTimestamp"]
    metadata = {"creationTimestamp": created, "labels": labels, "name": name, "namespace": "velero"}
    return {"apiVersion": "velero.io/v1", "kind": kind, "metadata": metadata, "spec": spec, "status": status}


def _backup(run: Run) -> dict:
    items = run.size // 700_000
    status = {
        "completionTimestamp": utc(run.finished),
        "expiration": utc(run.removed),
        "formatVersion": "1.1.0",
        "phase": "Failed" if run.failure else "Completed",
        "startTimestamp": utc(run.started),
        "version": 1,
    }
    if run.failure:
        status |= {"errors": 1, "failureReason": run.failure}
    else:
        status["progress"] = {"itemsBackedUp": items, "totalItems": items}
    labels = {"velero.io/schedule-name": SCHEDULE, "velero.io/storage-location": run.location}
    spec = {"includedNamespaces": NAMESPACES, "storageLocation": run.location, "ttl": f"{KEEP_DAYS * 24}h0m0s"}
    return _object("Backup", backup_name(run), labels=labels, spec=spec, status=status)


def _restore(run: Run) -> dict:
    begun = run.started + 8 * HOUR
    items = run.size // 9_000_000
    status = {
        "completionTimestamp": utc(begun + 60 + items % 200),
        "phase": "Completed",
        "progress": {"itemsRestored": items, "totalItems": items},
        "startTimestamp": utc(begun),
    }
    spec = {
        "backupName": backup_name(run),
        "includedNamespaces": ["monitoring"],
        "namespaceMapping": {"monitoring": "monitoring-restored"},
    }
    return _object("Restore", f"check-{backup_name(run)}", labels={}, spec=spec, status=status)
