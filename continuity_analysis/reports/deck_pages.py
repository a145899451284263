"""What of a slide's content goes on which page: text first, then figures and tables in their order."""

import io
from dataclasses import dataclass, field

from PIL import Image

from continuity_analysis.reports.deck_parts import Chart, Figure, Paragraph, Slide, Table
from continuity_analysis.reports.deck_tables import Fitting, Sheet
from continuity_analysis.reports.deck_text import INSET, Ruler

TEXT_SHARE = 0.36  # of a page's height that text above a figure or table may take
FIGURE_SHARE = 0.5  # of a page's height that a figure needs at least
ROWS_AT_LEAST = 3  # of a table that are worth beginning under a text
ALONE, BESIDE = (14.0, 20.0), (14.0, 16.0)  # pt: smallest and largest text alone, and above figures and tables
GAP = 10.0  # pt between text, figures and tables


@dataclass
class Page:
    """What is drawn on one slide; heights in points."""

    paragraphs: list[Paragraph] = field(default_factory=list)
    size: float = 20.0
    objects: list[tuple[Figure | Chart | Sheet, float]] = field(default_factory=list)  # each with its height
    used: float = 0.0

    def put(self, item: Figure | Chart | Sheet, height: float) -> None:
        """Add a figure, a chart or a part of a table under what is there."""
        self.objects.append((item, height))
        self.used += height + GAP


@dataclass(frozen=True)
class Paginator:
    """Divides slides into pages of a size [pt]."""

    ruler: Ruler
    wide: float
    high: float

    def pages(self, slide: Slide) -> list[Page]:
        """The pages a slide takes; at least one."""
        pages = self._text(slide)
        for item in slide.objects:
            if isinstance(item, Figure | Chart):
                self._place_figure(pages, item)
            elif item.columns:
                self._place_table(pages, item)
        return [page for page in pages if page.paragraphs or page.objects] or [Page()]

    def _text(self, slide: Slide) -> list[Page]:
        if not slide.paragraphs:
            return [Page()]
        size = None
        if slide.objects:
            room = self.high * TEXT_SHARE
            size = self.ruler.fit(slide.paragraphs, within=self.wide, at_most=room, sizes=BESIDE)
        size = size or self.ruler.fit(slide.paragraphs, within=self.wide, at_most=self.high, sizes=ALONE) or 14.0
        portions = self.ruler.split(slide.paragraphs, size, within=self.wide, at_most=self.high)
        heights = [self.ruler.height(portion, size, within=self.wide) for portion in portions]
        return [Page(portion, size, used=height + GAP) for portion, height in zip(portions, heights, strict=True)]

    def _place_figure(self, pages: list[Page], figure: Figure | Chart) -> None:
        natural = self.high
        if isinstance(figure, Figure):
            with Image.open(io.BytesIO(figure.picture)) as picture:
                natural = (self.wide - 2 * INSET) * picture.height / picture.width
        if self.high - pages[-1].used < min(self.high * FIGURE_SHARE, natural):
            pages.append(Page())
        pages[-1].put(figure, min(self.high - pages[-1].used, natural))

    def _place_table(self, pages: list[Page], table: Table) -> None:
        fitting = Fitting(self.ruler, self.wide - 2 * INSET)
        whole = fitting.sheets(table, first=self.high, others=self.high)
        here = fitting.sheets(table, first=self.high - pages[-1].used, others=self.high)
        begun = len(here[0].table.rows) >= min(ROWS_AT_LEAST, len(table.rows))
        fits = here[0].height <= self.high - pages[-1].used
        if fits and begun and (len(here) == 1 or len(whole) > 1):
            pages[-1].put(here[0], here[0].height)
            whole = here[1:]
        for sheet in whole:
            pages.append(Page())
            pages[-1].put(sheet, sheet.height)
