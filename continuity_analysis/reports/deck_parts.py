"""What slides are made of: text in runs and paragraphs, figures, charts, tables."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Run:
    """A stretch of text in one style."""

    text: str
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True)
class Paragraph:
    """A bullet of a level (0 is the highest), or a heading within a slide."""

    runs: tuple[Run, ...]
    level: int = 0
    heading: bool = False

    @property
    def text(self) -> str:
        """Its words."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True)
class Figure:
    """A picture and the words for those who cannot see it."""

    picture: bytes
    alt: str


@dataclass(frozen=True)
class Chart:
    """A chart that can be edited, by the data that rode along with a figure (`figures.charts`), and its words."""

    data: dict
    alt: str


@dataclass(frozen=True)
class Table:
    """A table of texts; `numeric` columns are set flush right."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]
    verdict_columns: tuple[int, ...] = ()

    @property
    def bold_columns(self) -> tuple[int, ...]:
        """Columns set in bold: what a row is about, and its verdict."""
        return (0, *self.verdict_columns)


@dataclass
class Slide:
    """One slide as its author meant it; it may take several when drawn.

    `headline` is what was found, in the words of the code; it stands as the title where there is one.
    """

    title: str = ""
    headline: str = ""
    level: int = 2
    paragraphs: list[Paragraph] = field(default_factory=list)
    objects: list[Figure | Chart | Table] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
