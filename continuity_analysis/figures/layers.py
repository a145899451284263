"""Where the nodes of a diagram in layers stand, and the way its arrows take between them.

Each node stands one layer above the highest it points at. An arrow that crosses a layer takes a place of its own in it,
so that it passes between nodes; the order within a layer follows the mean place of what a node is joined to.

References
----------
Sugiyama, K., Tagawa, S. and Toda, M. (1981), Methods for visual understanding of hierarchical system structures, IEEE
Transactions on Systems, Man, and Cybernetics 11.
"""

from collections.abc import Iterable
from graphlib import TopologicalSorter
from itertools import pairwise

NODE, PASSAGE = 2.2, 0.5  # room in a layer
_ROUNDS = 12


def place_nodes(edges: Iterable[tuple[str, str]]) -> tuple[dict[str, tuple[float, int]], dict[tuple, list]]:
    """Places of nodes and the ways of arrows.

    Parameters
    ----------
    edges : iterable of (str, str)
        From what needs to what is needed; without a circle.

    Returns
    -------
    places : dict
        Node -> (horizontal place, layer from 0 at the bottom).
    ways : dict
        Edge -> places from its begin to its end, the passages through layers between included.
    """
    edges = sorted(set(edges))
    layer = _layers(edges)
    chains = {e: [e[0], *((e, k) for k in range(layer[e[0]] - 1, layer[e[1]], -1)), e[1]] for e in edges}
    rows: list[list] = [sorted(n for n in layer if layer[n] == k) for k in range(max(layer.values(), default=-1) + 1)]
    for chain in chains.values():
        for passage in chain[1:-1]:
            rows[passage[1]].append(passage)
    x = _ordered(rows, [pair for chain in chains.values() for pair in pairwise(chain)])
    height = {item: k for k, row in enumerate(rows) for item in row}
    ways = {e: [(x[item], height[item]) for item in chain] for e, chain in chains.items()}
    return {n: (x[n], layer[n]) for n in layer}, ways


def _layers(edges: list[tuple[str, str]]) -> dict[str, int]:
    needs: dict[str, list[str]] = {}
    for a, b in edges:
        needs.setdefault(a, []).append(b)
    layer: dict[str, int] = {}
    for name in TopologicalSorter(needs).static_order():
        layer[name] = 1 + max((layer[n] for n in needs.get(name, ())), default=-1)
    return layer


def _ordered(rows: list[list], pairs: list[tuple]) -> dict:
    """Horizontal places, after sorting each layer by its neighbours above and below until little changes."""
    joined: dict = {}
    for a, b in pairs:
        joined.setdefault(a, []).append(b)
        joined.setdefault(b, []).append(a)
    rows = [list(row) for row in rows]
    x = {item: place for row in rows for item, place in _spread(row, {})}
    for _ in range(_ROUNDS):
        for k in [*range(len(rows)), *range(len(rows) - 2, -1, -1)]:
            wish = {item: sum(x[j] for j in joined[item]) / len(joined[item]) for item in rows[k]}
            rows[k].sort(key=lambda item: (wish[item], str(item)))
            x |= dict(_spread(rows[k], wish))
    return x


def _spread(row: list, wish: dict) -> list[tuple]:
    """Places in order with room for each, as near as a shift of the whole brings them to what they wish."""
    places, at = [], 0.0
    for item in row:
        room = PASSAGE if isinstance(item, tuple) else NODE
        places.append(at + room / 2)
        at += room
    middle = sum(places) / max(len(places), 1)
    aim = sum(wish.get(item, 0.0) for item in row) / max(len(row), 1)
    return [(item, place - middle + aim) for item, place in zip(row, places, strict=True)]
