"""Recoveries measured one attempt after another, slowly and obviously."""

import math

ORDER = ("disrupted_at", "detected_at", "declared_at", "started_at", "data_restored_at", "service_restored_at")


def measure(attempts, until, declared=False):
    """(outcome, hours) on the service's clock of each recovery: attempts are mappings with moments in hours."""
    together = {}
    for number, attempt in enumerate(attempts):
        known = {k: v for k in (*ORDER, "finished_at") if (v := attempt.get(k)) is not None}
        if not known or min(known.values()) > until:
            continue
        status = attempt["status"]
        if max(known.values()) > until and status != "running":
            status = "running"
        known = {k: v for k, v in known.items() if v <= until}
        key = (attempt["kind"], known.get("disrupted_at", f"alone {number}"))
        together.setdefault(key, []).append((max(known.values()), attempt["recovery_id"], status, known))
    return sorted(_one(sorted(tries, key=lambda t: t[:2]), until, declared) for tries in together.values())


def _one(tries, until, declared):
    done = [known for *_, status, known in tries if status == "completed"]
    statuses = [status for _, _, status, _ in tries]
    status = "completed" if done else "running" if "running" in statuses else statuses[-1]
    moments = [m for *_, known in tries for m in known.values()]
    begins = [known["declared_at" if declared else "disrupted_at"] for *_, known in tries
              if ("declared_at" if declared else "disrupted_at") in known]  # fmt: skip
    if status == "failed":
        return ("never", math.inf)
    if not begins:
        return ("data", -1.0)
    begin, ended = min(begins), until if status == "running" else _last(tries, done, moments)
    backs = [known["service_restored_at"] for known in done if "service_restored_at" in known]
    if (backs and max(backs) < begin) or ended < begin:
        return ("data", -1.0)
    if backs:
        return ("restored", max(backs) - begin)
    return ("censored", ended - begin)


def _last(tries, done, moments):
    """The last moment known; restorations claimed by attempts that were not completed are none."""
    claims = ("data_restored_at", "service_restored_at")
    kept = [m for *_, status, known in tries for k, m in known.items() if k not in claims or status == "completed"]
    return max(kept)
