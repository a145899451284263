"""Native tables of a deck: how wide their columns are, and what of them fits on one slide."""

import math
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace

from continuity_analysis.reports.deck_parts import Table
from continuity_analysis.reports.deck_sheets import EDGE, SIDE, Sheet, cut_by_rows
from continuity_analysis.reports.deck_text import LINE, SMALLEST, Ruler, words_in

SIZES = (14.0, 13.0, SMALLEST)  # pt, on slides
CLOSER = ({"edge": 1.5}, {"edge": 1.5, "side": 2.5})  # the same where that saves a slide, the first choice first
STRETCH = 1.7  # how much wider than its text a table may be drawn


@dataclass(frozen=True)
class Fitting:
    """Fits tables into a width [pt], in the font that a ruler measures.

    Attributes
    ----------
    ruler : Ruler
        Of the font.
    within : float
        The width there is [pt].
    sizes : tuple of float
        Font sizes to try [pt], the largest first.
    side, edge : float
        Margins of a cell, left and right, above and below [pt].
    """

    ruler: Ruler
    within: float
    sizes: tuple[float, ...] = SIZES
    side: float = SIDE
    edge: float = EDGE

    def sheets(self, table: Table, *, first: float, others: float) -> list[Sheet]:
        """A table cut into parts that fit slides.

        Parameters
        ----------
        table : Table
            All of it.
        first, others : float
            Height there is [pt] on the first slide and on each further one.

        Returns
        -------
        list of Sheet
            Columns too many stand on sheets of their own, led by the first; rows, then columns, are closer where that
            saves sheets.
        """
        made = self._sheets(table, first, others)
        if len(made) == 1:
            return made
        return min([made, *(replace(self, **how)._sheets(table, first, others) for how in CLOSER)], key=len)

    def _sheets(self, table: Table, first: float, others: float) -> list[Sheet]:
        made: list[Sheet] = []
        for part in self._by_columns(table):
            room = others if made else first
            made += cut_by_rows(self.measured(part, room), first=room, others=others)
        return made

    def _by_columns(self, table: Table) -> list[Table]:
        """The table itself, or parts of its columns that fit at the smallest size, each led by the first column."""
        groups = self.column_groups(table)
        return [table] if len(groups) == 1 else [columns_of(table, group) for group in groups]

    def column_groups(self, table: Table) -> list[list[int]]:
        """The numbers of the columns that fit beside each other at the smallest size, each group led by the first."""
        least = [least for least, _ in self.limits(table, self.sizes[-1])]
        groups: list[list[int]] = [[0]]
        for place in range(1, len(least)):
            if len(groups[-1]) > 1 and sum(least[i] for i in groups[-1]) + least[place] > self.within:
                groups.append([0])
            groups[-1].append(place)
        return groups

    def limits(self, table: Table, size: float) -> list[tuple[float, float]]:
        """For each column, the width [pt] of its longest word, within reason, and that of its longest text."""
        found = []
        for place, name in enumerate(table.columns):
            texts, strong = {row[place] for row in table.rows}, place in table.bold_columns
            words = {(word, strong) for text in texts for word in words_in(text)} | {(w, True) for w in words_in(name)}
            word = max((self.ruler.width(word, size, bold=bold) for word, bold in words), default=0.0)
            lines = {line for text in texts for line in text.split("\n")}
            line = max((self.ruler.width(line, size, bold=strong) for line in lines), default=0.0)
            room = 2 * self.side + 1
            found.append((min(word + room, self.within * 0.4), max(line, word) + room))
        return found

    def measured(self, table: Table, room: float = math.inf) -> Sheet:
        """The table at the largest size at which all of it fits, else at the smallest."""
        made = [sheet for size in self.sizes if (sheet := self._at_size(table, size))]
        return next((sheet for sheet in made if sheet.height <= room), made[-1] if made else self._squeezed(table))

    def _at_size(self, table: Table, size: float) -> Sheet | None:
        limits = self.limits(table, size)
        least, best = (sum(values) for values in zip(*limits, strict=True))
        if least > self.within:
            return None
        if best <= self.within:
            factor = min(self.within / best, STRETCH)
            return self._with_heights(table, size, [natural * factor for _, natural in limits])
        made = [self._with_heights(table, size, widths) for widths in _ways_to_share(limits, self.within)]
        return min(made, key=lambda sheet: sheet.height)

    def _squeezed(self, table: Table) -> Sheet:
        """Columns too narrow for their longest words, which are broken."""
        smallest = self.sizes[-1]
        limits = [floor for floor, _ in self.limits(table, smallest)]
        return self._with_heights(table, smallest, [self.within * limit / sum(limits) for limit in limits])

    def _with_heights(self, table: Table, size: float, widths: list[float]) -> Sheet:
        rows = [table.columns, *table.rows]
        everything = range(len(table.columns))
        heights = tuple(
            self._row_height(row, size, widths, bold=table.bold_columns if number else everything)
            for number, row in enumerate(rows)
        )
        return Sheet(table, size, tuple(widths), heights, self.edge, self.side)

    def _row_height(self, row: Sequence[str], size: float, widths: Sequence[float], *, bold: Container[int]) -> float:
        cells = enumerate(zip(row, widths, strict=True))
        lines = [
            self.ruler.count_lines(text, size, within=room - 2 * self.side, bold=place in bold)
            for place, (text, room) in cells
        ]
        return max(lines) * size * LINE + 2 * self.edge


def _ways_to_share(limits: list[tuple[float, float]], within: float) -> list[list[float]]:
    """Widths that add up to `within`, none below its longest word: each way is best for some tables.

    One lets only the widest columns give way; the others share what is left by how much each column lacks.
    """
    low, high = 0.0, within
    for _ in range(40):
        level = (low + high) / 2
        widths = [max(least, min(natural, level)) for least, natural in limits]
        low, high = (level, high) if sum(widths) <= within else (low, level)
    ways = [[max(least, min(natural, low)) for least, natural in limits]]
    left = within - sum(least for least, _ in limits)
    for power in (0.75, 1.0, 1.5, 2.0):
        lacking = [(natural - least) ** power for least, natural in limits]
        ways.append([least + left * part / sum(lacking) for (least, _), part in zip(limits, lacking, strict=True)])
    return ways


def columns_of(table: Table, places: list[int]) -> Table:
    """A table of some of the columns of another."""
    verdicts = tuple(i for i, place in enumerate(places) if place in table.verdict_columns)
    rows = tuple(tuple(row[i] for i in places) for row in table.rows)
    columns, numeric = (tuple(values[i] for i in places) for values in (table.columns, table.numeric))
    return replace(table, columns=columns, rows=rows, numeric=numeric, verdict_columns=verdicts)
