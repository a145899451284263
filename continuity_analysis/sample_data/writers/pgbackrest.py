"""pgBackRest: what `pgbackrest info --output=json` said at each listing; two repositories in one list."""

from pathlib import Path

from continuity_analysis.sample_data.backups import Run
from continuity_analysis.sample_data.exports import Listing
from continuity_analysis.sample_data.moments import day_name
from continuity_analysis.sample_data.writers.files import write_json
from continuity_analysis.sample_data.writers.names import pgbackrest_label

SYSTEM = 7311180765864982296
SEGMENT_SECONDS = 600


def write_listing(listing: Listing, directory: Path) -> None:
    """Failed runs leave no trace in it."""
    stanza = {
        "archive": [_archive(listing, key) for key in (1, 2)],
        "backup": [_backup(run) for run in listing.shown],
        "cipher": "none",
        "db": [{"id": 1, "repo-key": key, "system-id": SYSTEM, "version": "16"} for key in (1, 2)],
        "name": listing.asset,
        "repo": [{"cipher": "none", "key": key, "status": {"code": 0, "message": "ok"}} for key in (1, 2)],
        "status": {"code": 0, "lock": {"backup": {"held": False}}, "message": "ok"},
    }
    write_json(directory / f"info-{day_name(listing.taken)}.json", [stanza])


def _segment(moment: int) -> str:
    number = moment // SEGMENT_SECONDS
    return f"00000001{number // 256:08X}{number % 256:08X}"


def _archive(listing: Listing, key: int) -> dict:
    oldest = min((r.started for r in listing.shown if _repository(r) == key), default=listing.taken)
    place = {"id": 1, "repo-key": key}
    return {"database": place, "id": "16-1", "max": _segment(listing.taken), "min": _segment(oldest)}


def _repository(run: Run) -> int:
    return int(run.location.removeprefix("repo"))


def _backup(run: Run) -> dict:
    parent = pgbackrest_label(run).partition("_")[0] if run.parent is not None else None
    return {
        "archive": {"start": _segment(run.started), "stop": _segment(run.finished)},
        "backrest": {"format": 5, "version": "2.54.2"},
        "database": {"id": 1, "repo-key": _repository(run)},
        "error": False,
        "info": {"delta": run.size, "repository": {"delta": run.size // 4}, "size": run.size},
        "label": pgbackrest_label(run),
        "lsn": {"start": f"{run.started % 65536:X}/28", "stop": f"{run.finished % 65536:X}/50"},
        "prior": parent,
        "reference": [parent] if parent else None,
        "timestamp": {"start": run.started, "stop": run.finished},
        "type": run.kind,
    }
