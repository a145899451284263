"""GitHub deployment statuses: how each deployment went, from webhooks or one deployment's list.

Get it with: ``gh api --paginate repos/OWNER/REPO/deployments/ID/statuses`` for each deployment, or a log of the
webhooks `deployment` and `deployment_status`, one per line.

- All statuses of a deployment in a file make one row: the newest of success, failure and error is its outcome, at the
  moment it was first reached. `inactive` means superseded, not failed; it, and pending, queued, waiting and
  in_progress, are no outcome: what has no other is still running (or, if only inactive, of unknown outcome).
- It begins with the deployment's creation, which webhooks tell; a list of statuses has only its first status,
  and one of nothing but `inactive` no begin at all.
- A `task` that holds "rollback" makes it a roll-back, and so does an older sha that succeeded again in the same
  environment (webhooks only, as far as the file reaches back).
- The component is "owner/repo/environment"; the deployment's id is the end of `deployment_url` in the list.

Checked against: GitHub's published webhook examples; no real export was available.
"""

from continuity_analysis.ingest.formats import _changes

CONTAINER = "json"
FIELDS = {
    "state": ("deployment_status.state", "state"),
    "said_at": ("deployment_status.created_at", "deployment.created_at", "created_at"),
    "environment": ("deployment_status.environment", "deployment.environment", "environment"),
    "url": ("deployment.url", "deployment_url"),
    "deployed_at": "deployment.created_at",
    "task": "deployment.task",
    "sha": "deployment.sha",
}
EXPORT = "window"


def recognises(head) -> bool:
    """Whether it is a webhook about a deployment, or a list of statuses."""
    webhook = {"action", "deployment", "repository"} <= head.first.keys()
    return webhook or {"state", "environment", "deployment_url", "created_at"} <= head.first.keys()


STATES = "'success', 'failure', 'error', 'inactive', 'in_progress', 'queued', 'pending', 'waiting'"
REJECTS = {
    "created_at: expected a moment with its offset from UTC, such as 2026-01-31T12:00:00Z": """said_at IS NULL
        OR NOT isfinite(moment(said_at)) OR NOT isfinite(moment(deployed_at))""",
    f"state: expected one of {STATES}": f"state NOT IN ({STATES})",
    "expected the URL of its deployment, which tells repository and id": """NOT regexp_matches(coalesce(url, ''),
        '/repos/[^/]+/[^/]+/deployments/\\d+')""",
    "environment: expected a value, got none": "environment IS NULL",
}
FINAL = "state IN ('success', 'failure', 'error')"
TABLES = {
    "changes": f"""
        WITH parts AS (
            SELECT *, regexp_extract(url, '/repos/([^/]+/[^/]+)/deployments/', 1) AS repository,
                regexp_extract(url, '/deployments/(\\d+)', 1) AS id, moment(said_at) AS said FROM records
        ), outcomes AS (
            SELECT id, repository, arg_max(state, (said, record_no)) FILTER ({FINAL}) AS outcome,
                bool_and(state IS NOT DISTINCT FROM 'inactive') AS gone,
                arg_max(environment, (said, record_no)) AS environment, max(sha) AS sha, max(task) AS task,
                coalesce(min(moment(deployed_at)), CASE WHEN NOT gone THEN min(said) END) AS t,
                max(record_no) AS record_no
            FROM parts GROUP BY id, repository
        ), told AS (
            SELECT *, repository || '/' || environment AS place,
                CASE WHEN outcome = 'success' THEN 'completed' WHEN outcome IS NOT NULL THEN 'failed'
                    WHEN NOT gone THEN 'running' END AS status,
                (SELECT min(said) FROM parts WHERE parts.id = outcomes.id AND parts.repository = outcomes.repository
                    AND state = outcome) AS finished
            FROM outcomes
        ), {_changes.ROLLED_BACK}
        SELECT record_no, 'deployment/' || id AS change_id, place AS component, status, t AS started_at,
            finished AS finished_at, sha AS version,
            CASE WHEN contains(lower(task), 'rollback') THEN 'rollback' WHEN sha IS NOT NULL THEN {_changes.KIND}
                END AS kind
        FROM told""",
}
