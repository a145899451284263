"""SQL of what the pods of a cluster say: which workload each belongs to, where it runs, and how it was restarted.

`PODS` are common table expressions: `objects` (all records, with their `what` and the `owner` that controls them) and
`pods` (with the name of their `workload`). `RECOVERIES` and `WORKLOADS` begin with them.
"""

from continuity_analysis.ingest.formats._kubernetes import CONTROLLER, KIND, condition

PODS = f"""
    objects AS (
        SELECT *, {KIND} AS what, {CONTROLLER} AS owner FROM records
    ), sets AS (
        SELECT namespace, name, any_value(owner.name) AS deployment FROM objects WHERE what = 'ReplicaSet' GROUP BY ALL
    ), pods AS (
        SELECT o.*, CASE
            WHEN owner.kind = 'ReplicaSet'
                THEN coalesce(deployment, regexp_extract(owner.name, '^(.+)-' || hash || '$', 1), owner.name)
            WHEN owner.kind = 'Node' THEN left(o.name, length(o.name) - length(owner.name) - 1)
            ELSE coalesce(owner.name, o.name) END AS workload,
            {condition("Ready")}.lastTransitionTime AS ready_since, {condition("Ready")} IS NOT NULL AS is_ready
        FROM objects o LEFT JOIN sets ON sets.namespace = o.namespace AND sets.name = owner.name
            AND owner.kind = 'ReplicaSet'
        WHERE what = 'Pod'
    )"""
_ENDED = '{"terminated": {"exitCode": "VARCHAR", "reason": "VARCHAR", "startedAt": "VARCHAR", "finishedAt": "VARCHAR"}'
_CONTAINER = f"""[{{"name": "VARCHAR", "ready": "BOOLEAN", "restartCount": "BIGINT", "lastState": {_ENDED}}},
        "state": {_ENDED}, "running": {{"startedAt": "VARCHAR"}}, "waiting": {{"reason": "VARCHAR"}}}}}}]"""
RECOVERIES = f"""
    WITH {PODS}, containers AS (
        SELECT *, c.state.running AS running, coalesce(c.state.terminated, c.lastState.terminated) AS ended
        FROM (SELECT *, unnest(TRY(json_transform(containers, '{_CONTAINER}'))) AS c FROM pods
            WHERE coalesce(policy, 'Always') = 'Always')
    ), restarts AS (
        SELECT *, c.restartCount > if(running IS NULL, 0, 1) AS again, ended.finishedAt AS finished,
            again AND coalesce(TRY(moment(finished) - moment(ended.startedAt)) < INTERVAL 10 MINUTE,
                isfinite(moment(finished))) AS looping
        FROM containers WHERE ended IS NOT NULL
    )
    SELECT record_no, namespace || '/' || workload AS asset,
        concat_ws('/', namespace, name, c.name, coalesce(finished, 'restart ' || c.restartCount)) AS recovery_id,
        'self_heal' AS kind,
        if(running IS NOT NULL AND c.ready, 'completed', 'running') AS status,
        CASE WHEN NOT looping THEN finished END AS disrupted_at,
        CASE WHEN running IS NOT NULL THEN running.startedAt WHEN again THEN ended.startedAt END AS started_at,
        CASE WHEN status = 'completed' AND is_ready
            THEN greatest(moment(running.startedAt), moment(ready_since)) END AS service_restored_at,
        concat_ws(chr(10), 'ended with exit code ' || ended.exitCode || coalesce(' (' || ended.reason || ')', ''),
            'restarts of this pod: ' || c.restartCount, 'waiting: ' || c.state.waiting.reason) AS findings
    FROM restarts"""
_EXPRESSIONS = '[{"key": "VARCHAR", "operator": "VARCHAR", "values": ["VARCHAR"]}]'
_LABEL = """(labels->>('$."' || e.key || '"'))"""
_MISSES = f"""list_filter(TRY(json_transform(selector->'matchExpressions', '{_EXPRESSIONS}')), lambda e: NOT CASE
            e.operator WHEN 'In' THEN coalesce(list_contains(e.values, {_LABEL}), false)
            WHEN 'NotIn' THEN {_LABEL} IS NULL OR NOT list_contains(e.values, {_LABEL})
            WHEN 'Exists' THEN {_LABEL} IS NOT NULL ELSE {_LABEL} IS NULL END)"""
_SELECTS = f"""selector IS NOT NULL AND (selector <> '{{}}' OR version = 'policy/v1')
            AND json_contains(labels, coalesce(selector->'matchLabels', '{{}}')) AND coalesce(len({_MISSES}), 0) = 0"""
WORKLOADS = f"""
    WITH {PODS}, nodes AS (
        SELECT name AS node, min(zone) AS node_zone FROM objects WHERE what = 'Node' GROUP BY name
    ), running AS (
        SELECT namespace, workload, min(record_no) AS pod_no, arg_min(labels, record_no) AS pod_labels,
            count(DISTINCT name) FILTER (is_ready) AS ready_pods, count(DISTINCT pods.node) FILTER (is_ready) AS nodes,
            CASE WHEN bool_and(NOT is_ready OR node_zone IS NOT NULL)
                THEN count(DISTINCT node_zone) FILTER (is_ready) END AS zones
        FROM pods LEFT JOIN nodes ON nodes.node = pods.node GROUP BY ALL
    ), stated AS (
        SELECT record_no, what, namespace, name AS workload, asked, template_labels,
            coalesce(ready, if(generation IS NOT NULL, '0', NULL)) AS ready
        FROM objects WHERE what IN ('Deployment', 'StatefulSet', 'DaemonSet') OR what = 'ReplicaSet' AND owner IS NULL
    ), joined AS (
        SELECT * REPLACE (coalesce(record_no, pod_no) AS record_no, coalesce(ready, ready_pods::VARCHAR) AS ready),
            coalesce(template_labels, pod_labels) AS labels,
            coalesce(ready_pods, 0) = coalesce(try_cast(ready AS BIGINT), ready_pods) AS all_there
        FROM stated FULL JOIN running USING (namespace, workload)
    ), scaled AS (
        SELECT joined.record_no, bool_or(target = workload AND target_kind = coalesce(joined.what, target_kind))
            AS autoscaled
        FROM joined JOIN objects o USING (namespace) WHERE o.what = 'HorizontalPodAutoscaler' GROUP BY ALL
    ), budgets AS (
        SELECT joined.record_no, bool_or({_SELECTS.replace("labels", "joined.labels")}) AS disruption_budget
        FROM joined JOIN objects o USING (namespace) WHERE o.what = 'PodDisruptionBudget' GROUP BY ALL
    )
    SELECT record_no, namespace || '/' || workload AS component, asked AS replicas, ready, autoscaled,
        disruption_budget,
        CASE WHEN all_there THEN coalesce(nodes, 0) END AS nodes,
        CASE WHEN all_there THEN if(ready_pods IS NULL, 0, zones) END AS zones
    FROM joined LEFT JOIN scaled USING (record_no) LEFT JOIN budgets USING (record_no)"""
