"""The drill log: one CSV row per drill with its phases."""

import csv
import io
from pathlib import Path

from continuity_analysis.sample_data.drills import Drill
from continuity_analysis.sample_data.moments import utc
from continuity_analysis.sample_data.writers.names import backup_name

COLUMNS = (
    "drill_id",
    "service",
    "scenario",
    "kind",
    "plan_version",
    "disrupted_at",
    "detected_at",
    "declared_at",
    "started_at",
    "data_restored_at",
    "service_restored_at",
    "ended_at",
    "outcome",
    "recovery_point_at",
    "backup_id",
    "size_bytes",
    "findings",
)


def write_drills(drills: tuple[Drill, ...], path: Path) -> None:
    """An empty cell is a phase that was not reached."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_row(drill) for drill in drills)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.getvalue(), encoding="utf-8", newline="\n")


def _row(drill: Drill) -> list[str]:
    moments = (
        drill.disrupted,
        drill.detected,
        drill.declared,
        drill.started,
        drill.data_restored,
        drill.service_restored,
        drill.ended,
    )
    backup = drill.backup
    return [
        f"DR-{drill.number:03d}",
        drill.service,
        drill.scenario,
        drill.kind,
        drill.plan_version,
        *("" if m is None else utc(m) for m in moments),
        drill.outcome,
        utc(backup.point) if backup else "",
        backup_name(backup) if backup else "",
        str(backup.size) if backup else "",
        "; ".join(drill.findings),
    ]
