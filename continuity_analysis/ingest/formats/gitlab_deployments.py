"""GitLab deployments of a project, to all its environments.

Get it with: ``curl -H 'PRIVATE-TOKEN: …' 'https://gitlab.example.com/api/v4/projects/ID/deployments?order_by=id&per_page=100'``,
all pages, regularly.

- A deployment that is `created` or `blocked` has not begun, unless its job (`deployable`) says that it ran: then the
  job's outcome is that of the deployment. `deployable` is null where the API made the deployment.
- It begins with its job, else with its creation, and ends with its job, else with the last update of a final status.
- A roll-back has no mark: it is a new deployment of an older sha, which succeeded, to the same environment. It is told
  from the deployments of the file; one to a sha that is not in the file is not recognised.
- The component is "group/project/environment"; the project is read from the jobs' URLs, and is left out where no
  deployment of the file has one. Commits carry a local offset, everything else Z; both are understood.

Checked against: GitLab's API documentation, its examples, and the states in its code; no real export was available.
"""

from continuity_analysis.ingest.formats import _changes

CONTAINER = "json"
FIELDS = {
    "id": "id",
    "sha": "sha",
    "state": "status",
    "created_at": "created_at",
    "updated_at": "updated_at",
    "environment": "environment.name",
    "job_state": "deployable.status",
    "job_started": "deployable.started_at",
    "job_finished": "deployable.finished_at",
    "url": ("deployable.pipeline.web_url", "deployable.web_url"),
}
EXPORT = "window"


def recognises(head) -> bool:
    """Whether it is a list of deployments, or one of them."""
    return {"iid", "sha", "environment", "deployable"} <= head.first.keys()


STATE = "CASE WHEN state IN ('created', 'blocked') THEN coalesce(job_state, state) ELSE state END"
IGNORES = {
    "not begun": f"{STATE} IN ('created', 'blocked', 'pending', 'manual', 'scheduled', 'preparing', "
    "'waiting_for_resource', 'waiting_for_callback')",
    "skipped: it deployed nothing": f"{STATE} = 'skipped'",
}
TABLES = {
    "changes": f"""
        WITH told AS (
            SELECT *, coalesce(job_started, created_at) AS begun, moment(begun) AS t,
                max(regexp_extract(url, '^https?://[^/]+/(.+?)(/-)?/(pipelines|jobs)/\\d+$', 1)) OVER () AS project,
                CASE WHEN project <> '' THEN project || '/' || environment ELSE environment END AS place,
                CASE {STATE} WHEN 'success' THEN 'completed' WHEN 'canceled' THEN 'cancelled'
                    WHEN 'canceling' THEN 'running' ELSE {STATE} END AS status
            FROM records
        ), {_changes.ROLLED_BACK}
        SELECT record_no, 'deployment/' || id AS change_id, place AS component, {_changes.KIND} AS kind,
            status, begun AS started_at, sha AS version,
            CASE WHEN status <> 'running' THEN coalesce(job_finished, updated_at) END AS finished_at
        FROM told""",
}
