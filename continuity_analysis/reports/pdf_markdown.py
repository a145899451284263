"""Texts of notebooks as blocks that are safe to set: no raw code, no pictures from elsewhere, links that lead on."""

import re
from collections.abc import Mapping, Sequence

from lxml import html

from continuity_analysis.reports.html_tables import TAGS, clean_html
from continuity_analysis.reports.pdf_grids import tree_blocks
from continuity_analysis.reports.pdf_pandoc import (
    Block,
    changed,
    read_html,
    read_markdown,
    text_of,
    typst_block,
    typst_inline,
)
from continuity_analysis.reports.pdf_pictures import Pictures
from continuity_analysis.reports.pdf_text import printed
from continuity_analysis.reports.pdf_typst import breakable, literal

_PLACE = {"Code": 0, "CodeBlock": 0, "Link": 0, "Image": 0, "Header": 1}
_DROPPED_TAGS = TAGS | {"center", "font", "u", "s", "section", "article", "header", "footer", "nav", "figure", "tt"}
_NOTHING = ["", [], []]


class Reader:
    """Reads the texts of one document.

    Attributes
    ----------
    pictures : Pictures
        Where its pictures are kept.
    formulas : bool
        Whether formulas are set; else they are shown as they are written.
    """

    def __init__(self, pictures: Pictures, *, formulas: bool = True) -> None:
        self.pictures = pictures
        self.formulas = formulas

    def markdown(self, texts: Sequence[tuple[str, Mapping]]) -> list[list[Block]]:
        """The blocks of several texts, each given with its cell's attachments."""
        found = read_markdown([_with_attachments(*given) for given in texts])
        return [self._clean(blocks) for blocks in found]

    def html(self, fragment: str) -> list[Block]:
        """The blocks of what a cell put out as HTML; of scripts and styles nothing is left."""
        return self._clean(read_html(_own_html(fragment)))

    def _clean(self, blocks: list[Block]) -> list[Block]:
        return changed(blocks, self._changed)

    def _changed(self, part: Block) -> list[Block]:
        """What one block or inline, whose content is clean already, becomes."""
        kind = part["t"]
        if kind in _PLACE:
            part["c"][_PLACE[kind]] = _NOTHING
        made = getattr(self, f"_{kind.lower()}", None)
        return [part] if made is None else made(part.get("c"))

    def _str(self, content: str) -> list[Block]:
        return [{"t": "Str", "c": breakable(content)}]

    def _code(self, content: list) -> list[Block]:
        return [{"t": "Code", "c": [_NOTHING, breakable(content[1])]}]

    def _codeblock(self, content: list) -> list[Block]:
        return [typst_block(printed(content[1]))]

    def _horizontalrule(self, content: None) -> list[Block]:
        return [typst_block("#rule()")]

    def _div(self, content: list) -> list[Block]:
        return content[1]

    def _span(self, content: list) -> list[Block]:
        return content[1]

    def _figure(self, content: list) -> list[Block]:
        return content[2]

    def _image(self, content: list) -> list[Block]:
        return [typst_inline(self.pictures.find(content[2][0], alt=text_of(content[1]) or "picture"))]

    def _link(self, content: list) -> list[Block]:
        address = content[2][0]
        leads = re.match(r"(https?://|mailto:)\S+$|#.", address)
        return [{"t": "Link", "c": content}] if leads else content[1]

    def _math(self, content: list) -> list[Block]:
        """A formula with its source as the words for those who cannot see it."""
        words = literal(" ".join(content[1].split()))
        math = {"t": "Math", "c": content}
        if not self.formulas:
            return [typst_inline(f"#raw({literal(breakable(content[1]))})")]
        return [typst_inline(f"#[#set math.equation(alt: {words})\n"), math, typst_inline("]")]

    def _rawinline(self, content: list) -> list[Block]:
        text = content[1]
        tag = re.match(r"</?([a-zA-Z][\w-]*)", text)
        name = tag.group(1).lower() if tag else ""
        if name == "br":
            return [{"t": "LineBreak"}]
        if name == "img":
            picture = html.fragment_fromstring(text)
            words = picture.get("alt") or "picture"
            return [typst_inline(self.pictures.find(picture.get("src", ""), alt=words))]
        return [] if name in _DROPPED_TAGS or text.startswith("<!--") else self._str(text)

    def _rawblock(self, content: list) -> list[Block]:
        """HTML within Markdown, without what acts; tags that are none of HTML's are words."""
        names = {name.lower() for name in re.findall(r"<([a-zA-Z][\w-]*)", content[1])}
        if content[0] != "html" or (names and not names & (_DROPPED_TAGS | {"script", "style"})):
            return [{"t": "Para", "c": self._str(content[1].strip())}]
        return self.html(content[1])

    def _table(self, content: list) -> list[Block]:
        return tree_blocks(content)


def says_nothing(fragment: str) -> bool:
    """Whether a cell's HTML is nothing but scripts and empty places for them to fill."""
    own = _own_html(fragment)
    return "<img" not in own and not re.sub(r"<[^>]*>|\s", "", own)


def _own_html(fragment: str) -> str:
    try:
        return clean_html(fragment)
    except (html.etree.ParserError, ValueError):
        return ""


def _with_attachments(text: str, attachments: Mapping) -> str:
    """A text that names its cell's attachments by their data."""
    for name, kinds in attachments.items():
        for kind, data in kinds.items():
            text = text.replace(f"attachment:{name}", f"data:{kind};base64,{''.join(data.split())}")
    return text


def with_headings(blocks: list[Block]) -> list[Block]:
    """Blocks whose headings start at level 1 and skip none; links within the text lead to them, or are words."""
    highest = min((block["c"][0] for block in blocks if block["t"] == "Header"), default=1)
    level, labels = 0, {}
    for number, block in enumerate(block for block in blocks if block["t"] == "Header"):
        level = min(block["c"][0] - highest + 1, level + 1)
        label = f"section-{number + 1}"
        labels.setdefault(_anchor(text_of(block["c"][2])), label)
        block["c"] = [level, [label, [], []], block["c"][2]]

    def led(part: Block) -> list[Block]:
        if part["t"] != "Link" or not part["c"][2][0].startswith("#"):
            return [part]
        label = labels.get(_anchor(part["c"][2][0]))
        return [{"t": "Link", "c": [*part["c"][:2], [f"#{label}", ""]]}] if label else part["c"][1]

    return changed(blocks, led)


def _anchor(text: str) -> str:
    return re.sub(r"\W+", "-", text.lower()).strip("-")
