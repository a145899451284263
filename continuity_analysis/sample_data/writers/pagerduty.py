"""PagerDuty: quarterly exports of the incidents and of their log entries."""

from dataclasses import dataclass
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


@dataclass(frozen=True)
class _Known:
    """One incident as the pager keeps it; `account` sets its ids apart from those of other platforms."""

    account: int
    number: int
    incident: Incident

    @property
    def key(self) -> str:
        return "Q" + capitals(13, self.account, "incident", self.number)

    def entry_key(self, kind: str) -> str:
        return "R" + capitals(13, self.account, "entry", self.number, kind)

    @property
    def title(self) -> str:
        return "Test of the paging chain" if self.incident.service == TEST else self.incident.title


def write_incidents(platform: Platform, directory: Path) -> None:
    """Each quarter what was open in it or in the 45 days before: later files correct earlier ones."""
    known, before = _known(platform), platform.start
    for taken in quarterly(platform.start, platform.end):
        told = [k for k in known if k.incident.paged <= taken and k.incident.restored >= before - OVERLAP]
        _write_pages(directory / f"incidents-{day_name(taken)}.json", told, taken=taken)
        before = taken


def write_last_incidents(platform: Platform, path: Path) -> None:
    """One export of everything, taken at the end."""
    _write_pages(path, [k for k in _known(platform) if k.incident.paged <= platform.end], taken=platform.end)


def write_log_entries(platform: Platform, directory: Path) -> None:
    """Each quarter the entries since two days before the export before it."""
    known, before = _known(platform), platform.start
    for taken in quarterly(platform.start, platform.end):
        entries = [e for k in known for e in _entries(k, taken) if before - 2 * DAY <= e[0] <= taken]
        told = [entry for _, entry in sorted(entries, key=lambda e: e[0], reverse=True)]
        page = {"log_entries": told, "limit": 10000, "offset": 0, "total": None, "more": False}
        write_json(directory / f"log-entries-{day_name(taken)}.json", page)
        before = taken


def _known(platform: Platform) -> list[_Known]:
    """What the pager knows, numbered: incidents of paged services, and a test page whenever an export is taken."""
    paged = {s.name for s in platform.services if s.paged}
    tests = [_test(platform.start), *(_test(m - 5 * MINUTE) for m in quarterly(platform.start, platform.end))]
    known = sorted([i for i in platform.incidents if i.service in paged] + tests, key=lambda i: (i.paged, i.service))
    return [_Known(platform.seed, n, incident) for n, incident in enumerate(known, start=1001)]


def _test(paged: int) -> Incident:
    over = paged + 5 * MINUTE
    return Incident(paged, TEST, 5, "update", paged, paged, paged + MINUTE, over, over)


def _write_pages(path: Path, told: list[_Known], *, taken: int) -> None:
    records = [_incident(known, taken) for known in told]
    starts = range(0, max(1, len(records)), PAGE_SIZE)
    pages = [{"incidents": records[k : k + PAGE_SIZE], "limit": PAGE_SIZE, "offset": k, "total": None} for k in starts]
    pages = [page | {"more": page["offset"] + PAGE_SIZE < len(records)} for page in pages]
    write_json(path, pages[0] if len(pages) == 1 else pages)


def _reference(kind: str, name: str) -> dict:
    return {"id": "P" + capitals(6, kind, name), "type": f"{kind}_reference", "summary": name}


RESPONDER = _reference("user", "Responder on duty")


def _standing(told: Incident, taken: int) -> tuple[str, int]:
    """Its status at a moment, and since when."""
    if told.restored <= taken:
        return "resolved", told.restored
    return ("acknowledged", told.acknowledged) if told.acknowledged <= taken else ("triggered", told.paged)


def _incident(known: _Known, taken: int) -> dict:
    told, (status, since) = known.incident.as_told(taken), _standing(known.incident, taken)
    over = status == "resolved"
    corrected = known.incident.first_severity or known.incident.first_service
    review = told.paged + CORRECTED_AFTER
    return {
        "id": known.key,
        "type": "incident",
        "summary": f"[#{known.number}] {known.title}",
        "html_url": f"{PAGER}/incidents/{known.key}",
        "incident_number": known.number,
        "title": known.title,
        "created_at": utc(told.paged),
        "updated_at": utc(max(since, review) if corrected and review <= taken else since),
        "status": status,
        "service": _reference("service", told.service),
        "assignments": [],
        "last_status_change_at": utc(since),
        "resolved_at": utc(since) if over else None,
        "alert_counts": {"all": 1, "triggered": int(not over), "resolved": int(over)},
        "escalation_policy": _reference("escalation_policy", "Platform on call"),
        "teams": [_reference("team", "Platform")],
        "acknowledgements": [{"at": utc(since), "acknowledger": RESPONDER}] * (status == "acknowledged"),
        "priority": _reference("priority", f"P{told.severity}"),
        "resolve_reason": {"type": "merge_resolve_reason"} if told.merged and over else None,
        "urgency": "high" if told.severity <= 3 else "low",
    }


def _entries(known: _Known, taken: int) -> list[tuple[int, dict]]:
    """What happened to one incident, as (moment, entry)."""
    told = known.incident.as_told(taken)
    events = [("trigger", told.paged, "api"), ("notify", told.paged + 20, "auto")]
    if told.acknowledged - told.paged > 15 * MINUTE and not told.merged:
        events.append(("escalate", told.paged + 15 * MINUTE, "timeout"))
    if not told.merged:
        events.append(("acknowledge", told.acknowledged, "mobile"))
    events.append(("resolve", told.restored, "website"))
    service = _reference("service", told.service)
    return [(at, _entry(known, service, event=(kind, at, channel))) for kind, at, channel in events if at <= taken]


def _entry(known: _Known, service: dict, *, event: tuple[str, int, str]) -> dict:
    kind, at, channel = event
    incident = {"id": known.key, "type": "incident_reference", "summary": f"[#{known.number}] {known.title}"}
    return {
        "id": known.entry_key(kind),
        "type": f"{kind}_log_entry",
        "created_at": utc(at),
        "agent": service if kind in ("trigger", "notify") else RESPONDER,
        "channel": {"type": channel},
        "service": service,
        "incident": incident,
    }
