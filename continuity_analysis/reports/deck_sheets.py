"""What of a table stands on one slide, and where it is cut between rows."""

from dataclasses import dataclass, replace

from continuity_analysis.reports.deck_parts import Table

SIDE, EDGE = 5.0, 3.0  # pt: margins of a cell: at its sides, above and below
CAPTION = 24.0  # pt: height of the line above a table that says what it shows


@dataclass(frozen=True)
class Sheet:
    """A part of a table that fits on one slide, with its measures [pt]."""

    table: Table
    size: float
    widths: tuple[float, ...]
    heights: tuple[float, ...]  # of the header, then of each row
    edge: float = EDGE
    side: float = SIDE

    @property
    def height(self) -> float:
        """Its height with its caption [pt]."""
        return sum(self.heights) + (CAPTION if self.table.caption else 0.0)

    def rows(self, numbers: list[int]) -> "Sheet":
        """The same with some of its rows."""
        table = replace(self.table, rows=tuple(self.table.rows[number] for number in numbers))
        heights = (self.heights[0], *(self.heights[number + 1] for number in numbers))
        return replace(self, table=table, heights=heights)


def cut_by_rows(sheet: Sheet, *, first: float, others: float) -> list[Sheet]:
    """A sheet cut between rows into as few parts as fit, each with about as much; each holds at least one row."""
    fewest = _cut(sheet, first, others)
    low, high = 0.3, 1.0
    for _ in range(6):
        share = (low + high) / 2
        low, high = (low, share) if len(_cut(sheet, first * share, others * share)) == len(fewest) else (share, high)
    return [sheet.rows(part) for part in _cut(sheet, first * high, others * high)]


def _cut(sheet: Sheet, first: float, others: float) -> list[list[int]]:
    """Numbers of the rows of each part, with so much room for the first part and for each other."""
    always = sheet.height - sum(sheet.heights[1:])
    parts: list[list[int]] = [[]]
    left = first - always
    for number, height in enumerate(sheet.heights[1:]):
        if height > left and parts[-1]:
            parts.append([])
            left = others - always
        parts[-1].append(number)
        left -= height
    return parts
