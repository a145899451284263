"""Google Cloud incidents: the status page's `incidents.json`, in today's schema and in that of before May 2021.

Get it with: ``curl https://status.cloud.google.com/incidents.json``, regularly: the list reaches back a year at most.

- Still open means that there is no `end` key at all (or nothing in it). Where the latest update then says AVAILABLE,
  users were already well: that is taken as mitigated.
- One row per affected product, under the name it has today (`current_title`); without that list, `service_name`. An
  incident of "Multiple Products" is thus counted where it hit.
- `severity` high, medium, low becomes 1, 2, 3. `status_impact` says the same in other words and is what is reported.
  SERVICE_INFORMATION (low) is mostly, not always, without down time: the impact is not said and stays null, and with
  severity 3 the catalogue's rule takes it for none, visibly, until `impact_by_severity` says otherwise.
- `begin` is when customers were first hit. `created` counts as detection only if it is later than that and no later
  than `end`: many are written up afterwards, a few were created before they began.
- In the old schema there is no id and `number` repeats from service to service: the id is the end of `uri`, such as
  appengine/20008. Today's `number` has 19 digits and more; it is never read.
- The texts speak US/Pacific; all fields are UTC.

Checked against: real files of November 2020, March 2022 and August 2026.
"""

CONTAINER = "json"
KEY = None
FIELDS = {
    "id": "id",
    "uri": "uri",
    "began": "begin",
    "created": "created",
    "ended": "end",
    "modified": "modified",
    "title": "external_desc",
    "severity": "severity",
    "status_impact": "status_impact",
    "products": "affected_products",
    "service": "service_name",
    "latest_status": "most_recent_update.status",
    "latest_at": "most_recent_update.when",
}
EXPORT = "window"


def recognises(head) -> bool:
    """Whether its first record is an incident of this page."""
    return {"begin", "external_desc", "service_key", "updates"} <= head.first.keys()


REJECTS = {"affected_products: expected a list of products, got something else": "NOT starts_with(products, '[')"}
TABLES = {
    "incidents": """
        WITH hit AS (
            SELECT DISTINCT record_no, trim(coalesce(p.current_title, p.title)) AS product
            FROM (SELECT record_no, unnest(TRY(json_transform(products,
                '[{"title": "VARCHAR", "current_title": "VARCHAR"}]'))) AS p FROM records)
        )
        SELECT record_no, coalesce(id, regexp_extract(uri, '^/incident/(.+)$', 1)) AS incident_id,
            coalesce(product, trim(service)) AS component, began AS started_at, 'incident' AS kind, title,
            CASE severity WHEN 'high' THEN 1 WHEN 'medium' THEN 2 WHEN 'low' THEN 3 END AS severity,
            coalesce(status_impact, severity) AS severity_reported, false AS planned,
            CASE WHEN ended IS NULL THEN 'open' ELSE 'resolved' END AS status, 'impact' AS started_basis,
            CASE WHEN moment(created) > moment(began) AND (ended IS NULL OR moment(created) <= moment(ended))
                THEN created END AS detected_at,
            CASE WHEN ended IS NULL AND latest_status = 'AVAILABLE' THEN latest_at END AS mitigated_at,
            ended AS restored_at, CASE WHEN ended IS NOT NULL THEN 'restored' END AS restored_basis,
            modified AS updated_at, 'https://status.cloud.google.com/' || ltrim(uri, '/') AS url
        FROM (SELECT * REPLACE (nullif(trim(ended), '') AS ended) FROM records) LEFT JOIN hit USING (record_no)""",
}
