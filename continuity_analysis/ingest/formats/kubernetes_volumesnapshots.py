"""Kubernetes volume snapshots: those of CSI volumes that a cluster still lists.

Get it with: ``kubectl get volumesnapshots,volumesnapshotcontents -A -o json``, regularly: what was deleted is no longer
there.

- `creationTime` is the moment at which the storage took the snapshot, whose data it holds: text in a VolumeSnapshot,
  nanoseconds since 1970 in a VolumeSnapshotContent. `metadata.creationTimestamp` is when it was asked for, or copied
  into this cluster: read only while there is no snapshot yet.
- It is usable once `readyToUse` is true; when that became so is not told. Without that word its readiness is unknown,
  and so are its status and point. An error of one that is not ready is the last one seen: it is tried again.
- The asset is "namespace/claim". A VolumeSnapshotContent names the claim's volume only: it takes the claim from its
  VolumeSnapshot in the same file, and is one backup with it; alone (retained after that was deleted) its asset is the
  volume. A snapshot that was made elsewhere names neither: say `asset` in `sources` of the catalogue.
- `restoreSize` is the size a volume needs, not that of the data or of what is stored; 0 is unknown.
- The id is "namespace/name/uid": names are used again. The location is the snapshot class or "not stated"; such
  snapshots mostly lie in the same storage as the volume.

Checked against: the API's own types (v1); no real export was available.
"""

from continuity_analysis.ingest.formats import _kubernetes

CONTAINER = "json"
KEY = "items"
FIELDS = {
    "kind": "kind",
    "namespace": ("spec.volumeSnapshotRef.namespace", "metadata.namespace"),
    "name": ("spec.volumeSnapshotRef.name", "metadata.name"),
    "uid": ("spec.volumeSnapshotRef.uid", "metadata.uid"),
    "claim": "spec.source.persistentVolumeClaimName",
    "volume": "spec.source.volumeHandle",
    "class": "spec.volumeSnapshotClassName",
    "asked_at": "metadata.creationTimestamp",
    "deleted_at": "metadata.deletionTimestamp",
    "taken_at": "status.creationTime",
    "ready": "status.readyToUse",
    "size": "status.restoreSize",
    "error": "status.error.message",
    "error_at": "status.error.time",
}
EXPORT = "listing"
_GROUP = "snapshot.storage.k8s.io"


def recognises(head) -> bool:
    """Whether it is a snapshot or the content of one, or a list that begins with one."""
    found = _kubernetes.kinds(head)
    return bool(found) and found[0] in (f"{_GROUP}/VolumeSnapshot", f"{_GROUP}/VolumeSnapshotContent")


IGNORES = {"no snapshot": "coalesce(kind, '') NOT IN ('VolumeSnapshot', 'VolumeSnapshotContent')"}
_NUMBER = "^([0-9]+(?:[.][0-9]+)?)(Ki|Mi|Gi|Ti|Pi|Ei|k|M|G|T|P|E)?$"
_UNITS = {"": 1.0} | {f"{unit}i": 1024.0**n for n, unit in enumerate("KMGTPE", start=1)}
_UNITS |= {unit: 1000.0**n for n, unit in enumerate("kMGTPE", start=1)}
TABLES = {
    "backups": f"""
        WITH told AS (
            SELECT *, max(claim) OVER (PARTITION BY namespace, name, uid) AS its_claim,
                try_cast(regexp_extract(size, '{_NUMBER}', 1) AS DOUBLE)
                    * map {_UNITS}[regexp_extract(size, '{_NUMBER}', 2)] AS bytes
            FROM records
        )
        SELECT record_no, namespace || '/' || name || coalesce('/' || uid, '') AS backup_id, 'snapshot' AS method,
            coalesce(namespace || '/' || its_claim, volume) AS asset, coalesce(class, 'not stated') AS location,
            CASE WHEN deleted_at IS NOT NULL THEN 'deleted' WHEN ready = 'true' THEN 'completed'
                WHEN coalesce(error, error_at) IS NOT NULL THEN 'failed'
                WHEN ready = 'false' OR ready IS NULL AND taken_at IS NULL THEN 'running' ELSE ready END AS status,
            CASE WHEN status IN ('failed', 'running') THEN asked_at END AS started_at,
            CASE WHEN status = 'failed' THEN error_at END AS finished_at,
            CASE WHEN ready IS DISTINCT FROM 'true' THEN NULL WHEN regexp_full_match(taken_at, '[0-9]{{16,19}}')
                THEN make_timestamptz(taken_at::BIGINT // 1000) ELSE moment(taken_at) END AS recovery_point_at,
            CASE WHEN recovery_point_at IS NOT NULL THEN 'snapshot' END AS recovery_point_basis,
            CASE WHEN bytes IS NULL THEN size WHEN bytes > 0 THEN bytes::BIGINT::VARCHAR END AS size_bytes,
            CASE WHEN ready IS DISTINCT FROM 'true' THEN error END AS error
        FROM told""",
}
