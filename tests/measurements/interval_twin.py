"""Interval algebra as one would write it down: loops over pairs, one group after another. Intervals are tuples."""


def merged(rows):
    """Disjoint intervals in order; what touches merges."""
    out = []
    for g, a, b in sorted(rows):
        if out and out[-1][0] == g and a <= out[-1][2]:
            out[-1] = (g, out[-1][1], max(b, out[-1][2]))
        else:
            out.append((g, a, b))
    return out


def lasting(rows):
    return [r for r in rows if r[2] > r[1]]


def clipped(row, inside):
    """Pieces of one interval, or instant, within disjoint ones."""
    g, a, b = row
    pieces = [(g, max(a, c), min(b, d)) for h, c, d in inside if g == h and (c <= a < d if a == b else True)]
    return [p for p in pieces if p[2] > p[1] or a == b]


def outside(rows, span):
    """What is left of all time by disjoint intervals of one group each, within `span`."""
    left = []
    for g in {r[0] for r in rows}:
        edges = [span[0], *(m for r in rows if r[0] == g for m in r[1:]), span[1]]
        left += [(g, a, b) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    return lasting(left)


def removed(row, away, span):
    """Pieces of one interval, or instant, outside disjoint ones."""
    mine = [r for r in away if r[0] == row[0]]
    return clipped(row, outside(mine, span)) if mine else [row]


def union(x, y, span):
    return merged(x)


def intersection(x, y, span):
    inside = merged(lasting(y))
    return sorted(p for row in merged(x) for p in clipped(row, inside))


def difference(x, y, span):
    away = merged(lasting(y))
    return sorted(p for row in merged(x) for p in removed(row, away, span))


def complement(x, y, span):
    return difference(y, x, span)


def open_at(x, g, t):
    """Which intervals of a group are open in [t, t + 1)."""
    return [i for i, (h, a, b) in enumerate(x) if h == g and a <= t < b]


def steps(x, value, span):
    """Stretches of equal value, where it is not 0; `value` is asked of the intervals open in each unit of time."""
    out = []
    for g in sorted({r[0] for r in x}):
        for t in range(*span):
            v = value(g, open_at(x, g, t))
            if v and out and out[-1][0] == (g, out[-1][0][1], t) and out[-1][1] == v:
                out[-1] = ((g, out[-1][0][1], t + 1), v)
            elif v:
                out.append(((g, t, t + 1), v))
    return out
