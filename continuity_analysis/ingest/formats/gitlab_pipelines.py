"""GitLab pipelines of a project, as a list or one by one.

Get it with: ``curl -H 'PRIVATE-TOKEN: …' 'https://gitlab.example.com/api/v4/projects/ID/pipelines?ref=main'``, all
pages, or `/pipelines/ID` for each. Prefer `gitlab_deployments`: a pipeline need not deploy anything, and is taken
as a deployment of its project here. Ask for the branch that is deployed only.

- The list has neither begin nor end: the begin is then its creation, earlier by the time it queued, and the end is
  unknown, as `updated_at` moves later. A pipeline asked for by itself has both.
- Pipelines of merge requests, and skipped ones, deploy nothing. One that waits for a person or a runner has not begun.
- A roll-back is an older sha that succeeded again on the same ref, as far as the file reaches back.
- The component is the project's path from `web_url`, else its number.

Checked against: GitLab's API documentation, its examples, and the states in its code; no real export was available.
"""

from continuity_analysis.ingest.formats import _changes

CONTAINER = "json"
FIELDS = {
    "id": "id",
    "project": "project_id",
    "ref": "ref",
    "sha": "sha",
    "state": "status",
    "source": "source",
    "created_at": "created_at",
    "started": "started_at",
    "finished": "finished_at",
    "url": "web_url",
}
EXPORT = "window"


def recognises(head) -> bool:
    """Whether it is a list of pipelines, or one of them."""
    return {"iid", "sha", "ref", "status", "source"} <= head.first.keys() and "deployable" not in head.first


IGNORES = {
    "of a merge request: it deploys nothing": "source = 'merge_request_event'",
    "skipped: it deployed nothing": "state = 'skipped'",
    "not begun": "state IN ('created', 'waiting_for_resource', 'waiting_for_callback', 'preparing', 'pending', "
    "'manual', 'scheduled')",
}
TABLES = {
    "changes": f"""
        WITH told AS (
            SELECT *, coalesce(started, created_at) AS begun, moment(begun) AS t,
                coalesce(nullif(regexp_extract(url, '^https?://[^/]+/(.+?)(/-)?/pipelines/\\d+$', 1), ''),
                    'project ' || project) AS component, concat_ws('@', component, ref) AS place,
                CASE state WHEN 'success' THEN 'completed' WHEN 'canceled' THEN 'cancelled'
                    WHEN 'canceling' THEN 'running' ELSE state END AS status
            FROM records
        ), {_changes.ROLLED_BACK}
        SELECT record_no, 'pipeline/' || id AS change_id, component, {_changes.KIND} AS kind, status,
            begun AS started_at, CASE WHEN status <> 'running' THEN finished END AS finished_at, sha AS version
        FROM told""",
}
