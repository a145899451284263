"""Pandoc: Markdown and HTML into its tree of blocks, and such trees into typst. It reads and fetches nothing else."""

import json
import os
import re
import secrets
import subprocess
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from continuity_analysis.errors import ReportError

MARKDOWN = "gfm-yaml_metadata_block-raw_attribute+definition_lists+tex_math_dollars"
"""The Markdown that JupyterLab shows, with definition lists."""
VERSION = [1, 23, 1]
_ENVIRONMENTS = "equation|align|gather|multline|eqnarray|alignat|flalign"
_BARE_MATH = re.compile(rf"\\begin\{{((?:{_ENVIRONMENTS})\*?)\}}.*?\\end\{{\1\}}", re.DOTALL)

Block = dict
"""A block or inline of pandoc's tree: {"t": its kind, "c": its content}."""


def read_markdown(texts: Sequence[str]) -> list[list[Block]]:
    """The blocks of each of several texts, none of which reaches into another."""
    mark = secrets.token_hex(12)
    with TemporaryDirectory(prefix="continuity-") as folder:
        between = Path(folder) / "between.md"
        between.write_text(mark)
        files = [Path(folder) / f"{number}.md" for number in range(len(texts))]
        for path, text in zip(files, texts, strict=True):
            path.write_text(_with_dollars(text), encoding="utf-8", errors="replace")
        names = [path.name for file in files for path in (file, between)]
        tree = _run("--file-scope", "--from", MARKDOWN, "--to", "json", *names, folder=folder)
    tree = re.sub(r'"#\d+md__', '"#', tree)  # links within a text, of which pandoc makes links within its file
    found: list[list[Block]] = [[]]
    for block in json.loads(tree)["blocks"]:
        if block == {"t": "Para", "c": [{"t": "Str", "c": mark}]}:
            found.append([])
        else:
            found[-1].append(block)
    return found[: len(texts)]


def read_html(fragment: str) -> list[Block]:
    """The blocks of a piece of HTML."""
    return json.loads(_run("--from", "html", "--to", "json", given=fragment))["blocks"]


def write_typst(parts: Sequence[list[Block]]) -> list[str]:
    """Typst's code for each of several lists of blocks."""
    mark = f"//{secrets.token_hex(12)}"
    blocks = [block for part in parts for block in (*part, typst_block(mark))]
    tree = json.dumps({"pandoc-api-version": VERSION, "meta": {}, "blocks": blocks})
    return [
        part.strip() for part in _run("--from", "json", "--to", "typst", "--wrap=none", given=tree).split(mark)[:-1]
    ]


def typst_block(code: str) -> Block:
    """A block of typst's code as it stands."""
    return {"t": "RawBlock", "c": ["typst", code]}


def typst_inline(code: str) -> Block:
    """Typst's code within a line."""
    return {"t": "RawInline", "c": ["typst", code]}


def changed(node, change: Callable[[Block], list[Block]]):
    """A tree in which every block and inline, the innermost first, is replaced by what `change` makes of it."""
    if isinstance(node, list):
        made = []
        for item in node:
            if isinstance(item, dict) and "t" in item:
                made += change({**item, "c": changed(item["c"], change)} if "c" in item else item)
            else:
                made.append(changed(item, change))
        return made
    return node


def text_of(node) -> str:
    """The words of a tree."""
    if isinstance(node, list):
        return "".join(text_of(item) for item in node)
    if not isinstance(node, dict):
        return ""
    kind, content = node["t"], node.get("c")
    if kind in ("Space", "SoftBreak", "LineBreak"):
        return " "
    if kind in ("Str", "Code", "Math"):
        return content if kind == "Str" else content[-1]
    return text_of(content) + (" " if kind in ("Para", "Plain") else "")


def _with_dollars(text: str) -> str:
    """Bare LaTeX environments as JupyterLab understands them: displayed formulas."""

    def dollars(found: re.Match) -> str:
        before = text[: found.start()]
        inside = before.rstrip().endswith("$") or before.count("```") % 2
        return found.group() if inside else f"$${found.group()}$$"

    return _BARE_MATH.sub(dollars, text)


@lru_cache(maxsize=1)
def _pandoc() -> str:
    """The pandoc that comes with pypandoc-binary; another, of whatever version, only where there is none."""
    import pypandoc

    own = sorted((Path(pypandoc.__file__).parent / "files").glob("pandoc*"))
    return str(own[0]) if own else pypandoc.get_pandoc_path()


def _run(*arguments: str, given: str = "", folder: str | None = None) -> str:
    command = [_pandoc(), "--sandbox", "--quiet", *arguments]
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        command, input=given.encode(errors="replace"), capture_output=True, env=environment, cwd=folder
    )
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines() or ["nothing"]
        raise ReportError(f"Expected pandoc to read what the notebook says, got: {said[0]}")
    return done.stdout.decode()
