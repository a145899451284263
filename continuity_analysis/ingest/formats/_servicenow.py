"""What the ServiceNow exports share: SQL for states, priorities and ends of incidents, and the Table API's fields.

`told(...)` is a common table expression `told` over the columns state, active, resolved_at, closed_at and priority.
"""

import re

RAW_TIME = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}")
TIMES = ("opened_at", "resolved_at", "closed_at", "updated_at", "work_start")
_HEADERS = {"updated_at": "sys_updated_on"}
_TEXTS = {
    "number": "number",
    "title": "short_description",
    "incident_state": "incident_state",
    "active": "active",
    "priority": "priority",
    "category": "category",
    "record_class": "sys_class_name",
}
_REFERENCES = ("business_service", "service_offering", "cmdb_ci", "caused_by")
_EMPTY_IS_NONE = (*_REFERENCES, "category")
IGNORES = {
    "a record of another table than incident": """
        lower(coalesce(nullif(record_class, ''), table_name)) <> 'incident'"""
}
STATUS = """CASE WHEN lower(state) IN ('8', 'canceled', 'cancelled') THEN 'cancelled'
    WHEN lower(state) IN ('6', '7', 'resolved', 'closed') THEN 'resolved'
    WHEN lower(state) IN ('1', '2', '3', 'new', 'active', 'in progress', 'on hold') OR state ILIKE 'awaiting %'
        OR lower(active) = 'true' THEN 'open'
    WHEN lower(active) = 'false' AND coalesce(resolved_at, closed_at) IS NOT NULL THEN 'resolved'
    ELSE coalesce(state, 'none') END"""
ENDS = """status, CASE WHEN status = 'resolved' THEN coalesce(resolved_at, closed_at) END AS restored_at,
    CASE WHEN restored_at IS NOT NULL THEN if(resolved_at IS NULL, 'closure', 'restored') END AS restored_basis,
    CASE WHEN status <> 'open' AND lower(state) NOT IN ('6', 'resolved') THEN closed_at END AS closed_at"""
SAID = f"""'incident' AS kind, false AS planned, 'creation' AS started_basis, opened_at AS started_at, updated_at,
    regexp_extract(priority, '^([1-5])( - .*)?$', 1) AS severity, priority AS severity_reported,
    CASE WHEN caused_by IS NOT NULL THEN 'update' END AS cause, caused_by AS cause_reported, {ENDS}"""


def fields(form: str) -> dict[str, str | tuple[str, ...]]:
    """Fields of a Table API record; `form` is that of its times and references, "value" or "display_value".

    A value is plain or an object of display_value and value; a reference may be an object that has one of them only.
    """
    texts = {name: (f"{key}.display_value", key) for name, key in _TEXTS.items()}
    references = {name: tuple(dict.fromkeys((f"{name}.display_value", f"{name}.{form}", name))) for name in _REFERENCES}
    times = {name: (f"{_HEADERS.get(name, name)}.{form}", _HEADERS.get(name, name)) for name in TIMES}
    return texts | references | times | {"state": ("state.value", "state"), "table_name": "table_name"}


def raw_times(head) -> bool | None:
    """Whether a Table API file holds times as they are stored (UTC); None if it is no export of incidents."""
    top = head.first.get("result", head.first.get("records", head.first))
    first = top[0] if isinstance(top, list) and top else top
    if not isinstance(first, dict) or not {"number", "opened_at", "state", "short_description"} <= first.keys():
        return None
    time, state, codes = _value(first["opened_at"]), _value(first["state"]), _value(first.get("priority", ""))
    plain = not isinstance(first["opened_at"], dict)
    words = plain and not (re.fullmatch(r"-?\d+", state) and re.fullmatch(r"\d*", codes))
    return not words and (not time or RAW_TIME.fullmatch(time) is not None)


def _value(cell) -> str:
    return str(cell.get("value", cell.get("display_value", "")) if isinstance(cell, dict) else cell)


def incidents(times: str, source: str = "records") -> str:
    """SQL of incidents, one record each; `times` is SQL that readies each time, with `{}` for its name."""
    ready = ", ".join(f"{times.format(name)} AS {name}" for name in ("opened_at", "updated_at", "work_start"))
    ends = ", ".join(f"nullif({times.format(name)}, '') AS {name}" for name in ("resolved_at", "closed_at"))
    known = ", ".join(f"nullif(trim({name}), '') AS {name}" for name in _EMPTY_IS_NONE)
    return f"""
        WITH known AS (
            SELECT record_no, number, title, active, priority, {known}, {ready}, {ends},
                coalesce(nullif(trim(state), ''), nullif(trim(incident_state), '')) AS state FROM {source}
        ), told AS (SELECT *, {STATUS} AS status FROM known)
        SELECT record_no, number AS incident_id, title, work_start AS acknowledged_at,
            coalesce(business_service, service_offering, cmdb_ci, category, 'not stated') AS component,
            {SAID}
        FROM told"""
