"""Azure Site Recovery jobs: failovers and test failovers.

Get it with: ``az rest --method get --url '…/vaults/VAULT/replicationJobs?api-version=2023-08-01'``, all pages, often:
old jobs are not listed.

- Only test failovers (drills) and failovers are recoveries. Cleaning up, committing and all other jobs are ignored.
- The end of a job says that machines were started, not that a service ran: its scope is data.
- A suspended job waits for a person: it is still running. Cancelled is called off. A state that is none of those known
  is rejected. An end of the year 1 is none.
- `recoveryPointTime` stands per machine: the oldest one counts for the job. Its asset is what the job was for: one
  machine or a whole recovery plan.
- Moments have 0 to 7 digits of a second.

Checked against: the published API specification and one example of it, which holds no failover; the
scenario TestFailover and the state InProgress in the vendor's guides. The names of other scenarios of failovers could
not be verified; no real export was available.
"""

CONTAINER = "json"
KEY = "value"
FIELDS = {
    "id": "name",
    "scenario": "properties.scenarioName",
    "state": "properties.state",
    "started": "properties.startTime",
    "ended": "properties.endTime",
    "asset": ("properties.targetObjectName", "properties.targetObjectId"),
    "details": "properties.customDetails.instanceType",
    "items": "properties.customDetails.protectedItemDetails",
    "errors": "properties.errors",
}
EXPORT = "window"


def recognises(head) -> bool:
    """Whether it is a list of replication jobs, or one of them."""
    jobs = head.first.get("value") if isinstance(head.first.get("value"), list) else [head.first]
    return any(isinstance(one, dict) and _is_job(one) for one in jobs)


def _is_job(one: dict) -> bool:
    properties = one.get("properties")
    return isinstance(properties, dict) and {"scenarioName", "state", "targetObjectName"} <= properties.keys()


NO_FAILOVER = "NOT contains(lower(scenario), 'failover') OR regexp_matches(lower(scenario), 'cleanup|commit|cancel')"
IGNORES = {
    "neither a failover nor a test of one": f"details IS DISTINCT FROM 'TestFailoverJobDetails' AND ({NO_FAILOVER})"
}
REJECTS = {"protectedItemDetails: expected a list, got something else": "NOT starts_with(items, '[')"}
TABLES = {
    "recoveries": """
        WITH points AS (
            SELECT record_no, min(moment(point)) AS oldest
            FROM (SELECT record_no, unnest(items->>'$[*].recoveryPointTime') AS point FROM records)
            GROUP BY record_no
        )
        SELECT record_no, id AS recovery_id, asset, 'data' AS scope,
            CASE WHEN details = 'TestFailoverJobDetails' OR contains(lower(scenario), 'test') THEN 'drill'
                ELSE 'failover' END AS kind,
            CASE WHEN state IN ('NotStarted', 'InProgress', 'Suspended', 'Cancelling') THEN 'running'
                WHEN state = 'Succeeded' THEN 'completed' WHEN state = 'Cancelled' THEN 'aborted'
                ELSE lower(state) END AS status,
            started AS started_at, CASE WHEN status = 'completed' THEN ended END AS data_restored_at,
            CASE WHEN status <> 'running' THEN ended END AS finished_at, oldest AS recovery_point_at,
            array_to_string(errors->>'$[*].serviceErrorDetails.message', chr(10)) AS findings
        FROM records LEFT JOIN points USING (record_no)""",
}
