"""GitHub Actions workflow runs, as a list or from webhooks.

Get it with: ``gh api --paginate 'repos/OWNER/REPO/actions/workflows/deploy.yml/runs?per_page=100'``: ask for the
workflow that deploys, as every run is taken as a deployment here. Or a log of the webhook `workflow_run`, one per line.

- A re-run keeps `id` and `created_at`; `run_attempt` counts up and `run_started_at` moves: each attempt is a change of
  its own, but only the last one is listed.
- `conclusion` success is completed; failure, timed_out and startup_failure failed; cancelled; neutral, skipped,
  action_required and stale deployed nothing. Without a conclusion it runs, or has not begun.
- `updated_at` stands for the end of what is concluded; later events may have moved it.
- Runs for pull requests deploy nothing. A roll-back is an older sha that succeeded again by the same workflow and
  branch, as far as the file reaches back.
- The component is "owner/repo/workflow"; a run without a name has the name of its workflow, else of its file.

Checked against: GitHub's published webhook example; no real export was available.
"""

from continuity_analysis.ingest.formats import _changes

CONTAINER = "json"
KEY = ("workflow_runs", "workflow_run")
FIELDS = {
    "id": "id",
    "attempt": "run_attempt",
    "name": ("$page.workflow.name", "name"),
    "path": "path",
    "repository": "repository.full_name",
    "branch": "head_branch",
    "sha": "head_sha",
    "event": "event",
    "state": "status",
    "conclusion": "conclusion",
    "created_at": "created_at",
    "started": "run_started_at",
    "updated_at": "updated_at",
}
EXPORT = "window"


def recognises(head) -> bool:
    """Whether it is a page of runs, or a webhook about one."""
    first = head.first
    return {"total_count", "workflow_runs"} <= first.keys() or (
        {"action", "workflow_run", "repository"} <= first.keys()
        and isinstance(first["workflow_run"], dict)
        and "deployment" not in first
    )


IGNORES = {
    "of a pull request: it deploys nothing": "event IN ('pull_request', 'pull_request_target', 'merge_group')",
    "concluded without deploying anything": "conclusion IN ('neutral', 'skipped', 'action_required', 'stale')",
    "not begun": "state IN ('queued', 'requested', 'waiting', 'pending')",
}
TABLES = {
    "changes": f"""
        WITH told AS (
            SELECT *, coalesce(started, created_at) AS begun, moment(begun) AS t,
                repository || '/' || coalesce(nullif(name, ''), path) AS component,
                concat_ws('@', component, branch) AS place,
                CASE conclusion WHEN 'success' THEN 'completed' WHEN 'failure' THEN 'failed'
                    WHEN 'timed_out' THEN 'failed' WHEN 'startup_failure' THEN 'failed'
                    ELSE coalesce(conclusion, CASE state WHEN 'in_progress' THEN 'running' ELSE state END) END AS status
            FROM records
        ), {_changes.ROLLED_BACK}
        SELECT record_no, 'run/' || id || '/' || coalesce(attempt, '1') AS change_id, component,
            {_changes.KIND} AS kind, status, begun AS started_at, sha AS version,
            CASE WHEN status <> 'running' THEN updated_at END AS finished_at
        FROM told""",
}
