"""Availability of a system from that of its parts, as if they failed independently; exact where parts are shared.

A structure is a gate: it is up when at least `required` of its parts are, each a component (a number) or another gate.
Components that stand in several places are conditioned on, up and down (pivotal decomposition), so that each is counted
once; what is left is a tree, and exact by the law of the number of its parts that are up.

References
----------
Barlow, R. E. and Proschan, F. (1975), Statistical Theory of Reliability and Life Testing, chapters 1 and 2.
Birnbaum, Z. W. (1969), On the importance of different components in a multicomponent system, in Multivariate
Analysis II.
"""

from collections import Counter
from dataclasses import dataclass
from itertools import chain

import numpy as np

SHARED_AT_MOST = 20


@dataclass(frozen=True)
class Gate:
    """Up when at least `required` of its parts are; a part is a component's number or a gate."""

    required: int
    parts: tuple["int | Gate", ...]


def in_series(*parts: "int | Gate") -> Gate:
    """A gate that needs all its parts; series within series are one, and what stands twice in it counts once."""
    flat = chain.from_iterable(p.parts if isinstance(p, Gate) and p.required == len(p.parts) else (p,) for p in parts)
    once = tuple(dict.fromkeys(flat))
    return Gate(len(once), once)


def system_availability(structure: Gate, availability) -> float:
    """Chance that a system is up.

    Parameters
    ----------
    structure : Gate
    availability : array of float, shape (components,)
        Of each component, 0 to 1.

    Raises
    ------
    ValueError
        If more than 20 components stand in several places: there would be over a million cases.
    """
    p = np.asarray(availability, dtype=float)
    counts = Counter(_components(structure))
    shared = [c for c, n in counts.items() if n > 1]
    if len(shared) > SHARED_AT_MOST:
        raise ValueError(
            f"Expected at most {SHARED_AT_MOST} components that stand in several places, got {len(shared)}."
        )
    case = np.arange(2 ** len(shared))[:, None] >> np.arange(len(shared)) & 1
    chance = np.where(case == 1, p[shared], 1 - p[shared]).prod(axis=1)
    cases = np.repeat(p[None, :], len(case), axis=0)
    cases[:, shared] = case
    return float(chance @ _up(structure, cases))


def birnbaum_importance(structure: Gate, availability) -> np.ndarray:
    """How much the system's availability rises per rise of each component's: with it up, less with it down."""
    p = np.asarray(availability, dtype=float)
    eye = np.eye(len(p), dtype=bool)
    pairs = [(np.where(row, 1.0, p), np.where(row, 0.0, p)) for row in eye]
    return np.array([system_availability(structure, up) - system_availability(structure, down) for up, down in pairs])


def at_least_up(availability: np.ndarray, required) -> np.ndarray:
    """Chance that at least `required` of independent parts are up, for many systems at once.

    Parameters
    ----------
    availability : ndarray, shape (systems, parts)
        NaN: the system has no such part.
    required : int or ndarray of int, shape (systems,)

    Returns
    -------
    ndarray, shape (systems,)
    """
    systems, parts = availability.shape
    law = np.zeros((systems, parts + 1))
    law[:, 0] = 1.0
    for p in np.nan_to_num(availability, nan=0.0).T:
        law[:, 1:] = law[:, 1:] * (1 - p[:, None]) + law[:, :-1] * p[:, None]
        law[:, 0] *= 1 - p
    enough = np.arange(parts + 1) >= np.reshape(required, (-1, 1))
    return np.where(enough, law, 0.0).sum(axis=1)


def _up(gate: "int | Gate", cases: np.ndarray) -> np.ndarray:
    if not isinstance(gate, Gate):
        return cases[:, gate]
    return at_least_up(np.column_stack([_up(part, cases) for part in gate.parts]), gate.required)


def _components(gate: "int | Gate"):
    return chain.from_iterable(_components(p) for p in gate.parts) if isinstance(gate, Gate) else (gate,)
