"""Durations of steps drawn anew from what was seen of them, with what so few of them leave open.

A step's law is that of its recoveries, each with a weight. One that was called off or still runs gives its weight to
those that took longer, as in the Kaplan-Meier curve (Efron's redistribution to the right): where it is drawn, one of
those is drawn instead. What is longer than all that ended is not known to end.

What n recoveries leave open is drawn with weights at random (Rubin's Bayesian bootstrap). By itself that never doubts
beyond what was seen: five successes out of five would be a certainty. So one more recovery is put in that took no time
at all (the optimistic law), or that never ended (the pessimistic one), and limits are taken from either. For a single
step and its chance these are the limits of Clopper and Pearson, and for a quantile those of order statistics.

References
----------
Efron, B. (1967), The two sample problem with censored data, Proceedings of the Fifth Berkeley Symposium 4.
Rubin, D. B. (1981), The Bayesian bootstrap, The Annals of Statistics 9.
Cui, Y. and Hannig, J. (2019), Nonparametric generalized fiducial inference for survival functions under censoring,
Biometrika 106.
"""

from dataclasses import dataclass

import numpy as np

AS_SEEN, OPTIMISTIC, PESSIMISTIC = "as seen", "optimistic", "pessimistic"
_EXTRA = {OPTIMISTIC: 0.0, PESSIMISTIC: np.inf}


@dataclass(frozen=True, eq=False)
class StepEvidence:
    """What was seen of each step.

    Attributes
    ----------
    step : ndarray of int64, shape (n,)
        Number of the step of each recovery.
    data_hours, back_hours : ndarray, shape (n,)
        Of restoring data and of bringing the service back [h]; infinite: never.
    censored : ndarray of bool, shape (n,)
        Whether it had lasted `back_hours` when last seen.
    steps : int
    """

    step: np.ndarray
    data_hours: np.ndarray
    back_hours: np.ndarray
    censored: np.ndarray
    steps: int

    @property
    def n(self) -> np.ndarray:
        """How many recoveries of each step there are, shape (steps,)."""
        return np.bincount(self.step, minlength=self.steps)


def draw_steps(seen: StepEvidence, *, law: str, weightings: int, draws: int, rng: np.random.Generator):
    """Durations of all steps.

    Parameters
    ----------
    seen : StepEvidence
    law : {"as seen", "optimistic", "pessimistic"}
        As seen: every recovery weighs the same, in all weightings.
    weightings, draws : int
        How many sets of weights, and how many draws with each.
    rng : Generator

    Returns
    -------
    data, back : ndarray, shape (steps, weightings * draws)
        [h]; draws of one set of weights lie together. Of a step that was never seen: 0.
    """
    rows = _in_order(seen, law)
    n = rows.n
    known = np.flatnonzero(n)
    data, back = np.zeros((2, seen.steps, weightings * draws))
    if not len(known):
        return data, back
    random = rng.standard_exponential((weightings, len(rows.step)))
    weight = np.ones_like(random) if law == AS_SEEN else random
    ladder = np.cumsum(weight, axis=1)
    ladder = ladder / ladder[:, -1:] + np.arange(weightings)[:, None]  # one sorted ladder per set, one above the other
    last = np.cumsum(n)[known] - 1
    first = last - n[known] + 1
    below = np.where(first > 0, ladder[:, first - 1], np.arange(weightings)[:, None])
    shape = (len(known), weightings, draws)
    low, high = (np.repeat(x.T[:, :, None], draws, axis=2) for x in (below, ladder[:, last]))
    row = _pick(ladder, low + (high - low) * _spread(shape, rng), first, last)
    end = np.broadcast_to(last[:, None, None], shape)
    while (again := rows.censored[row] & (row < end)).any():
        at = np.nonzero(again)
        low = ladder[at[1], row[at]]
        sought = low + (high[at] - low) * rng.random(len(low))
        row[at] = _pick(ladder, sought, row[at] + 1, end[at], flat=True)
    data[known], back[known] = (x[row].reshape(len(known), -1) for x in (rows.data_hours, rows.back_hours))
    return data, back


def _spread(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Places between 0 and 1, one in each of as many equal parts as there are draws, in random order (Latin hypercube).

    So a step by itself is drawn almost without error, and only how steps meet is left to chance.

    References
    ----------
    McKay, M. D., Beckman, R. J. and Conover, W. J. (1979), A comparison of three methods for selecting values of input
    variables, Technometrics 21.
    """
    draws = shape[-1]
    order = rng.permuted(np.broadcast_to(np.arange(draws), shape), axis=-1)
    return (order + rng.random(shape)) / draws


def _pick(ladder: np.ndarray, sought: np.ndarray, first, last, *, flat: bool = False) -> np.ndarray:
    """Row on which each place of the ladders lies; rounding never leaves the step."""
    place = np.searchsorted(ladder.ravel(), sought.ravel(), side="left").reshape(sought.shape) % ladder.shape[1]
    if not flat:
        first, last = first[:, None, None], last[:, None, None]
    return np.clip(place, first, last)


def _in_order(seen: StepEvidence, law: str) -> StepEvidence:
    """Recoveries in the order of their steps and of how long they took, ended before censored, the extra one put in."""
    columns = [seen.step, seen.data_hours, seen.back_hours, seen.censored]
    if law != AS_SEEN:
        known = np.flatnonzero(seen.n)
        hours, never = np.full(len(known), _EXTRA[law]), np.zeros(len(known), dtype=bool)
        columns = [np.concatenate(pair) for pair in zip(columns, [known, hours, hours, never], strict=True)]
    step, data, back, censored = columns
    with np.errstate(invalid="ignore"):
        order = np.lexsort((censored, data + back, step))
    step, data, back, censored = (x[order] for x in (step, data, back, censored))
    if law != OPTIMISTIC:  # what outlasts all that ended
        back = np.where(censored, np.inf, back)
    return StepEvidence(step, data, back, censored, seen.steps)
