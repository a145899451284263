"""EBS snapshots of volumes.

Get it with: ``aws ec2 describe-snapshots --owner-ids self --output json``, regularly and in every region: deleted ones
are not listed.

- `StartTime` is the moment whose data it holds, however long the upload took; `CompletionTime` is missing in answers of
  older versions: when it became usable is then unknown.
- A copy names the volume vol-ffffffff and starts when it was copied: neither says anything about its data; ignored.
- A snapshot `recoverable` or `recovering` is in the recycle bin: deleted until it is back.
- `VolumeSize` is GiB. The list names no region, but ids are unique: the location is the Outpost or "not stated".

Checked against: botocore's service model; an answer quoted in the tool's documentation; no real export was available.
"""

from continuity_analysis.ingest.formats import _awsbackup

CONTAINER = "json"
KEY = "Snapshots"
FIELDS = {
    "id": "SnapshotId",
    "asset": "VolumeId",
    "state": "State",
    "message": "StateMessage",
    "started": "StartTime",
    "completed": "CompletionTime",
    "volume_size": "VolumeSize",
    "stored": "FullSnapshotSizeInBytes",
    "outpost": "OutpostArn",
}
EXPORT = "listing"


def recognises(head) -> bool:
    """Whether it is a list of snapshots of volumes."""
    snapshots = head.first.get("Snapshots")
    if not isinstance(snapshots, list) or not head.keys <= {"Snapshots", "NextToken"}:
        return False
    return any({"SnapshotId", "VolumeId"} <= one.keys() for one in snapshots if isinstance(one, dict))


IGNORES = {"a copy: it names neither its volume nor when its data was taken": "asset = 'vol-ffffffff'"}
TABLES = {
    "backups": f"""
        SELECT record_no, id AS backup_id, asset, coalesce(outpost, 'not stated') AS location, 'snapshot' AS method,
            CASE WHEN state = 'pending' THEN 'running' WHEN state = 'error' THEN 'failed'
                WHEN state IN ('recoverable', 'recovering') THEN 'deleted' ELSE state END AS status,
            {_awsbackup.at("started")} AS started_at, {_awsbackup.at("completed")} AS finished_at,
            CASE WHEN status IN ('completed', 'deleted') THEN started_at END AS recovery_point_at,
            CASE WHEN recovery_point_at IS NOT NULL THEN 'snapshot' END AS recovery_point_basis,
            try_cast(volume_size AS BIGINT) * 1073741824 AS size_bytes, stored AS stored_bytes, message AS error
        FROM records""",
}
