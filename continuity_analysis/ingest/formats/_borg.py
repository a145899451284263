"""What both BorgBackup exports share."""

from continuity_analysis.ingest.moments import quoted

FIELDS = {
    "id": "id",
    "name": "name",
    "repository": "$page.repository.location",
    "start": "start",
    "end": "end",
}
IGNORES = {"checkpoint of a run that was interrupted": r"regexp_matches(name, '\.checkpoint(\.[0-9]+)?$')"}
_STAMP = r"[-_.:@+ ]*20[0-9]{2}[-_.]?[01][0-9][-_.]?[0-3][0-9].*$"
ASSET = f"concat_ws('::', repository, nullif(regexp_replace(name, {quoted(_STAMP)}, ''), ''))"
COLUMNS = f"""record_no, id AS backup_id, {ASSET} AS asset, repository AS location, 'snapshot' AS method,
            "start" AS started_at, "start" AS recovery_point_at,
            CASE WHEN "start" IS NOT NULL THEN 'job_start' END AS recovery_point_basis, "end" AS finished_at"""
