"""restic: what `restic snapshots --json` said at each listing; times in the writer's own zone."""

from pathlib import Path

from continuity_analysis.sample_data.backups import Run
from continuity_analysis.sample_data.exports import Listing
from continuity_analysis.sample_data.moments import day_name, local
from continuity_analysis.sample_data.writers.files import digest, write_json
from continuity_analysis.sample_data.writers.names import backup_name

ZONE = "Europe/Rome"


def write_listing(listing: Listing, directory: Path) -> None:
    """One array on one line; a failed run leaves nothing."""
    write_json(directory / f"snapshots-{day_name(listing.taken)}.json", [_snapshot(run) for run in listing.shown])


def _snapshot(run: Run) -> dict:
    added = run.size // 90
    files = run.size // 2_000_000
    return {
        "time": local(run.started, ZONE),
        "tree": digest("tree", run.started),
        "paths": ["/srv/files"],
        "hostname": "files-1",
        "username": "backup",
        "tags": ["nightly"],
        "program_version": "restic 0.17.3",
        "summary": {
            "backup_start": local(run.started, ZONE),
            "backup_end": local(run.finished, ZONE),
            "files_new": files // 300,
            "files_changed": files // 120,
            "data_added": added,
            "data_added_packed": added // 2,
            "total_files_processed": files,
            "total_bytes_processed": run.size,
        },
        "id": backup_name(run),
        "short_id": backup_name(run)[:8],
    }
