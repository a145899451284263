"""PagerDuty: quarterly exports of the incidents and of their log entries."""

from pathlib import Path

from continuity_analysis.sample_data.exports import quarterly
from continuity_analysis.sample_data.incidents import CORRECTED_AFTER, Incident
from continuity_analysis.sample_data.moments import DAY, MINUTE, day_name, utc
from continuity_analysis.sample_data.platform import Platform
from continuity_analysis.sample_data.writers.files import capitals, write_json

PAGER = "https://pager.example.com"
PAGE_SIZE = 100
OVERLAP = 45 * DAY
TEST = "paging-test"


def write_incidents(platform: Platform, directory: Path) -> None:
    """Each quarter what was open in it or in the 45 days before: later files correct earlier ones."""
    known, before = _known(platform), platform.start
    for taken in quarterly(platform.start, platform.end):
        told = [(n, i) for n, i in known if i.paged <= taken and i.restored >= before - OVERLAP]
        _write_pages(directory / f"incidents-{day_name(taken)}.json", told, taken)
        before = taken


def write_last_incidents(platform: Platform, path: Path) -> None:
    """One export of everything, taken at the end."""
    _write_pages(path, [(n, i) for n, i in _known(platform) if i.paged <= platform.end], platform.end)


def write_log_entries(platform: Platform, directory: Path) -> None:
    """Each quarter the entries since two days before the export before it."""
    known, before = _known(platform), platform.start
    for taken in quarterly(platform.start, platform.end):
        entries = [e for n, i in known for e in _entries(n, i, taken) if before - 2 * DAY <= e[0] <= taken]
        told = [entry for _, entry in sorted(entries, key=lambda e: e[0], reverse=True)]
        page = {"log_entries": told, "limit": 10000, "offset": 0, "total": None, "more": False}
        write_json(directory / f"log-entries-{day_name(taken)}.json", page)
        before = taken


def _known(platform: Platform) -> list[tuple[int, Incident]]:
    """What the pager knows, numbered: incidents of paged services, and a test page whenever an export is taken."""
    paged = {s.name for s in platform.services if s.paged}
    tests = [_test(platform.start), *(_test(m - 5 * MINUTE) for m in quarterly(platform.start, platform.end))]
    known = sorted([i for i in platform.incidents if i.service in paged] + tests, key=lambda i: (i.paged, i.service))
    return list(enumerate(known, start=1001))


def _test(paged: int) -> Incident:
    over = paged + 5 * MINUTE
    return Incident(paged, TEST, 5, "update", paged, paged, paged + MINUTE, over, over)


def _write_pages(path: Path, told: list, taken: int) -> None:
    records = [_incident(n, i, taken) for n, i in told]
    pages = [
        {
            "incidents": records[k : k + PAGE_SIZE],
            "limit": PAGE_SIZE,
            "offset": k,
            "total": None,
            "more": k + PAGE_SIZE < len(records),
        }
        for k in range(0, max(1, len(records)), PAGE_SIZE)
    ]
    write_json(path, pages[0] if len(pages) == 1 else pages)


def _title(incident: Incident) -> str:
    return "Test of the paging chain" if incident.service == TEST else incident.title


def _reference(kind: str, name: str) -> dict:
    return {"id": "P" + capitals(6, kind, name), "type": f"{kind}_reference", "summary": name}


def _incident(number: int, incident: Incident, taken: int) -> dict:
    told = incident.as_told(taken)
    over, taken_on = told.restored <= taken, told.acknowledged <= taken
    status = "resolved" if over else "acknowledged" if taken_on else "triggered"
    changed = told.restored if over else told.acknowledged if taken_on else told.paged
    corrected = incident.paged + CORRECTED_AFTER
    is_corrected = taken >= corrected and (incident.first_severity or incident.first_service)
    key = "Q" + capitals(13, "incident", number)
    urgent = "high" if told.severity <= 3 else "low"
    return {
        "id": key,
        "type": "incident",
        "summary": f"[#{number}] {_title(told)}",
        "html_url": f"{PAGER}/incidents/{key}",
        "incident_number": number,
        "title": _title(told),
        "created_at": utc(told.paged),
        "updated_at": utc(max(changed, corrected) if is_corrected else changed),
        "status": status,
        "service": _reference("service", told.service),
        "assignments": [],
        "last_status_change_at": utc(changed),
        "resolved_at": utc(told.restored) if over else None,
        "alert_counts": {"all": 1, "triggered": 0 if over else 1, "resolved": 1 if over else 0},
        "escalation_policy": _reference("escalation_policy", "Platform on call"),
        "teams": [_reference("team", "Platform")],
        "acknowledgements": []
        if status != "acknowledged"
        else [{"at": utc(told.acknowledged), "acknowledger": _reference("user", "Responder on duty")}],
        "priority": {
            "id": "P" + capitals(6, "priority", told.severity),
            "type": "priority_reference",
            "summary": f"P{told.severity}",
        },
        "resolve_reason": {"type": "merge_resolve_reason"} if told.merged and over else None,
        "urgency": urgent,
    }


def _entries(number: int, incident: Incident, taken: int) -> list[tuple[int, dict]]:
    """What happened to one incident, as (moment, entry)."""
    told = incident.as_told(taken)
    events = [("trigger", told.paged, "api"), ("notify", told.paged + 20, "auto")]
    if told.acknowledged - told.paged > 15 * MINUTE and not told.merged:
        events.append(("escalate", told.paged + 15 * MINUTE, "timeout"))
    if not told.merged:
        events.append(("acknowledge", told.acknowledged, "mobile"))
    events.append(("resolve", told.restored, "website"))
    return [(at, _entry(number, told, kind, at, channel)) for kind, at, channel in events if at <= taken]


def _entry(number: int, told: Incident, kind: str, at: int, channel: str) -> dict:
    agent = (
        _reference("service", told.service)
        if kind in ("trigger", "notify")
        else _reference("user", "Responder on duty")
    )
    return {
        "id": "R" + capitals(13, "entry", number, kind),
        "type": f"{kind}_log_entry",
        "created_at": utc(at),
        "agent": agent,
        "channel": {"type": channel},
        "service": _reference("service", told.service),
        "incident": {
            "id": "Q" + capitals(13, "incident", number),
            "type": "incident_reference",
            "summary": f"[#{number}] {_title(told)}",
        },
    }
