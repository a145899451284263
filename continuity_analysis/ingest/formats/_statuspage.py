"""What the three Statuspage exports share: their fields (some of one kind only), and SQL for what updates say.

`SAID` are common table expressions: `phases` (one row per record: when it was begun, watched, ended), `told` (one row
per component and update that names it) and `parts` (the components of a record); `STATES` reads them.
"""

FIELDS = {
    "id": "id",
    "title": "name",
    "status": "status",
    "impact": "impact",
    "resolved_at": "resolved_at",
    "updated_at": "updated_at",
    "url": "shortlink",
    "components": "components",
    "updates": "incident_updates",
    "page_name": ("$page.page.name", "page_id"),
}
OF_INCIDENTS = {"created_at": "created_at", "started_at": "started_at", "monitoring_at": "monitoring_at"}
OF_MAINTENANCES = {"scheduled_for": "scheduled_for", "scheduled_until": "scheduled_until"}
REJECTS = {
    "incident_updates: expected a list of updates, got something else": "NOT starts_with(updates, '[')",
    "components: expected a list of components, got something else": "NOT starts_with(components, '[')",
}
SAID = """
    updates AS (
        SELECT record_no, u.status AS phase, coalesce(u.display_at, u.created_at) AS shown, moment(shown) AS t,
            moment(u.created_at) AS typed, u.affected_components AS affected,
            max(t) FILTER (phase IN ('investigating', 'identified')) OVER (PARTITION BY record_no) AS relapsed
        FROM (SELECT record_no, unnest(TRY(json_transform(updates, '[{"status": "VARCHAR", "display_at": "VARCHAR",
            "created_at": "VARCHAR", "affected_components": [{"code": "VARCHAR", "name": "VARCHAR",
            "new_status": "VARCHAR"}]}]'))) AS u FROM records)
    ), phases AS (
        SELECT record_no, max(relapsed) AS relapsed, arg_min(shown, t) FILTER (phase = 'in_progress') AS begun,
            arg_min(shown, t) FILTER (phase IN ('monitoring', 'verifying') AND t >= coalesce(relapsed, t)) AS watched,
            arg_max(shown, t) FILTER (phase IN ('resolved', 'completed')) AS ended
        FROM updates GROUP BY record_no
    ), listed AS (
        SELECT record_no, c.id AS code, c.name AS name FROM (SELECT record_no,
            unnest(TRY(json_transform(components, '[{"id": "VARCHAR", "name": "VARCHAR"}]'))) AS c FROM records)
    ), names AS (
        SELECT code, min_by(name, record_no) AS own FROM listed GROUP BY code
    ), told AS (
        SELECT record_no, coalesce(a.code, a.name) AS part, coalesce(own, a.name) AS component, a.new_status AS level,
            shown, t
        FROM (SELECT record_no, phase, shown, t, typed, unnest(affected) AS a FROM updates)
            LEFT JOIN names ON code = a.code
        WHERE level IS NOT NULL AND phase IS DISTINCT FROM 'scheduled'
        QUALIFY row_number() OVER (PARTITION BY record_no, part, t ORDER BY typed DESC) = 1
    ), parts AS (
        SELECT record_no, name AS component FROM listed UNION
        SELECT record_no, component FROM told ANTI JOIN listed USING (record_no) WHERE level <> 'operational'
    )"""
LEVELS = "['major_outage', 'partial_outage', 'degraded_performance', 'under_maintenance', 'operational']"
STATES = f"""
    WITH {SAID}, stretches AS (
        SELECT *, lead(shown) OVER (PARTITION BY record_no, part ORDER BY t NULLS FIRST) AS next FROM told
    ), ends AS (
        SELECT record_no, id, status IN ('resolved', 'postmortem', 'completed') AS over,
            CASE WHEN over THEN coalesce(resolved_at, ended) END AS finish
        FROM records LEFT JOIN phases USING (record_no)
    )
    SELECT record_no, 'page' AS observer, component, shown AS from_at, id AS incident_id,
        coalesce(['down', 'partial', 'degraded', 'maintenance', 'up'][list_position({LEVELS}, level)], level) AS state,
        CASE WHEN finish IS NULL THEN coalesce(next, CASE WHEN over THEN shown END)
            WHEN isfinite(moment(finish)) AND moment(finish) < t THEN shown
            WHEN moment(next) < moment(finish) THEN next ELSE finish END AS until_at
    FROM stretches JOIN ends USING (record_no)
    QUALIFY row_number() OVER (PARTITION BY record_no, component, t ORDER BY list_position({LEVELS}, level)) = 1"""
