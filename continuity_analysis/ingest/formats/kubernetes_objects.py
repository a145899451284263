"""Kubernetes objects: workloads as they stand, and the restarts of their pods.

Get it with: ``kubectl get deployments,statefulsets,daemonsets,replicasets,pods,nodes,hpa,pdb -A -o json``, regularly,
into a folder of its own for each moment. One file per kind or namespace (a support bundle, the folder of ``kubectl
cluster-info dump``) will do: files of a folder, and of those below it, are read as one.

- A workload is a Deployment, StatefulSet, DaemonSet or bare ReplicaSet, or what pods without theirs belong to; the
  component is "namespace/name". Pods lead to it by their owners: a ReplicaSet's Deployment by the ReplicaSet if it is
  there, else by the pod's template hash.
- Nodes and zones are those of its ready pods. What the files cannot say stays null: replicas without the workload,
  nodes unless all ready pods are there, zones unless each of their nodes is there and has one, autoscaler and budget in
  a namespace that shows none at all.
- Of restarts only a container's last one is kept, from the end of the last run to running again and to the moment
  since which the pod is ready (a later lapse of readiness moves that one: an upper bound). Collect them often.
- Phase Running is said of a pod in CrashLoopBackOff, too: what waits, or is not ready, is still being recovered.
- A container that ended again within 10 minutes of a restart is looping: the disruption began at an end that is no
  longer kept, so `disrupted_at` is unknown.
- `restartCount` starts anew with each pod and is told, never added up. Init containers are not read. The exit code
  says whether it was killed (137, OOMKilled) or left on its own (0, Completed): see `findings`.
- Pods that ended or are being deleted heal nothing, nor do those of Jobs. Jobs beside other kinds read as in
  `kubernetes_jobs`, but are never backups; events need a file of their own.
- The files have no stamp: the latest moment in any object's status counts (a node's heartbeat is at most minutes old);
  with `--as-of` it is exact. They vouch for no time. The cluster is not named: keep a store per cluster.

Checked against: pods and nodes of a real support bundle of 2022 (without zones); the API's reference for selectors of
disruption budgets; the 10 minutes by the proposal that made them a fixed number. No real export of the other kinds was
available.
"""

from continuity_analysis.ingest.formats import _kubernetes, _kubernetes_pods
from continuity_analysis.ingest.formats._kubernetes import KIND, NATIVE

CONTAINER = "json"
KEY = "items"
FIELDS = _kubernetes.JOB_FIELDS | {
    "version": ("apiVersion", "$page.apiVersion"),
    "labels": "metadata.labels",
    "hash": "metadata.labels.pod-template-hash",
    "zone": (
        'metadata.labels."topology.kubernetes.io/zone"',
        'metadata.labels."failure-domain.beta.kubernetes.io/zone"',
    ),
    "deleted_at": "metadata.deletionTimestamp",
    "generation": "status.observedGeneration",
    "phase": "status.phase",
    "containers": "status.containerStatuses",
    "policy": "spec.restartPolicy",
    "node": "spec.nodeName",
    "asked": ("status.desiredNumberScheduled", "spec.replicas"),
    "ready": ("status.numberReady", "status.readyReplicas"),
    "template_labels": "spec.template.metadata.labels",
    "target": "spec.scaleTargetRef.name",
    "target_kind": "spec.scaleTargetRef.kind",
    "selector": "spec.selector",
}
EXPORT = "glance"
OBSERVED = "status"
TOGETHER = True
WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet")
READ = (*WORKLOADS, "Pod", "Node", "HorizontalPodAutoscaler", "PodDisruptionBudget", "Job", "CronJob")


def recognises(head) -> bool:
    """Whether it begins with an object of Kubernetes' own and holds some that are read, not only Jobs."""
    found = _kubernetes.kinds(head)
    jobs = set(found) <= {"Job", "CronJob"}
    return bool(found) and "/" not in found[0] and any(kind in READ for kind in found) and not jobs


_GROUP = "split_part(version, '/', -2)"
_KINDS = ", ".join(f"'{kind}'" for kind in READ)
_GROUPS = ", ".join(f"'{group}'" for group in NATIVE)
IGNORES = {
    "an event: put events into a file of their own": f"{KIND} = 'Event'",
    "of another product: put it into a file of its own": f"{_GROUP} NOT IN ({_GROUPS})",
    "a kind that says nothing here": f"{KIND} NOT IN ('', {_KINDS})",
    "a pod of a Job: the Job says how it ended": f"{_kubernetes.CONTROLLER}.kind = 'Job'",
    "a pod that has ended: another one takes its place": "phase IN ('Succeeded', 'Failed')",
    "a pod that is being deleted": f"{KIND} = 'Pod' AND deleted_at IS NOT NULL",
    **_kubernetes.JOB_IGNORES,
    **_kubernetes.CRONJOB_IGNORES,
}
REJECTS = {
    "kind: expected one, got none": f"coalesce({KIND}, '') = ''",
    "metadata: expected a name, got none": "name IS NULL",
    "metadata: expected a namespace, got none": f"namespace IS NULL AND {KIND} <> 'Node'",
    "containerStatuses: expected a list of containers, got something else": "NOT starts_with(containers, '[')",
}
TABLES = {
    "recoveries": _kubernetes_pods.RECOVERIES,
    "workloads": _kubernetes_pods.WORKLOADS,
    "states": _kubernetes.FAILED_JOBS,
}
