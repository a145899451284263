"""Alertmanager silences, as planned maintenance.

Get it with: ``curl https://alertmanager.example.com/api/v2/silences``, or ``amtool silence query --expired
--output=json``, regularly: expired ones are kept for some days only.

- A silence says that somebody expected alerts, not that anything was down: no impact is taken from it.
- Its end may lie decades ahead: an end more than a year after the start is no announced end.
- pending has not begun and is scheduled; expired ended at `endsAt`, which is moved there when a person ends it. One
  that was ended before it began has both moments alike (or reversed): cancelled.
- The component is what the matchers say: the label `service`, else job/instance, instance or job, else all matchers as
  text. A regular expression that only lists names ("cart|shop") is one component each; any other one, and a negative
  matcher, names none. Matchers of releases before 0.22 have no `isEqual` and are positive.
- An edited silence is a new one, and the old one expires.

Checked against: Alertmanager's documentation; recorded answers of releases 0.22 and 0.31 (all of them for ever).
"""

CONTAINER = "json"
FIELDS = {
    "id": "id",
    "state": "status.state",
    "matchers": "matchers",
    "starts_at": "startsAt",
    "ends_at": "endsAt",
    "updated_at": "updatedAt",
    "title": "comment",
}
EXPORT = "open_only"


def recognises(head) -> bool:
    """Whether it is a list of silences, or one."""
    return {"matchers", "startsAt", "endsAt", "createdBy", "status"} <= head.first.keys()


SHAPE = """TRY(json_transform(matchers,
    '[{"name": "VARCHAR", "value": "VARCHAR", "isRegex": "BOOLEAN", "isEqual": "BOOLEAN"}]'))"""
REJECTS = {"matchers: expected a list of matchers, got something else": f"{SHAPE} IS NULL OR {SHAPE} = []"}
TABLES = {
    "incidents": f"""
        WITH said AS (SELECT record_no, unnest({SHAPE}) AS m FROM records),
        named AS (
            SELECT record_no, m.name AS label,
                CASE WHEN m.isRegex THEN string_split(m.value, '|') ELSE [m.value] END AS names
            FROM said
            WHERE coalesce(m.isEqual, true)
                AND (NOT m.isRegex OR regexp_full_match(m.value, '[\\w:/@-]+(\\|[\\w:/@-]+)*'))
        ), labels AS (
            SELECT record_no, max(names) FILTER (label = 'service') AS service,
                max(names) FILTER (label = 'instance') AS instance, max(names) FILTER (label = 'job') AS job
            FROM named GROUP BY record_no
        ), texts AS (
            SELECT record_no, string_agg(m.name || CASE WHEN coalesce(m.isEqual, true) THEN '=' ELSE '!' END
                || CASE WHEN m.isRegex THEN '~' WHEN coalesce(m.isEqual, true) THEN '' ELSE '=' END
                || '"' || m.value || '"', ',' ORDER BY m.name, m.value) AS matched FROM said GROUP BY record_no
        )
        SELECT record_no, id AS incident_id, 'maintenance' AS kind, true AS planned, title, updated_at,
            unnest(coalesce(service,
                CASE WHEN instance IS NOT NULL
                    THEN flatten(list_transform(job, lambda j: list_transform(instance, lambda i: j || '/' || i))) END,
                instance, job, [matched])) AS component,
            CASE WHEN called_off THEN 'cancelled'
                ELSE coalesce(map {{'active': 'open', 'expired': 'resolved', 'pending': 'scheduled'}}[state], state)
                END AS status,
            CASE WHEN state <> 'pending' AND NOT called_off THEN starts_at END AS started_at,
            CASE WHEN started_at IS NOT NULL THEN 'schedule' END AS started_basis,
            CASE WHEN status = 'resolved' THEN ends_at END AS restored_at,
            CASE WHEN status = 'resolved' THEN 'restored' END AS restored_basis, starts_at AS scheduled_from_at,
            CASE WHEN TRY(moment(ends_at) > moment(starts_at) + INTERVAL 1 YEAR) THEN NULL ELSE ends_at END
                AS scheduled_until_at
        FROM (SELECT *, state = 'expired' AND moment(ends_at) <= moment(starts_at) AS called_off FROM records)
            LEFT JOIN labels USING (record_no) LEFT JOIN texts USING (record_no)""",
}
