"""Down time per service: the largest impact at each moment, so that overlapping disruptions count once.

Unplanned down time is D_u, the integral of w_u; planned is D_p, the integral of max(w_u, w_p) - w_u: they add up to all
causes. Both, and failures, are counted in known time only: agreed hours in which a source was watching and no open
disruption had been lost from sight.
"""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.clock import to_hours, to_moments
from continuity_analysis.measurements.impact_steps import PLANNED, UNPLANNED, VARIANTS, impact_steps, lost_from_sight
from continuity_analysis.measurements.intervals import (
    Intervals,
    clip,
    difference,
    intervals,
    lengths,
    overlaps,
    union,
)
from continuity_analysis.measurements.overlaps import highest
from continuity_analysis.measurements.watched_time import Observation


def measure_downtime(disruptions: pd.DataFrame, observation: Observation) -> pd.DataFrame:
    """Down, up and unknown time of every service in a window, and its failures.

    Parameters
    ----------
    disruptions : DataFrame
        Result of `measure_disruptions`.
    observation : Observation

    Returns
    -------
    DataFrame
        One row per service, in their order: service, agreed_hours (T), known_hours (K), unknown_hours (U),
        unplanned_hours (D_u), planned_hours (D_p), down_hours (their sum), up_hours (known and not down at all),
        the down times had every assumed impact been 0 and 1 (unplanned_if_no_hours, down_if_no_hours,
        unplanned_if_full_hours, down_if_full_hours), n (failures), n_incidents, n_open, n_assumed_impact. All hours
        in [h], weighted by impact where they are down time; unknown time also as unknown_if_no_hours and
        unknown_if_full_hours.
    """
    n = len(observation.services)
    agreed, watched = lengths(observation.window, n), lengths(observation.watched, n)
    steps, values = impact_steps(disruptions, observation)
    lost = lost_from_sight(values)
    busy = ~lost & values[:, [UNPLANNED, PLANNED]].any(axis=1)
    hours = {
        "agreed_hours": to_hours(agreed),
        "known_hours": to_hours(watched - lengths(steps[lost], n)),
        "up_hours": to_hours(watched - lengths(steps[lost | busy], n)),
    }
    dark = to_hours(agreed - watched)
    down = {k: v for name in VARIANTS for k, v in _hours(steps, values, name, dark=dark).items()}
    planned = down["down_hours"] - down["unplanned_hours"]
    failures = _failures(disruptions, observation, steps[lost]).group
    counts = {"n": np.bincount(failures, minlength=n), **_counts(disruptions, observation)}
    return pd.DataFrame(
        {"service": observation.services["service"], **hours, **down, "planned_hours": planned, **counts}
    )


def measure_down_pieces(disruptions: pd.DataFrame, observation: Observation) -> pd.DataFrame:
    """The stretches of known down time, clipped to the window: what a calendar shows.

    Returns
    -------
    DataFrame
        service, start, end, hours, impact, planned, incident_ids (of those that were open, joined by ", "). Where
        unplanned and planned work overlap there is a row for each, so that hours times impact adds up to the down time.
    """
    parts = measure_down_steps(disruptions, observation)
    frames = [_pieces(disruptions, observation.services, piece, impact=w, planned=p) for piece, w, p in parts]
    return pd.concat(frames).sort_values(["service", "start", "planned"], ignore_index=True)


def measure_down_steps(disruptions: pd.DataFrame, observation: Observation) -> list[tuple[Intervals, np.ndarray, bool]]:
    """Known down time as step functions: unplanned (w_u), then planned (max(w_u, w_p) - w_u).

    Returns
    -------
    list of (steps, weight, planned)
        Steps are disjoint, in order and per row of the services; the weight is the share of the service lost.
    """
    steps, values = impact_steps(disruptions, observation)
    known, values = steps[~lost_from_sight(values)], values[~lost_from_sight(values)]
    extra = np.maximum(values[:, PLANNED] - values[:, UNPLANNED], 0)
    return [(*highest(known, w), planned) for w, planned in ((values[:, UNPLANNED], False), (extra, True))]


def measure_failure_moments(disruptions: pd.DataFrame, observation: Observation) -> Intervals:
    """The first agreed moments of the failures that `measure_downtime` counts, as instants."""
    steps, values = impact_steps(disruptions, observation)
    return _failures(disruptions, observation, steps[lost_from_sight(values)])


def measure_known(disruptions: pd.DataFrame, observation: Observation) -> Intervals:
    """Known time: agreed hours in which a source was watching and nothing had been lost from sight."""
    steps, values = impact_steps(disruptions, observation)
    return difference(observation.watched, steps[lost_from_sight(values)])


def _hours(steps: Intervals, values: np.ndarray, name: str, *, dark: np.ndarray) -> dict[str, np.ndarray]:
    """Unplanned, all down and unknown time of each service [h] with the assumed impacts of one variant."""
    variant = VARIANTS[name]
    lost, n = lost_from_sight(values, variant), len(dark)
    known, weights = steps[~lost], values[~lost, 2 * variant : 2 * variant + 2]
    return {
        f"unplanned_{name}hours": _weighted(known, weights[:, UNPLANNED], n),
        f"down_{name}hours": _weighted(known, weights.max(axis=1, initial=0), n),
        f"unknown_{name}hours": dark + to_hours(lengths(steps[lost], n)),
    }


def _weighted(steps: Intervals, weight: np.ndarray, n: int) -> np.ndarray:
    return np.bincount(steps.group, weights=weight * to_hours(steps.end - steps.start), minlength=n).astype(float)


def _failures(disruptions: pd.DataFrame, observation: Observation, lost: Intervals) -> Intervals:
    """The first agreed moments of the failures, as instants."""
    blocks, begun, first = failures_begun(disruptions, observation, lost)
    return Intervals(blocks.group[begun], first, first)


def failures_begun(disruptions: pd.DataFrame, observation: Observation, lost: Intervals):
    """Unplanned stretches that touch nothing else, each counted at its first agreed moment, if that is known time.

    One whose own end nobody knows did begin; one that begins while another is lost from sight may be no failure anew.

    Returns
    -------
    blocks : Intervals
        All unplanned stretches.
    begun : ndarray of int64
        Which of them are failures of the window.
    first : ndarray of int64
        The first agreed moment of each failure [us].
    """
    rows = disruptions[(disruptions["impact"] > 0) & ~disruptions["planned"]]
    blocks = union(intervals(rows["code"], rows["start"], rows["end"]))
    agreed, block = clip(blocks, observation.agreed)
    new = np.append(True, block[1:] != block[:-1])[: len(block)]
    first, block = agreed[new], block[new]
    known, row = clip(Intervals(first.group, first.start, first.start), observation.watched)
    lost = union(lost)
    _, hidden = clip(known, intervals(lost.group, lost.start + 1, lost.end))
    return blocks, np.delete(block[row], hidden), np.delete(known.start, hidden)


def _counts(disruptions: pd.DataFrame, observation: Observation) -> dict[str, np.ndarray]:
    """Different incidents that disrupted agreed hours of the window, open ones, and ones of assumed impact."""
    named = disruptions[disruptions["incident_id"].notna()].reset_index(drop=True)
    code, planned = named["code"].to_numpy(np.int64), named["planned"].to_numpy(bool)
    is_open, assumed = named["is_open"].to_numpy(bool), named["assumed"].to_numpy(bool)
    seen = np.zeros(len(named), dtype=bool)
    seen[clip(intervals(code, named["start"], named["tail"]), observation.window)[1]] = True
    incident = named.groupby(["code", "product", "incident_id"], sort=False, dropna=False).ngroup().to_numpy()
    which = {"n_incidents": ~planned, "n_open": ~planned & is_open, "n_assumed_impact": assumed}
    return {name: _different(code, incident, seen & w, len(observation.services)) for name, w in which.items()}


def _different(code: np.ndarray, incident: np.ndarray, which: np.ndarray, n: int) -> np.ndarray:
    """How many different incidents each service has among the rows `which`."""
    service = np.full(len(incident), -1)
    service[incident[which]] = code[which]
    return np.bincount(service[service >= 0], minlength=n)


def _pieces(disruptions, services: pd.DataFrame, pieces: Intervals, *, impact: np.ndarray, planned: bool):
    return pd.DataFrame(
        {
            "service": pd.Series(services["service"].to_numpy()[pieces.group], dtype="str"),
            "start": to_moments(pieces.start),
            "end": to_moments(pieces.end),
            "hours": to_hours(pieces.end - pieces.start),
            "impact": impact,
            "planned": planned,
            "incident_ids": _ids(disruptions[disruptions["planned"] == planned], pieces),
        }
    )


def _ids(disruptions: pd.DataFrame, pieces: Intervals) -> pd.Series:
    """Ids of the disruptions that weigh on each piece, in order, joined by ", "; empty where they have none."""
    rows = disruptions[(disruptions["impact"] > 0) & disruptions["incident_id"].notna()]
    row, piece = overlaps(intervals(rows["code"], rows["start"], rows["end"]), pieces)
    named = pd.DataFrame({"piece": piece, "id": rows["incident_id"].to_numpy()[row]}).drop_duplicates()
    joined = named.sort_values(["piece", "id"]).groupby("piece")["id"].agg(", ".join)
    return pd.Series(joined.reindex(range(len(pieces)), fill_value="").to_numpy(), dtype="str")
