"""ServiceNow incident list: CSV of a list of incidents, one row each (times in the zone and form of whoever exported).

Get it with: the list's header, right-click, *Export > CSV*, or
``curl -u USER 'https://INSTANCE.service-now.com/incident_list.do?CSV&sysparm_fields=number,short_description,state,active,priority,opened_at,resolved_at,closed_at,sys_updated_on,business_service,cmdb_ci,category'``.
The columns number, state and opened_at must be among them. State the zone of its times: they have none.

- Day-first or month-first is decided from all dates of the file; where none decides, by `dayfirst` in `sources`.
- Headers are the fields' names or, where a list was exported with labels ("Number", "Opened"), their English labels.
- States and priorities are words, or codes where the list shows them. `?` and empty cells are unknown.
- Closed without `resolved_at` is restored at its closure, an upper bound, and says so; the automatic closure comes days
  after the resolution.
- A history, with a row per update (`sys_mod_count`, `incident_state`), belongs to `servicenow_incident_history`.

Checked against: descriptions of the export by others; no real export was available.
"""

from continuity_analysis.ingest.formats import _servicenow

CONTAINER = "csv"
NAIVE = _servicenow.TIMES
FIELDS = {
    "number": "number",
    "title": ("short_description", "Short description"),
    "state": "state",
    "incident_state": ("incident_state", "Incident state"),
    "active": "active",
    "priority": "priority",
    "category": "category",
    "opened_at": ("opened_at", "Opened"),
    "resolved_at": ("resolved_at", "Resolved"),
    "closed_at": ("closed_at", "Closed"),
    "updated_at": ("sys_updated_on", "Updated"),
    "work_start": ("work_start", "Actual start"),
    "business_service": ("business_service", "Service"),
    "service_offering": ("service_offering", "Service offering"),
    "cmdb_ci": ("cmdb_ci", "Configuration item"),
    "caused_by": ("caused_by", "Caused by Change"),
}
EXPORT = "window"


def recognises(head) -> bool:
    """Whether the header has the columns of a list of incidents, and none of a history."""
    header = {cell.lower() for cell in head.header}
    begins = {"opened_at", "short_description"} <= header or {"opened", "short description"} <= header
    return {"number", "state"} <= header and begins and "sys_mod_count" not in header


_KNOWN = ", ".join(f"nullif(trim({name}), '?') AS {name}" for name in FIELDS)
TABLES = {"incidents": _servicenow.incidents("{}", f"(SELECT record_no, {_KNOWN} FROM records)")}
