"""How much room text takes, so that nothing on a slide is clipped."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

from continuity_analysis.reports.deck_parts import Paragraph, Run

SMALLEST = 12.0  # pt; smaller text cannot be read in a meeting room
SIZES = (20.0, 18.0, 16.0, 14.0, SMALLEST)
LINE = 1.2  # height of a line, in sizes of its font
AFTER = 0.35  # space after a paragraph, in sizes of its font
INDENT = 22.0  # pt by which a level of bullets is indented
INSET = 7.2  # pt left and right inside a text box
NARROWER = ("Aptos", "Arial", "Calibri", "Carlito", "Helvetica", "Liberation Sans", "Segoe UI", "Times New Roman")
"""Fonts at least a tenth narrower than the one that is measured."""
_AT = 100  # px at which widths are measured


@lru_cache(maxsize=2)
def _font(bold: bool) -> ImageFont.FreeTypeFont:
    """DejaVu Sans, which comes with matplotlib and is as wide as Verdana, the widest of the usual fonts."""
    import matplotlib

    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return ImageFont.truetype(str(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name), _AT)


@lru_cache(maxsize=4096)
def _letter(letter: str, bold: bool) -> float:
    return _font(bold).getlength(letter) / _AT


def words_in(text: str) -> list[str]:
    """What may not be broken over lines; a no-break space does not part words."""
    return [word for word in re.split(r"[ \t\r\n\f]+", text) if word]


@dataclass(frozen=True)
class Ruler:
    """Measures text in a font, on the safe side. All lengths are in points."""

    font: str = ""

    def factor(self, bold: bool) -> float:
        """Widths in this font over those of the font that is measured, at most."""
        return 1.0 if self.font not in NARROWER else 0.87 if bold else 0.92

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """Width of a line of text at a font size."""
        return self.factor(bold) * size * sum(_letter(letter, bold) for letter in text)

    def count_lines(self, text: str, size: float, *, within: float, bold: bool = False) -> int:
        """How many lines a text takes when it is broken at spaces, and inside words that are too long."""
        return sum(self._count_lines(line, size, within, bold) for line in text.split("\n"))

    def _count_lines(self, text: str, size: float, within: float, bold: bool) -> int:
        lines, used = 1, 0.0
        space = self.width(" ", size, bold=bold)
        for word in words_in(text):
            long = self.width(word, size, bold=bold)
            if used and used + space + long > within:
                lines, used = lines + 1, 0.0
            used += long + (space if used else 0.0)
            while used > within:
                lines, used = lines + 1, used - within
        return lines

    def height(self, paragraphs: Sequence[Paragraph], size: float, *, within: float) -> float:
        """Height of paragraphs in a box of a width."""
        return sum(self._height(paragraph, size, within) for paragraph in paragraphs)

    def _height(self, paragraph: Paragraph, size: float, within: float) -> float:
        room = within - 2 * INSET - (0 if paragraph.heading else INDENT * (paragraph.level + 1))
        bold = paragraph.heading or any(run.bold for run in paragraph.runs)
        return size * (LINE * self.count_lines(paragraph.text, size, within=room, bold=bold) + AFTER)

    def fit(
        self,
        paragraphs: Sequence[Paragraph],
        *,
        within: float,
        at_most: float,
        sizes: tuple[float, float] = (SMALLEST, SIZES[0]),
    ) -> float | None:
        """The largest font size of `SIZES`, between two, at which paragraphs fit a box, or None."""
        between = (size for size in SIZES if sizes[0] <= size <= sizes[1])
        return next((size for size in between if self.height(paragraphs, size, within=within) <= at_most), None)

    def split(
        self, paragraphs: Sequence[Paragraph], size: float, *, within: float, at_most: float
    ) -> list[list[Paragraph]]:
        """Paragraphs in portions that each fit a box; one that is too long alone is divided between words."""
        portions: list[list[Paragraph]] = [[]]
        for part in (part for p in paragraphs for part in self._parts(p, size, within, at_most)):
            if portions[-1] and self.height([*portions[-1], part], size, within=within) > at_most:
                portions.append([])
            portions[-1].append(part)
        return portions

    def _parts(self, paragraph: Paragraph, size: float, within: float, at_most: float) -> list[Paragraph]:
        words = paragraph.text.split()
        if len(words) < 2 or self._height(paragraph, size, within) <= at_most:
            return [paragraph]
        half = len(words) // 2
        halves = (Paragraph((Run(" ".join(part)),), paragraph.level) for part in (words[:half], words[half:]))
        return [part for each in halves for part in self._parts(each, size, within, at_most)]
