"""What the Kubernetes exports share: which kinds a file holds, and SQL for owners, conditions and Jobs.

A Job that failed is a sign of trouble from its start to its failure; one that succeeded, or still runs, is none. What
runs once more after a failure is not told apart: only the end of the whole Job counts.
"""

NATIVE = ("", "apps", "batch", "autoscaling", "policy", "events.k8s.io")
KIND = "regexp_replace(kind, 'List$', '')"
_NAMED = """TRY(json_transform({field}, '[{{"kind": "VARCHAR", "name": "VARCHAR", "controller": "BOOLEAN"}}]'))"""
CONTROLLER = f"list_filter({_NAMED.format(field='owners')}, lambda o: o.controller)[1]"
JOB_FIELDS = {
    "kind": ("kind", "$page.kind"),
    "namespace": "metadata.namespace",
    "name": "metadata.name",
    "owners": "metadata.ownerReferences",
    "conditions": "status.conditions",
    "started_at": "status.startTime",
    "suspended": "spec.suspend",
}


def kinds(head) -> list[str]:
    """Kinds of the objects of a file, as far as its head shows; of a foreign API group as "group/Kind"."""
    items = head.first.get("items")
    objects = items if isinstance(items, list) and items else [head.first]
    return [_kind(one, head.first) for one in objects if isinstance(one, dict)]


def _kind(one: dict, page: dict) -> str:
    version, kind = (str(one.get(key, page.get(key, ""))) for key in ("apiVersion", "kind"))
    group, kind = version.rpartition("/")[0], kind.removesuffix("List")
    return kind if version and group in NATIVE else f"{group}/{kind}"


def condition(type_: str) -> str:
    """SQL of the condition of a type (type, status, lastTransitionTime, reason, message) if it is true, else null."""
    shape = '[{"type": "VARCHAR", "status": "VARCHAR", "lastTransitionTime": "VARCHAR", "reason": "VARCHAR"}]'
    return f"""list_filter(TRY(json_transform(conditions, '{shape}')),
            lambda c: c.type = '{type_}' AND c.status = 'True')[1]"""


SUCCEEDED = f"({condition('Complete')} IS NOT NULL)"
FAILED = f"({condition('Failed')} IS NOT NULL)"
JOB_IGNORES = {
    "a Job that succeeded: no sign of trouble": SUCCEEDED,
    "a Job that is suspended": f"{KIND} = 'Job' AND suspended = 'true' AND NOT {FAILED}",
    "a Job that has not ended": f"{KIND} = 'Job' AND NOT {FAILED}",
}
CRONJOB_IGNORES = {
    "a CronJob that is suspended": f"{KIND} = 'CronJob' AND suspended = 'true'",
    "a CronJob: its Jobs say how they ended": f"{KIND} = 'CronJob'",
}
_CRONJOB = f"list_filter({_NAMED.format(field='owners')}, lambda o: o.kind = 'CronJob')[1]"
FAILED_JOBS = f"""
        SELECT record_no, 'member' AS observer, 'degraded' AS state,
            namespace || '/' || coalesce({_CRONJOB}.name, name) AS component,
            coalesce(started_at, {condition("Failed")}.lastTransitionTime) AS from_at,
            {condition("Failed")}.lastTransitionTime AS until_at
        FROM records WHERE {FAILED}"""
