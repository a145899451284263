"""How each backup tool names a run."""

from continuity_analysis.sample_data.backups import Run
from continuity_analysis.sample_data.moments import stamp, utc
from continuity_analysis.sample_data.writers.files import digest, object_id


def backup_name(run: Run) -> str:
    """The run's name in its own tool."""
    return {
        "mongo-prod": lambda: utc(run.started),
        "accounts-db": lambda: pgbackrest_label(run),
        "platform-state": lambda: f"platform-nightly-{stamp(run.started).replace('-', '')}",
        "files": lambda: digest("restic", run.started),
        "analytics": lambda: object_id(run.due, "flex", run.started),
    }[run.asset]()


def pgbackrest_label(run: Run) -> str:
    """As 20260927-010012F, or 20260927-010012F_20260928-010044D for what builds on it."""
    if run.parent is None:
        return f"{stamp(run.started)}F"
    return f"{stamp(run.parent)}F_{stamp(run.started)}D"
