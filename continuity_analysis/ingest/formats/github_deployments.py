"""GitHub deployments of a repository, without their outcome.

Get it with: ``gh api --paginate 'repos/OWNER/REPO/deployments?per_page=100'``. Whether they succeeded is only in their
statuses: add those (`github_deployment_statuses`).

- There is no outcome in it: the status is unknown. `updated_at` moves with every status and is not the end.
- It begins with its creation. A `task` that holds "rollback" ("deploy:rollback" by convention) makes it a roll-back.
- The component is "owner/repo/environment", by the environment it has now, not the original one.
- `payload` may be an object or text; it is not read.

Checked against: GitHub's published webhook examples, which hold the same object; no real export was available.
"""

CONTAINER = "json"
FIELDS = {
    "id": "id",
    "url": "url",
    "sha": "sha",
    "task": "task",
    "environment": "environment",
    "created_at": "created_at",
}
EXPORT = "window"


def recognises(head) -> bool:
    """Whether it is a list of deployments, or one of them."""
    return {"sha", "task", "original_environment", "environment"} <= head.first.keys()


TABLES = {
    "changes": """
        SELECT record_no, 'deployment/' || id AS change_id, created_at AS started_at, sha AS version,
            nullif(regexp_extract(url, '/repos/([^/]+/[^/]+)/deployments/', 1), '') || '/' || environment AS component,
            CASE WHEN contains(lower(task), 'rollback') THEN 'rollback' ELSE 'deployment' END AS kind
        FROM records""",
}
