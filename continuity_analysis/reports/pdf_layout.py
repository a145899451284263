"""What stays together on a page: introductions with what they introduce, wide tables on pages on their side."""

import itertools

from continuity_analysis.reports.pdf_pandoc import Block, typst_block

INTRODUCING = 4
"""Blocks before a figure or table among which its heading is looked for."""


def laid_out_blocks(blocks: list[Block]) -> list[Block]:
    """Blocks with what keeps them together.

    Parameters
    ----------
    blocks : list of Block
        A table that should lie has a second code, "lying"; a figure is marked "whole", a table "table".
    """
    lie = ["lying" in block for block in blocks]
    stick: set[int] = set()
    for number, block in enumerate(blocks):
        if {"whole", "table"} & block.keys():
            start = _introduction(blocks, number)
            stick |= {place for place in range(start, number) if blocks[place]["t"] == "Para"}
            lie[start:number] = [lie[number] or before for before in lie[start:number]]
    made: list[Block] = []
    for number, (block, lies) in enumerate(zip(blocks, lie, strict=True)):
        if lies != (number > 0 and lie[number - 1]):
            made.append(typst_block(f"#set page(flipped: {str(lies).lower()})"))
        shown = (
            typst_block(block["lying"]) if "lying" in block else {name: block[name] for name in "tc" if name in block}
        )
        made += [typst_block("#block(sticky: true)["), shown, typst_block("]")] if number in stick else [shown]
    return made


def _introduction(blocks: list[Block], number: int) -> int:
    """Where the heading starts that a figure or table stands under, if it is near; else the paragraph before it."""
    places = itertools.takewhile(lambda place: blocks[place]["t"] in ("Para", "Header"), range(number - 1, -1, -1))
    near = list(itertools.islice(places, INTRODUCING))
    headings = [place for place in near if blocks[place]["t"] == "Header"]
    return headings[-1] if headings else min(near[:1], default=number)
