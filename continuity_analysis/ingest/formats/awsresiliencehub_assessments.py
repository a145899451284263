"""AWS Resilience Hub assessments: what it reckons that recovery would take, per component and kind of disruption.

Get it with: ``aws resiliencehub describe-app-assessment --assessment-arn ARN > a.json`` and, to have the components as
well, ``aws resiliencehub list-app-component-compliances --assessment-arn ARN | jq --slurpfile a a.json '. + $a[0]'``,
for each assessment; one file may hold many, one after the other.

- These are estimates from configuration: they fill `estimates`, and no availability, RPO or RTO is made of them.
- The list of components names neither its assessment nor a moment: without the first answer beside it, as the command
  puts it, it is rejected.
- The application is named by its ARN, a component by its name, which is unique only within its application.
- AWS's own example shows 2592001 s, a second over 30 days, where nothing would be recovered. Figures beyond 30 days are
  taken to mean that and are not kept; `recoverable` is then false. This reading is drawn from the example: no
  documentation puts it in words.
- 0 as an achievable figure stands where none was worked out (so in the example) and is unknown. A current 0 counts.
- An assessment that has not succeeded has no estimates. Disruptions that the policy leaves out have no target.

Checked against: botocore's service model and the example of `describe-app-assessment` in AWS's user guide.
"""

from continuity_analysis.ingest.formats import _awsbackup

CONTAINER = "json"
FIELDS = {
    "id": "assessment.assessmentArn",
    "app": "assessment.appArn",
    "phase": "assessment.assessmentStatus",
    "ended": "assessment.endTime",
    "whole": "assessment.compliance",
    "policy": "assessment.policy.policy",
    "components": "componentCompliances",
}
EXPORT = "window"
LONGEST = 30 * 24 * 3600


def recognises(head) -> bool:
    """Whether it is one assessment, or the list of what its components comply with."""
    told = head.first.get("assessment")
    whole = isinstance(told, dict) and {"assessmentArn", "assessmentStatus"} <= told.keys()
    return whole or isinstance(head.first.get("componentCompliances"), list)


IGNORES = {"an assessment that has not succeeded": "phase IN ('Pending', 'InProgress', 'Failed')"}
REJECTS = {
    "assessment: expected it beside the components, got none: put it there as `continuity formats` says": "id IS NULL",
    "componentCompliances: expected a list, got something else": "NOT starts_with(components, '[')",
}


def _figure(name: str) -> str:
    """SQL of a figure in seconds, without those that mean that nothing is recovered."""
    text = f"told->>'{name}'"
    return f"CASE WHEN coalesce(try_cast({text} AS DOUBLE), 0) <= {LONGEST} THEN {text} END"


TABLES = {
    "estimates": f"""
        WITH assessed AS (
            SELECT record_no, id, ended, policy, app AS component, whole::JSON AS compliance FROM records
            UNION ALL
            SELECT record_no, id, ended, policy, one->>'appComponentName', one->'compliance'
            FROM (SELECT *, unnest(json_extract(components, '$[*]')) AS one FROM records)
        ), kinds AS (
            SELECT *, unnest(json_keys(compliance)) AS kind FROM assessed
        ), said AS (
            SELECT *, json_extract(compliance, '$."' || kind || '"') AS told,
                json_extract(policy, '$."' || kind || '"') AS wanted
            FROM kinds
        )
        SELECT record_no, id AS estimate_id, component, {_awsbackup.at("ended")} AS assessed_at,
            CASE kind WHEN 'AZ' THEN 'zone' ELSE lower(kind) END AS disruption,
            {_figure("currentRtoInSecs")} AS rto_seconds, {_figure("currentRpoInSecs")} AS rpo_seconds,
            greatest(try_cast(told->>'currentRtoInSecs' AS DOUBLE), try_cast(told->>'currentRpoInSecs' AS DOUBLE))
                <= {LONGEST} AS recoverable,
            nullif({_figure("achievableRtoInSecs")}, '0') AS achievable_rto_seconds,
            nullif({_figure("achievableRpoInSecs")}, '0') AS achievable_rpo_seconds,
            wanted->>'rtoInSecs' AS policy_rto_seconds, wanted->>'rpoInSecs' AS policy_rpo_seconds,
            CASE told->>'complianceStatus' WHEN 'PolicyMet' THEN 'met' WHEN 'PolicyBreached' THEN 'breached'
                WHEN 'NotApplicable' THEN 'not_applicable' WHEN 'MissingPolicy' THEN 'no_policy'
                ELSE told->>'complianceStatus' END AS compliance,
            concat_ws(chr(10), told->>'message', told->>'rtoDescription', told->>'rpoDescription') AS reason
        FROM said""",
}
