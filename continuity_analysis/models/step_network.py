"""Steps that wait for each other: when each is done, which of them the last one waited for, and what haste would buy.

All draws at once, level by level: a step stands one level above the highest that it waits for.

References
----------
Van Slyke, R. M. (1963), Monte Carlo methods and the PERT problem, Operations Research 11.
Malcolm, D. G., Roseboom, J. H., Clark, C. E. and Fazar, W. (1959), Application of a technique for research and
development program evaluation, Operations Research 7.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Network:
    """Which step waits for which.

    Attributes
    ----------
    level : ndarray of int64, shape (steps,)
        0: waits for none.
    step, needs : ndarray of int64, shape (edges,)
        Each of `step` waits for its one of `needs`; in the order of `step`.
    """

    level: np.ndarray
    step: np.ndarray
    needs: np.ndarray


def network(steps: int, edges) -> Network:
    """The network of so many steps.

    Parameters
    ----------
    steps : int
    edges : array of int, shape (edges, 2)
        Step, and what it waits for.

    Raises
    ------
    ValueError
        If steps wait for each other in a circle.
    """
    pairs = np.unique(np.asarray(edges, dtype=np.int64).reshape(-1, 2), axis=0)
    level = np.zeros(steps, dtype=np.int64)
    for _ in range(steps):
        higher = level.copy()
        np.maximum.at(higher, pairs[:, 0], level[pairs[:, 1]] + 1)
        if (higher == level).all():
            return Network(level, pairs[:, 0], pairs[:, 1])
        level = higher
    if not steps:
        return Network(level, pairs[:, 0], pairs[:, 1])
    circle = ", ".join(map(str, np.flatnonzero(level >= steps)))
    raise ValueError(f"Expected steps that can be put in order, got a circle above or among the steps {circle}.")


def needed(of: Network) -> np.ndarray:
    """Whether one step needs another, directly or through others, or is it; bool, shape (steps, steps)."""
    whole = np.eye(len(of.level), dtype=bool)
    for level in range(1, int(of.level.max(initial=0)) + 1):
        edge = np.flatnonzero(of.level[of.step] == level)
        np.logical_or.at(whole, of.step[edge], whole[of.needs[edge]])
    return whole


def done_at(of: Network, data: np.ndarray, back: np.ndarray, *, data_waits: bool = True) -> np.ndarray:
    """When each step is done.

    Parameters
    ----------
    of : Network
    data, back : ndarray, shape (steps, draws)
        Hours of restoring data and of bringing back.
    data_waits : bool
        Whether restoring data waits for what the step needs; otherwise it begins at once, and only bringing back waits.

    Returns
    -------
    ndarray, shape (steps, draws)
    """
    done = data + back
    for level in range(1, int(of.level.max(initial=0)) + 1):
        edge = np.flatnonzero(of.level[of.step] == level)
        first = np.flatnonzero(np.diff(of.step[edge], prepend=-1))
        start, at = np.maximum.reduceat(done[of.needs[edge]], first, axis=0), of.step[edge][first]
        done[at] = start + data[at] + back[at] if data_waits else np.maximum(start, data[at]) + back[at]
    return done


def on_longest_path(of: Network, done: np.ndarray, data: np.ndarray, *, data_waits: bool = True) -> np.ndarray:
    """Share of the draws in which a step is on a longest path to another (the criticality index).

    Parameters
    ----------
    of : Network
    done : ndarray, shape (steps, draws)
        Result of `done_at`.
    data : ndarray, shape (steps, draws)
        As given to it.

    Returns
    -------
    ndarray, shape (steps, steps)
        Row: the step that is to be done, column: the one on its path; 0 where it is not needed.
    """
    pairs = np.argwhere(needed(of))
    number = np.full(len(of.level) * len(of.level), -1)
    number[pairs[:, 0] * len(of.level) + pairs[:, 1]] = np.arange(len(pairs))
    on = np.zeros((len(pairs), done.shape[1]), dtype=bool)
    on[pairs[:, 0] == pairs[:, 1]] = True
    edges = len(of.step)
    start = np.zeros_like(done)
    np.maximum.at(start, of.step, done[of.needs])
    waited = done[of.needs] == start[of.step]
    if not data_waits:
        waited &= start[of.step] >= data[of.step]
    for level in range(int(of.level.max(initial=0)), 0, -1):
        edge = np.flatnonzero(of.level[of.step] == level)
        pair, through = np.nonzero(pairs[:, 1][:, None] == of.step[edge][None, :]) if edges else (edge, edge)
        below = number[pairs[pair, 0] * len(of.level) + of.needs[edge[through]]]
        np.logical_or.at(on, below, on[pair] & waited[edge[through]])
    share = np.zeros(needed(of).shape)
    share[tuple(pairs.T)] = on.mean(axis=1)
    return share


def with_one_faster(of: Network, factor: float) -> tuple[Network, np.ndarray, np.ndarray, np.ndarray]:
    """The network, and beside it each step once more for each that it needs, as if that one took only a share.

    Parameters
    ----------
    of : Network
    factor : float
        Share of its time that the faster step takes.

    Returns
    -------
    network : Network
        The steps themselves, then those of `pairs`.
    pairs : ndarray of int64, shape (pairs, 2)
        Step, and the one that is faster.
    step : ndarray of int64
        The step of each of the network's.
    speed : ndarray of float
        Share of its time that each takes.
    """
    steps = len(of.level)
    pairs = np.argwhere(needed(of))
    number = np.full((steps, steps), -1)
    number[tuple(pairs.T)] = steps + np.arange(len(pairs))
    pair, edge = np.nonzero(pairs[:, 0][:, None] == of.step[None, :])
    faster = number[of.needs[edge], pairs[pair, 1]]
    below = np.where(faster >= 0, faster, of.needs[edge])
    source, target = np.append(of.step, steps + pair), np.append(of.needs, below)
    order = np.argsort(source, kind="stable")
    level = np.append(of.level, of.level[pairs[:, 0]])
    step = np.append(np.arange(steps), pairs[:, 0])
    speed = np.append(np.ones(steps), np.where(pairs[:, 0] == pairs[:, 1], factor, 1.0))
    return Network(level, source[order], target[order]), pairs, step, speed
