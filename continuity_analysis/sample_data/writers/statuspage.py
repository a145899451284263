"""Statuspage: quarterly captures of the latest incidents and scheduled maintenances, in the page's own time zone."""

from pathlib import Path

from continuity_analysis.sample_data.exports import quarterly
from continuity_analysis.sample_data.moments import day_name, local
from continuity_analysis.sample_data.platform import Platform
from continuity_analysis.sample_data.status_page import Maintenance, PageIncident, Update
from continuity_analysis.sample_data.writers.files import digest, write_json

PAGE = "https://status.example.com"
ZONE = "Europe/Rome"
LATEST = 50
BODIES = {
    "investigating": "We are looking into it.",
    "identified": "The cause is known and a fix is under way.",
    "monitoring": "A fix is in place and we are watching it.",
    "resolved": "This incident has been resolved.",
    "scheduled": "We will update the platform.",
    "in_progress": "The update has begun.",
    "completed": "The update is complete.",
}


def write_captures(platform: Platform, directory: Path) -> None:
    """Both lists of the page as they stood at each capture."""
    for taken in quarterly(platform.start, platform.end):
        page = {
            "id": digest("page")[:12],
            "name": "Example Platform",
            "url": PAGE,
            "time_zone": ZONE,
            "updated_at": _at(taken),
        }
        told = sorted((p for p in platform.page if p.posted <= taken), key=lambda p: p.posted, reverse=True)
        incidents = [_incident(p, taken) for p in told[:LATEST]]
        write_json(directory / f"incidents-{day_name(taken)}.json", {"page": page, "incidents": incidents})
        planned = sorted(
            (m for m in platform.maintenance if m.announced <= taken), key=lambda m: m.announced, reverse=True
        )
        works = [_maintenance(m, taken) for m in planned[:LATEST]]
        write_json(directory / f"maintenances-{day_name(taken)}.json", {"page": page, "scheduled_maintenances": works})


def _at(moment: int) -> str:
    return local(moment, ZONE, digits=3)


def _code(component: str) -> str:
    return digest("component", component)[:12]


def _incident(told: PageIncident, taken: int) -> dict:
    shown = [u for u in told.updates if u.at <= taken]
    phases = {u.phase: u.at for u in shown}
    own = {
        "name": told.name,
        "impact": told.impact,
        "monitoring_at": _at(phases["monitoring"]) if "monitoring" in phases else None,
        "resolved_at": _at(told.resolved) if told.resolved <= taken else None,
        "started_at": _at(told.started),
    }
    return _record(told.posted, shown, own=own)


def _maintenance(work: Maintenance, taken: int) -> dict:
    calm = ((work.component, "operational"),)
    updates = [Update(work.announced, "scheduled", calm)]
    if work.begun is not None:
        updates.append(Update(work.begun, "in_progress", ((work.component, "under_maintenance"),)))
        updates.append(Update(work.ended, "completed", calm))
    own = {
        "name": work.name,
        "impact": "maintenance",
        "monitoring_at": None,
        "resolved_at": _at(work.ended) if work.ended is not None and work.ended <= taken else None,
        "started_at": _at(work.announced),
        "scheduled_for": _at(work.planned_from),
        "scheduled_until": _at(work.planned_until),
    }
    return _record(work.announced, [u for u in updates if u.at <= taken], own=own)


def _record(posted: int, shown: list[Update], *, own: dict) -> dict:
    key = digest("notice", posted, own["name"])[:12]
    over = own["resolved_at"] is not None
    level: dict[str, str] = {}
    updates = [_update(u, n, level=level, posted=posted) for n, u in enumerate(shown)]
    return {
        "id": key,
        "status": shown[-1].phase,
        "created_at": _at(posted),
        "updated_at": _at(max(posted, shown[-1].at)),
        "shortlink": f"{PAGE}/incidents/{key}",
        **own,
        "incident_updates": updates[::-1],
        "components": [
            {"id": _code(c), "name": c, "status": "operational" if over else now, "group": False}
            for c, now in sorted(level.items())
        ],
    }


def _update(update: Update, number: int, *, level: dict[str, str], posted: int) -> dict:
    """One update; `level` carries each component's level from one update to the next."""
    affected = [
        {"code": _code(c), "name": c, "old_status": level.get(c, "operational"), "new_status": now}
        for c, now in update.levels
    ]
    level.update(update.levels)
    return {
        "id": digest("update", posted, number)[:12],
        "status": update.phase,
        "body": BODIES[update.phase],
        "created_at": _at(max(posted, update.at)),
        "display_at": _at(update.at),
        "affected_components": affected or None,
    }
