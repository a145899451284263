"""Drills CSV: recovery drills, restore tests, failovers and real recoveries, one row each with its phases.

Get it with: a copy of `docs/drills-template.csv`, filled in by hand or by a script after each drill; `docs/drills.md`
explains every column. Keep all drills in one file, the failed ones too.

- Times have an offset ("2026-07-01T10:00Z", "2026-07-01 12:00 +02:00"), or none: then the zone must be stated.
- What is not known stays empty. `drill_id`, `service` and `outcome` must be there; `kind` is drill unless it says else.
- A row speaks of the whole way until the service is back: scope end_to_end. Only where a completed one has
  `data_restored_at` and no `service_restored_at` it proves the data alone: scope data.
- `ended_at` is when the attempt was over, however it went; of a completed one it may be left out.
- Findings are separated by semicolons or line breaks. `scenario` is for the reader and is not used.
- Rows whose `drill_id` begins with EXAMPLE are the template's own: ignored.

Checked against: our own format; columns chosen after public templates of drill reports.
"""

CONTAINER = "csv"
NAIVE = ("disrupted_at", "detected_at", "declared_at", "started_at", "data_restored_at", "service_restored_at")
NAIVE += ("ended_at", "recovery_point_at")
OTHERS = ("drill_id", "service", "kind", "plan_version", "outcome", "backup_id", "size_bytes", "findings")
FIELDS = {name: name for name in (*OTHERS, *NAIVE)}
EXPORT = "events"


def recognises(head) -> bool:
    """Whether the header has the columns that every drill needs."""
    return {"drill_id", "service", "outcome"} <= {cell.lower() for cell in head.header}


IGNORES = {"example row of the template": "starts_with(upper(trim(drill_id)), 'EXAMPLE')"}
BACK = "least(moment(data_restored_at), moment(service_restored_at), moment(ended_at))"
REJECTS = {
    "service: expected what was to be recovered, got none": "trim(service) = ''",
    "outcome: expected completed, failed, aborted or running, got none": "trim(outcome) = ''",
    "completed, but neither data_restored_at nor service_restored_at says when": """lower(trim(outcome)) = 'completed'
        AND coalesce(trim(data_restored_at), '') = '' AND coalesce(trim(service_restored_at), '') = ''""",
    "failed, yet service_restored_at says that the service came back: one that came back late is completed": """
        lower(trim(outcome)) = 'failed' AND coalesce(trim(service_restored_at), '') <> ''""",
    "drill_id: stands twice in the file, expected one of its own for each attempt": """
        trim(drill_id) <> '' AND row_number() OVER (PARTITION BY drill_id ORDER BY record_no) > 1""",
    "restored or ended before it began": f"""{BACK} > '-infinity'::TIMESTAMPTZ
        AND {BACK} < greatest(moment(disrupted_at), moment(started_at))""",
}
TABLES = {
    "recoveries": """
        WITH told AS (
            SELECT *, lower(trim(outcome)) AS status, status = 'completed' AS done,
                coalesce(moment(service_restored_at), moment(data_restored_at)) AS back_at
            FROM records
        )
        SELECT record_no, drill_id AS recovery_id, service AS asset, backup_id, status, plan_version, size_bytes,
            coalesce(nullif(lower(trim(kind)), ''), 'drill') AS kind, disrupted_at, detected_at, declared_at,
            started_at, data_restored_at, service_restored_at, recovery_point_at,
            coalesce(moment(ended_at), CASE WHEN done THEN back_at END) AS finished_at,
            CASE WHEN done AND moment(service_restored_at) IS NULL THEN 'data' ELSE 'end_to_end' END AS scope,
            array_to_string(list_filter(regexp_split_to_array(findings, '\\s*[;\\n]\\s*'), lambda x: x <> ''), chr(10))
                AS findings
        FROM told""",
}
