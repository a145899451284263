"""What the checks of readiness are called, and what to do where one fails or is unknown."""

CHECKS = {
    "replicas": "Replicas",
    "nodes": "Nodes",
    "zones": "Zones",
    "autoscaling": "Autoscaling",
    "disruption_budget": "Disruption budget",
    "pipeline_green": "Pipeline green",
    "pipeline_recent": "Pipeline recent",
    "rollback_tried": "Roll-back tried",
    "backups_consistent": "Backups consistent",
    "backups_off_site": "Backups off-site",
    "backups_proven": "Backups proven",
    "drill_done": "Drill done",
    "findings_closed": "Findings closed",
    "reconnection": "Reconnected by itself",
    "suppliers": "Suppliers named",
}
RESULTS = {"FAIL": "Failed", "UNKNOWN": "Unknown", "PASS": "Passed", "NOT_APPLICABLE": "Does not apply"}
_WORKLOADS = "Ingest what kubectl says of the workloads, at least monthly (continuity formats: kubernetes_objects)"
_CHANGES = "Ingest runs of the pipeline (continuity formats: github_workflow_runs, gitlab_pipelines, and others)"
IF_FAILED = {
    "replicas": "Run more replicas, and find out why those asked for are not ready",
    "nodes": "Spread replicas over nodes (topology spread, anti-affinity)",
    "zones": "Spread replicas over zones",
    "autoscaling": "Add an autoscaler, or skip the check with the reason",
    "disruption_budget": "Add a disruption budget",
    "pipeline_green": "Repair the pipeline and deploy",
    "pipeline_recent": "Deploy, if only the same version again: a pipeline nobody runs is not known to work",
    "rollback_tried": "Rehearse a roll-back",
    "backups_consistent": "Make a whole backup again, and find out why this one is not",
    "backups_off_site": "Copy backups to another site",
    "backups_proven": "Restore a backup, or read one in full",
    "drill_done": "Drill the recovery from end to end",
    "findings_closed": "Close what drills found, and state the day under readiness.closed_findings",
    "reconnection": "Let it reconnect by itself: retries with back-off, no restart by hand",
    "suppliers": "Agree with a contingency supplier, or skip the check with the reason",
}
IF_UNKNOWN = {
    **dict.fromkeys(("replicas", "nodes", "zones", "autoscaling", "disruption_budget"), _WORKLOADS),
    **dict.fromkeys(("pipeline_green", "pipeline_recent", "rollback_tried"), _CHANGES),
    "backups_consistent": "Use a tool, or an export of it, that says of which moment the data is; ingest it regularly",
    "backups_off_site": "State patterns of the places that are off-site under readiness.off_site",
    "backups_proven": "Record restores and full reads (continuity formats), also those of drills",
    "drill_done": "Record drills (continuity formats: drills_csv)",
    "findings_closed": "Record what drills find, one finding a line; “fixed: …” closes one",
    "reconnection": "Rehearse it: take away what it needs and give it back",
    "suppliers": "Name them under readiness.suppliers, [] if there are none",
}


def what_to_do(check: str, result: str) -> str:
    """The next step for a check with a result; nothing where it passed or does not apply."""
    return {"FAIL": IF_FAILED, "UNKNOWN": IF_UNKNOWN}.get(result, {}).get(check, "")
