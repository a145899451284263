"""AWS Elastic Disaster Recovery jobs: recoveries and drills, one row for each server launched.

Get it with: ``aws drs describe-jobs --output json``, regularly and in every region.

- A job is COMPLETED though launches of it FAILED: the launch status of each server counts.
- START_DRILL is a drill, START_RECOVERY a failover. Failback, termination and conversion of snapshots are neither.
- The job's end is that of all its servers: for one of them it is no later than that. Launched is not yet serving: the
  scope is data. Which moment's data it was is not told here.
- TERMINATED says that the server is gone, not whether it had been launched: the outcome is unknown.

Checked against: botocore's service model; no real export was available.
"""

from continuity_analysis.ingest.formats import _awsbackup

CONTAINER = "json"
KEY = "items"
FIELDS = {
    "id": "jobID",
    "type": "type",
    "cause": "initiatedBy",
    "created": "creationDateTime",
    "ended": "endDateTime",
    "servers": "participatingServers",
}
EXPORT = "window"


def recognises(head) -> bool:
    """Whether it is a list of jobs, or one of them."""
    listed = head.first.get("items")
    first = listed[0] if isinstance(listed, list) and listed else head.first
    return isinstance(first, dict) and {"jobID", "initiatedBy", "creationDateTime"} <= first.keys()


IGNORES = {"neither a recovery nor a drill": "cause NOT IN ('START_RECOVERY', 'START_DRILL') OR type <> 'LAUNCH'"}
REJECTS = {
    "initiatedBy: expected what the job was begun for, got none": "cause IS NULL",
    "participatingServers: expected a list, got something else": "NOT starts_with(servers, '[')",
}
TABLES = {
    "recoveries": f"""
        WITH launched AS (SELECT *, unnest(json_extract(servers, '$[*]')) AS server FROM records),
        told AS (SELECT *, server->>'sourceServerID' AS asset, server->>'launchStatus' AS phase FROM launched)
        SELECT record_no, id || '/' || asset AS recovery_id, asset, 'data' AS scope,
            CASE cause WHEN 'START_DRILL' THEN 'drill' ELSE 'failover' END AS kind,
            CASE WHEN phase = 'LAUNCHED' THEN 'completed' WHEN phase IN ('PENDING', 'IN_PROGRESS') THEN 'running'
                WHEN phase <> 'TERMINATED' THEN lower(phase) END AS status,
            {_awsbackup.at("created")} AS started_at,
            CASE WHEN phase = 'LAUNCHED' THEN {_awsbackup.at("ended")} END AS data_restored_at,
            CASE WHEN status IN ('completed', 'failed') THEN {_awsbackup.at("ended")} END AS finished_at
        FROM told""",
}
