"""Markdown of notebooks into HTML that is safe (log texts may stand in it), offline, and has headings to point at."""

import re
from dataclasses import dataclass
from html import escape

import mistune

PLUGINS = ["table", "strikethrough"]


@dataclass(frozen=True)
class Heading:
    """A heading of a page: its level (2 is the highest), text and anchor."""

    level: int
    text: str
    anchor: str


class Headings:
    """The headings of one page, in order, each with an anchor of its own."""

    def __init__(self) -> None:
        self.all: list[Heading] = []

    def add(self, text: str, level: int) -> Heading:
        """Register a heading and give it an anchor."""
        words = re.sub(r"<[^>]+>", "", text)
        anchor = re.sub(r"\W+", "-", words.lower()).strip("-") or "section"
        taken = {heading.anchor for heading in self.all}
        free = next(a for a in (anchor, *(f"{anchor}-{i}" for i in range(2, len(taken) + 3))) if a not in taken)
        self.all.append(Heading(max(level, 2), words, free))
        return self.all[-1]


class PageRenderer(mistune.HTMLRenderer):
    """Markdown into the HTML of a page: raw HTML is shown, not obeyed; pictures come from the notebook."""

    def __init__(self, headings: Headings, attachments: dict) -> None:
        super().__init__(escape=True)
        self.headings = headings
        self.attachments = attachments

    def heading(self, text: str, level: int, **attrs) -> str:
        """A heading with a link to itself."""
        made = self.headings.add(text, level)
        link = f'<a class="anchor" href="#{made.anchor}" aria-label="Link to this section">#</a>'
        return f'<h{made.level} id="{made.anchor}">{text} {link}</h{made.level}>\n'

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """A picture that the notebook carries itself; any other is replaced by its words."""
        name = url.removeprefix("attachment:")
        for kind, data in self.attachments.get(name, {}).items():
            url = f"data:{kind};base64,{''.join(data.split())}"
        words = re.sub(r"<[^>]+>", "", text)
        return f'<img src="{url}" alt="{words}">' if url.startswith("data:image/") else f"<em>[{words}]</em>"

    def table(self, text: str) -> str:
        """A table in a box of its own, in which it may scroll."""
        return f'<div class="table-box" tabindex="0" role="region" aria-label="Table"><table>{text}</table></div>\n'


def to_html(text: str, *, headings: Headings, attachments: dict | None = None) -> str:
    """Markdown as HTML; its headings are added to `headings`."""
    return mistune.create_markdown(renderer=PageRenderer(headings, attachments or {}), plugins=PLUGINS)(text)


def to_tokens(text: str) -> list[dict]:
    """Markdown as mistune's tree of tokens, for the deck."""
    return mistune.create_markdown(renderer=None, plugins=PLUGINS)(text)


def laid_out(text: str) -> bool:
    """Whether printed text is laid out with spaces, so that it must stand as it is."""
    return bool(re.search(r"\S {2,}\S|\t|[│─┌]", text))


def said(text: str) -> str:
    """Printed text as HTML: sentences as paragraphs, anything laid out with spaces as it stands."""
    text = text.strip("\n")
    if not text.strip():
        return ""
    if laid_out(text):
        return f"<pre>{escape(text)}</pre>"
    return "".join(f"<p>{escape(part).strip()}</p>" for part in re.split(r"\n+", text) if part.strip())
