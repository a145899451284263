"""ServiceNow incidents: Table API, raw values or `all` values (times as stored, in UTC).

Get it with: ``curl -u USER 'https://INSTANCE.service-now.com/api/now/table/incident?sysparm_display_value=all&sysparm_limit=1000&sysparm_offset=0'``,
the next offset while pages are full; `sysparm_display_value=false` has ids in place of names of services.

- Every value is a text, and an empty one is unknown. A raw time is UTC without saying so; one in any other form than
  `2026-01-31 12:00:00` was formatted for a person and is rejected here.
- The priority is 1 to 5. States are 1 New, 2 In Progress, 3 On Hold, 6 Resolved, 7 Closed, 8 Canceled; one of the
  account's own is open while `active`, and resolved if it is not and has an end. `incident_state` is the older field.
- Resolved incidents are closed some days later by themselves: `resolved_at` is read; `closed_at` only where it is
  missing, as an upper bound. Of an incident that is open again neither is read.
- `opened_at` is when the record was opened. Nothing says who took it on when, but for `work_start` where it is used.
- Durations (`calendar_duration` and others) are dates since 1970 or worse: not read.
- Planned work is in `change_request`; such records are ignored here.

Checked against: two records of public integration documents; no real export was available.
"""

from continuity_analysis.ingest.formats import _servicenow

CONTAINER = "json"
KEY = ("result", "records")
FIELDS = _servicenow.fields("value")
EXPORT = "window"
IGNORES = _servicenow.IGNORES


def recognises(head) -> bool:
    """Whether it holds incidents with times as stored."""
    return _servicenow.raw_times(head) is True


_UTC = r"regexp_replace(trim({}), '^[0-9]{{4}}(-[0-9]{{2}}){{2}} [0-9:]{{8}}$', '\0Z')"
TABLES = {"incidents": _servicenow.incidents(_UTC)}
