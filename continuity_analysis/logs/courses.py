"""How the rows of each table run their course: when one begins, and which moments bring it to its end.

Used to cut tables at a moment (`as_of`), to order them and to say what stretch of time they span.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Course:
    """The course of one table's rows.

    begins : the earliest of these that is known is the begin.
    ends : status -> columns of which the first that is known is when it was reached.
    before : the status before that.
    depends : moment -> columns that say something only together with it.
    """

    begins: tuple[str, ...]
    ends: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    before: str = ""
    depends: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def begin(self) -> str:
        """SQL for the begin of a row; null where none of its moments is known."""
        return f"least({', '.join(self.begins)})"

    def end(self, status: str) -> str:
        """SQL for the moment `status` was reached; null where it is not known."""
        return f"coalesce({', '.join(self.ends[status])})"


PLANS = ("expires_at", "scheduled_from_at", "scheduled_until_at")  # what was planned stays, though it lies ahead

_finished = ("finished_at",)

COURSES = {
    "incidents": Course(
        begins=("started_at",),
        ends={"resolved": ("restored_at", "closed_at")},
        before="open",
        depends={"restored_at": ("restored_basis",)},
    ),
    "states": Course(begins=("from_at",)),
    "backups": Course(
        begins=("started_at", "covers_from_at", "recovery_point_at", "finished_at"),
        ends=dict.fromkeys(("completed", "partial", "failed", "deleted"), _finished),
        before="running",
        depends={
            "finished_at": ("error",),
            "recovery_point_at": ("recovery_point_basis",),
            "verified_at": ("verified_by", "verified_result"),
        },
    ),
    "recoveries": Course(
        begins=("disrupted_at", "detected_at", "declared_at", "started_at", "service_restored_at", "finished_at"),
        ends={
            "completed": ("service_restored_at", "data_restored_at", "finished_at"),
            "failed": _finished,
            "aborted": _finished,
        },
        before="running",
    ),
    "lag": Course(begins=("observed_at",)),
    "changes": Course(
        begins=("started_at",),
        ends=dict.fromkeys(("completed", "failed", "cancelled"), _finished),
        before="running",
    ),
    "requests": Course(begins=("minute_at",)),
    "workloads": Course(begins=("observed_at",)),
    "estimates": Course(begins=("assessed_at",)),
    "exports": Course(begins=("covers_from_at",)),
}
