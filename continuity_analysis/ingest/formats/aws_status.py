"""AWS status events: `data.json` of the old service health dashboard, kept in archives; its successor has no such file.

Get it with: ``git clone`` of a repository that scraped ``https://status.aws.amazon.com/data.json``; any number
of versions.

- `archive` is over, `current` is not, unless its summary begins with [RESOLVED]. There is no id: service and date are.
- `date` is when the first update was posted, in seconds, as text. The end stands nowhere but in the HTML: it is taken
  to be the last update, posted some time after the recovery, so an upper bound (closure). Updates carry a time of day
  in Pacific time (PST or PDT) to the minute, and perhaps a date: an update that is earlier in the day than the
  one before it is of the next day; where any carries a date the end is left unknown.
- When users were really hit is in the prose only, in any language, and is not read.
- `status` is a number, or the same as text; what the numbers mean is not documented, so the severity is unknown.

Checked against: parts of one real file of 2018 to 2021.
"""

CONTAINER = "json"
KEY = "*"
FIELDS = {
    "list": "$key",
    "service": "service",
    "name": "service_name",
    "summary": "summary",
    "posted": "date",
    "status": "status",
    "description": "description",
}
EXPORT = "window"


def recognises(head) -> bool:
    """Whether it is the dashboard's file."""
    return {"archive", "current"} <= head.keys and '"service_name"' in head.text


TABLES = {
    "incidents": r"""
        WITH stamped AS (
            SELECT record_no, regexp_extract_all(description, 'class="yellowfg">\s*([^<]*?)\s*</span>', 1) AS stamps
            FROM records
        ), clocked AS (
            SELECT record_no, stamps, right(stamps[1], 3) AS zone,
                CASE zone WHEN 'PDT' THEN INTERVAL 7 HOUR WHEN 'PST' THEN INTERVAL 8 HOUR END AS behind,
                list_transform(stamps, lambda s: try_strptime(left(s, -4), '%I:%M %p')::TIME) AS times
            FROM stamped WHERE len(stamps) > 0
        ), ended AS (
            SELECT record_no, behind, times[-1] AS last_time, len(list_filter(times, lambda t: t IS NULL)) = 0
                AND len(list_filter(stamps, lambda s: right(s, 3) <> zone)) = 0 AS plain,
                len(list_filter(list_zip(times[:-2], times[2:]), lambda p: p[2] < p[1])) AS midnights
            FROM clocked
        ), told AS (
            SELECT *, list = 'archive' OR starts_with(summary, '[RESOLVED]') AS over FROM records
                LEFT JOIN ended USING (record_no)
        )
        SELECT record_no, service || '-' || posted AS incident_id, service AS component, 'incident' AS kind,
            false AS planned, epoch_s(posted) AS started_at, 'creation' AS started_basis,
            concat_ws(': ', name, trim(replace(summary, '[RESOLVED]', ''))) AS title, status AS severity_reported,
            CASE WHEN over THEN 'resolved' ELSE 'open' END AS status,
            CASE WHEN over AND plain THEN
                greatest(((epoch_s(posted) - behind)::TIMESTAMP::DATE + last_time + to_days(midnights::INT) + behind)
                    ::TIMESTAMPTZ, epoch_s(posted)) END AS restored_at,
            CASE WHEN over AND plain THEN 'closure' END AS restored_basis
        FROM told""",
}
