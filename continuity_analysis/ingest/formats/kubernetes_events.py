"""Kubernetes events: the warnings of a cluster.

Get it with: ``kubectl get events -A -o json``, every half hour: they are kept for an hour (on OpenShift for three)
unless the cluster says otherwise.

- A warning is an aggregate, from its first to its last occurrence: the component was degraded in between, as far as
  its cluster says. Nothing says that users noticed, and a component without warnings is not known to have been well:
  such a file vouches for no time at all.
- `count` is not a number of restarts (94 back-offs may be 3 restarts) and is not read.
- Two dialects stand in one list: older events have first and last timestamp, those of the newer API an event time and,
  where they repeat, a series. `events.k8s.io/v1` has note, regarding and deprecated timestamps instead.
- The component is "namespace/name" of the Deployment, DaemonSet or CronJob where the generated endings of a Pod's,
  ReplicaSet's or Job's name show it, else of the object itself: "data/mongo-0" stays, as does a node's name.
- An empty list names no kind: it is known by "events" in the file's name.
- The cluster is not named anywhere: keep a store per cluster.

Checked against: a real support bundle of 2022 with both dialects; the API's reference for events.k8s.io/v1; endings of
names by the alphabet that Kubernetes generates them from.
"""

from continuity_analysis.ingest.formats import _kubernetes

CONTAINER = "json"
KEY = "items"
FIELDS = {
    "kind": ("kind", "$page.kind"),
    "type": "type",
    "about": ("involvedObject.kind", "regarding.kind"),
    "namespace": ("involvedObject.namespace", "regarding.namespace"),
    "name": ("involvedObject.name", "regarding.name"),
    "first": ("firstTimestamp", "deprecatedFirstTimestamp", "eventTime", "metadata.creationTimestamp"),
    "last": (
        "lastTimestamp",
        "deprecatedLastTimestamp",
        "series.lastObservedTime",
        "eventTime",
        "metadata.creationTimestamp",
    ),
}
EXPORT = "glance"


def recognises(head) -> bool:
    """Whether all objects are events, or it is an empty list in a file named after events."""
    found = set(_kubernetes.kinds(head))
    empty = found == {""} and head.first.get("items") == []
    return found == {"Event"} or (empty and "event" in head.name.lower())


IGNORES = {"a normal event: no sign of trouble": "type = 'Normal'"}
REJECTS = {"kind: expected Event, got something else": f"coalesce({_kubernetes.KIND}, '') <> 'Event'"}
RANDOM = "-[bcdfghjklmnpqrstvwxz2456789]{5}"
HASH = "-[bcdf4-9]{6,10}"
TIME = "-[0-9]{8,10}"
TABLES = {
    "states": f"""
        WITH told AS (
            SELECT *, coalesce(nullif(namespace, '') || '/', '') || CASE about
                WHEN 'Pod' THEN regexp_replace(name, '({HASH}|{TIME})?{RANDOM}$', '')
                WHEN 'ReplicaSet' THEN regexp_replace(name, '{HASH}$', '')
                WHEN 'Job' THEN regexp_replace(name, '{TIME}$', '') ELSE name END AS component FROM records
        )
        SELECT record_no, 'member' AS observer, component, first AS from_at,
            CASE type WHEN 'Warning' THEN 'degraded' ELSE coalesce(type, 'none') END AS state,
            if(isfinite(moment(last)), max(moment(last)) OVER (PARTITION BY component, first), moment(last)) AS until_at
        FROM told""",
}
