"""Edits of formats that provably change nothing: a pattern of the format, one of the edit, and the reason."""

import re

EQUIVALENT = (
    (
        "mapped",
        r"coalesce\(try_cast\(regexp_extract\(lower\(COLUMN\), '\^\(\\d\+\):.*  ->  \(try_cast.*",
        "a clock has all its parts",
    ),
    ("mapped", r".* AND false  ->   false ", "where no moment is mapped no row is one of totals"),
    ("mongodb_log", r"coalesce\(old_state, 'none'\) .*", "of a former role that is not told nothing is made"),
    ("kubernetes_jobs", r"WHERE 'mongo-prod' IS NOT NULL .*", "a literal; where no asset is declared it is null"),
    (
        "kubernetes_objects",
        r"IN \('', .* 'events\.k8s\.io'\)  ->  IN \('', .* 'policy'\)",
        "the only kind of that group is Event, which is ignored before",
    ),
    (
        "kubernetes_objects",
        r"WHERE o\.what = 'HorizontalPodAutoscaler' .*",
        "no other object has a target; the condition keeps the join small",
    ),
    (
        "traefik_access_clf",
        r"coalesce\(service, known, router\) .*",
        "its lines name the router only; the SQL is shared with traefik_access_json",
    ),
    (
        "traefik_access_(json|clf)",
        r"WHERE (router IN \(SELECT router FROM asked WHERE service IS NULL\)|service IS NULL) .*",
        "the service of other routers is not asked for; the condition spares counting their requests twice",
    ),
    (
        "servicenow_incident_list",
        r"nullif\(trim\((incident_state|active)\), '\??'\) .*",
        "all cells are cleaned alike; of these only certain words count",
    ),
    (
        "pgbackrest_(expire|verify)_log",
        r"field (ended|exec_id) is null",
        "begins alone tell its runs apart; the fields are those of pgbackrest_log, and their SQL is shared",
    ),
    ("pbm_list", r"field (size|error) is null", "it has none; its SQL is that of pbm_status"),
    ("pbm_describe_backup", r"field start is null", "it has none; its SQL is that of pbm_metadata"),
    (
        "prometheus_alerts",
        r"field (fingerprint|url) is null",
        "it has none; its SQL is shared with Alertmanager",
    ),
    ("statuspage_summary", r"field resolved_at is null", "only what is not resolved is listed"),
    ("statuspage_summary", r"field page_name without 'page_id'", "a summary always stands under its page"),
    (
        "servicenow_incident_history",
        r"nullif\(nullif\(trim\((number|active|mods|opened_at|updated_at|priority|title)\), '\?'\), ''\) .*",
        "all cells are cleaned alike; an empty one of these is null, or no word and no number, in any case",
    ),
    (
        "servicenow_incident_history",
        r"nullif\(trim\((active|mods)\), '\?'\) .*",
        "all cells are cleaned alike; of these only certain words, or numbers, count",
    ),
)


def equivalent(name: str, what: str) -> bool:
    """Whether it is listed that a mutant changes nothing."""
    return any(re.fullmatch(one, name) and re.fullmatch(pattern, what) for one, pattern, _ in EQUIVALENT)
