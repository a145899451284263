"""Backup cycles of a coming period, drawn from the law of those that were: all assets and draws at once.

Each draw resamples the history, draws the chance of a miss from what the history leaves open, and then runs the period
from the state at the end of the watched time: so its spread holds both what is not known and what chance will do.
"""

import numpy as np

from continuity_analysis.models.backup_cycles import DRAWS, SEED, CycleLaw
from continuity_analysis.models.resampled_cycles import draws_of, evenly, outer_uniforms

EVERY = slice(None)


def simulate_cycles(law: CycleLaw, hours: float, *, draws: slice = EVERY) -> tuple[np.ndarray, np.ndarray]:
    """When each backup becomes usable, and the newest moment held from then on.

    Parameters
    ----------
    law : CycleLaw
        Assets with complete cycles.
    hours : float
        Length of the period [h].
    draws : slice
        Which of the DRAWS; each comes out the same whichever others are asked for with it.

    Returns
    -------
    usable, held : ndarray, shape (assets, draws, backups)
        Since the period began [h]; the first is what is there then. Backups after its end may follow.
    """
    outer, steps = outer_uniforms(int(law.n.max(initial=1))), int(cycles_in(law, hours).max(initial=0)) + 3
    while True:
        rows, gap = _drawn(law, outer, steps, draws=draws)
        begun = np.cumsum(gap[..., :-1], axis=-1)
        if not begun.size or begun[..., -1].min() >= hours:
            break
        steps = int(steps * 1.3) + 2
    usable, held = begun + law.run[rows[..., 1:]], begun + law.held[rows[..., 1:]]
    if (np.diff(usable, axis=-1) < 0).any():  # a run was overtaken by the next
        order = np.argsort(usable, axis=-1, kind="stable")
        usable, held = (np.take_along_axis(x, order, axis=-1) for x in (usable, held))
    now = np.broadcast_to(-law.age[:, None, None], (*usable.shape[:2], 1))
    held = np.maximum.accumulate(np.concatenate([now, held], axis=-1), axis=-1)
    return np.concatenate([np.zeros(now.shape), usable], axis=-1), held


def cycles_in(law: CycleLaw, hours: float) -> np.ndarray:
    """About how many cycles of each asset a period [h] holds at most, shape (assets,)."""
    count = hours / np.maximum(law.mean_interval(), 1e-9)
    return np.ceil(count + 4 * np.sqrt(count)).astype(np.int64)


def _drawn(law: CycleLaw, outer: np.ndarray, steps: int, *, draws: slice) -> tuple[np.ndarray, np.ndarray]:
    """Cycles drawn, as rows, and how long each lasts [h], shape (assets, draws, steps).

    The first is the one under way: as long as it takes to outlast what has gone by of it already.
    """
    draw = draws_of(law)[:, draws]
    inner, luck, which = (uniforms(what, steps)[draw] for what in (3, 4, 6))
    rows = picked(law.first, law.n, outer, (inner, draw))
    chance = law.chance_of_miss(evenly(2)[draw])[..., None]
    with np.errstate(divide="ignore", invalid="ignore"):
        one_by_one = np.floor(np.log1p(-luck) / np.log(np.minimum(chance, 1 - 1e-9)))
    clustered = law.clustered[:, None, None]
    strings = np.where(clustered, luck < chance, np.nan_to_num(one_by_one))
    gap = law.interval[rows] + strings * lost_hours(law, outer, which=which, rows=rows, draws=draws)
    gap[..., :1] = _left(gap, law.elapsed[:, None, None], interval=law.interval[rows[..., :1]])
    return rows, gap


def _left(gap: np.ndarray, elapsed: np.ndarray, *, interval: np.ndarray) -> np.ndarray:
    """What is left of the cycle under way [h]: one that outlasts what has gone by, else until the next due run."""
    outlasts = np.argmax(gap >= elapsed - 1e-9, axis=-1)[..., None]
    left = np.take_along_axis(gap, outlasts, axis=-1) - elapsed
    due = np.ceil(elapsed / np.maximum(interval, 1e-9) - 1e-9) * interval - elapsed
    return np.maximum(np.where(left >= -1e-9, left, due), 0)


def lost_hours(
    law: CycleLaw, outer: np.ndarray, *, which: np.ndarray, rows: np.ndarray, draws: slice = EVERY
) -> np.ndarray:
    """What one miss (one string, where they cluster) costs in each cycle [h]: the interval where none was ever seen."""
    if not len(law.missed):
        return law.interval[rows]
    some, clustered = law.n_strings > 0, law.clustered[:, None, None]
    first, n = np.where(some, law.first_string, 0), np.maximum(law.n_strings, 1)
    string = picked(first, n, outer, (which, draws_of(law, of=1)[:, draws]))
    hours = law.missed_hours[string] / np.where(clustered, 1, law.missed[string])
    if law.step is not None:
        runs = np.floor(hours / law.step + uniforms(7, rows.shape[-1])[draws_of(law)[:, draws]])
        hours = law.step * np.where(clustered, runs, 1)
    return np.where(some[:, None, None], hours, law.interval[rows])


def picked(first: np.ndarray, n: np.ndarray, outer: np.ndarray, drawn: tuple) -> np.ndarray:
    """Rows drawn from each draw's own resampled history."""
    inner, draw = drawn
    n = n[:, None, None]
    place = np.floor(inner * n).astype(np.int64)
    return first[:, None, None] + np.floor(outer[draw[..., None], place] * n).astype(np.int64)


def uniforms(what: int, steps: int) -> np.ndarray:
    """Random numbers of each step, the same however many steps there are, shape (DRAWS, steps)."""
    return np.random.default_rng([SEED, what]).random((steps, DRAWS)).T
