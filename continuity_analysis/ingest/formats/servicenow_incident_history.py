"""ServiceNow incident history: CSV of the audit log, one row per update of an incident.

Get it with: a report or process-mining export of the audit history as CSV, one row per update, with the columns
`number`, `incident_state`, `active`, `sys_mod_count`, `opened_at`, `sys_updated_at`, `resolved_at`, `closed_at`, and
what there is of `priority`, `cmdb_ci`, `category` and `caused_by`. State the zone of its times: they have none.

- Each row is a version of its incident; the newest speaks. Of the same minute, the one with the higher `sys_mod_count`.
- `resolved_at` and `closed_at` are filled back into every row, also into those that say New: the state of a row decides
  whether they are read, and a row that is open again after a resolution is open.
- Closed without `resolved_at` is restored at its closure, an upper bound, and says so.
- There is no acknowledgement: the first change away from New stands for it, where the row before it is in the file.
- Days come first or months do, as the file shows (29/2/2016 or, saved by a spreadsheet, 29-02-2016); a short file may
  need `dayfirst` in `sources`. `?` is unknown. A state of the account's own, such as -100, is open while `active`.
- The component is `cmdb_ci`, else `category` (the affected service in the public log), else "not stated". Do not mix
  with Table API exports of the same incidents, which name their service otherwise.

Checked against: the first 2,000 rows of a real, anonymised log of 2016 published for research.
"""

from continuity_analysis.ingest.formats import _servicenow

CONTAINER = "csv"
NAIVE = ("opened_at", "resolved_at", "closed_at", "updated_at")
FIELDS = {
    "number": "number",
    "state": "incident_state",
    "active": "active",
    "mods": "sys_mod_count",
    "opened_at": "opened_at",
    "updated_at": "sys_updated_at",
    "resolved_at": "resolved_at",
    "closed_at": "closed_at",
    "priority": "priority",
    "cmdb_ci": "cmdb_ci",
    "category": "category",
    "caused_by": "caused_by",
    "title": "short_description",
}
EXPORT = "window"


def recognises(head) -> bool:
    """Whether the header has an audit log's columns."""
    wanted = {"number", "incident_state", "sys_mod_count", "opened_at", "sys_updated_at", "resolved_at", "closed_at"}
    return wanted <= {cell.lower() for cell in head.header}


REJECTS = {
    "sys_mod_count: expected a whole number": "nullif(trim(mods), '?') <> '' AND try_cast(mods AS BIGINT) IS NULL"
}
_KNOWN = ", ".join(f"nullif(nullif(trim({name}), '?'), '') AS {name}" for name in FIELDS)
TABLES = {
    "incidents": f"""
        WITH known AS (SELECT record_no, {_KNOWN} FROM records), told AS (
            SELECT *, {_servicenow.STATUS} AS status, moment(updated_at) AS t, try_cast(mods AS BIGINT) AS version,
                lag(state) OVER history = 'New' AND state <> 'New' AS taken_on
            FROM known WINDOW history AS (PARTITION BY number ORDER BY moment(updated_at), try_cast(mods AS BIGINT),
                record_no)
        )
        SELECT record_no, number AS incident_id, title, coalesce(cmdb_ci, category, 'not stated') AS component,
            min(t) FILTER (taken_on AND isfinite(t)) OVER (PARTITION BY number ORDER BY t, version, record_no
                ROWS UNBOUNDED PRECEDING) AS acknowledged_at, {_servicenow.SAID}
        FROM told QUALIFY number IS NULL OR t IS NULL
            OR row_number() OVER (PARTITION BY number, t ORDER BY version DESC NULLS LAST, record_no DESC) = 1""",
}
