"""Take one handling after the other out of formats, in memory, and print those that no fixture misses.

    python -m tests.ingest.mutate [--jobs 2] [--only TEXT] [FORMAT ...]

What is printed is a trap without a fixture record, or dead handling. An edit that stands in SQL which several formats
share is noticed if a sample of any of them notices it; SQL that no longer runs is noticed by every sample. What
`equivalents` lists provably changes nothing. The formats that a mapping makes are examined as one, `mapped`.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import cache, partial
from importlib import import_module
from multiprocessing import Pool
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

from continuity_analysis.catalog import read_catalog
from continuity_analysis.errors import ContinuityError
from continuity_analysis.ingest import formats as package
from continuity_analysis.ingest.files import list_files, make_plain
from continuity_analysis.ingest.heads import read_head
from continuity_analysis.ingest.moments import emptied, working_database
from continuity_analysis.ingest.reading import make_reading
from continuity_analysis.ingest.registry import Format, formats
from continuity_analysis.ingest.sources import Job, Part, Told
from continuity_analysis.periods import read_moment
from tests.ingest.equivalents import equivalent
from tests.ingest.mapped_mutants import NAMES, mapped_mutants
from tests.ingest.mutants import Mutant, edited, mutants_of
from tests.ingest.samples import FIXTURES, Sample, differences, samples_of

NOTICED, SURVIVED = "noticed", "survived"
MAPPED = "mapped"


def job_of(sample: Sample, folder: Path) -> tuple[Job, Told]:
    """A sample made ready to be read, with what its expected file says of it."""
    options = dict(sample.expected.get("options", {}))
    as_of = options.get("as_of")
    told = Told(
        read_catalog(options.get("catalog")),
        options.get("timezone"),
        None,
        as_of and read_moment(as_of, timezone=options.get("timezone") or "UTC").to_pydatetime(),
    )
    parts = []
    files = sorted(list_files([sample.path]), key=lambda file: (Path(file.name).parent, file.name))
    for number, file in enumerate(files):  # as files are read together: those of a folder before what lies below it
        into = folder / f"{sample.format}-{sample.path.name}-{number}"
        into.mkdir()
        plain = make_plain(file, into)
        parts.append(Part(plain, read_head(plain)))
    source = told.source_of(parts[0].file.name)
    name = f"{sample.path.name}/" if sample.path.is_dir() else parts[0].file.name
    return Job(name, formats()[sample.format], parts, source), told


class Bench:
    """Reads samples with mutants; each sample is made ready once."""

    def __init__(self, con, folder: Path) -> None:
        self.con, self.folder, self.jobs = con, folder, {}

    def samples(self, name: str) -> list:
        if name not in self.jobs:
            self.jobs[name] = [(s.expected, *job_of(s, self.folder)) for s in samples_of(FIXTURES / name)]
        return self.jobs[name]

    def fate(self, mutant: Mutant, name: str) -> str:
        """What becomes of a mutant that is read instead of the format called `name`."""
        read = ((sample, of_its_source(mutant, name, sample[1])) for sample in self.samples(name))
        return NOTICED if any(self.notices(sample, made) for sample, made in read) else SURVIVED

    def notices(self, sample: tuple, made: Format) -> bool:
        """Whether a sample gives something else than expected when it is read as `made`."""
        expected, job, told = sample
        try:
            with emptied(self.con):
                return bool(differences(make_reading(self.con, replace(job, made=made), told), expected))
        except ContinuityError:
            return True

    def noticed_elsewhere(self, mutant: Mutant, made: Format) -> bool:
        """Whether the same edit of SQL that is shared is noticed by a sample of another format."""
        others = [o for o in formats().values() if mutant.old and o.name != made.name]
        others = [o for o in others if any(mutant.old in s for s in o.statements) and shared(made, o, mutant.old)]
        edits = ((replace(mutant, made=edited(o, mutant.old, mutant.new)), o.name) for o in others)
        return any(self.fate(one, name) == NOTICED for one, name in edits)


def of_its_source(mutant: Mutant, name: str, job: Job) -> Format:
    """The mutant as the catalogue's entry for a file has it; an edit of SQL is made in what comes of that."""
    made = formats()[name] if mutant.old else mutant.made
    if made.of_source is None:
        return mutant.made
    made = made.of_source(made, job.source, job.parts[0].head)
    stands = mutant.old and any(mutant.old in statement for statement in made.statements)
    return edited(made, mutant.old, mutant.new) if stands else made


def shared(one: Format, other: Format, sql: str) -> bool:
    """Whether a piece of SQL stands in a module that both formats take it from, or that one of them is."""
    return any(sql in text for module in modules(one.name) & modules(other.name) for text in texts_in(vars(module)))


@cache
def modules(name: str) -> frozenset[ModuleType]:
    """A format's own module, those beside it that it takes things from, and so on."""
    text = Path(import_module(f"{package.__name__}.{name}").__file__).read_text(encoding="utf-8")
    wanted = re.findall(rf"from {package.__name__}(?:\.(\w+))? import (\w+)", text)
    found = {import_module(f"{package.__name__}.{name}")}
    return frozenset(found.union(*(modules(inside or what) for inside, what in wanted)))


def texts_in(names: dict) -> Iterator[str]:
    """All text that stands in a module's own names."""
    for name, value in names.items():
        if not name.startswith("__") and isinstance(value, (str, dict)):
            yield from [value] if isinstance(value, str) else (v for v in value.values() if isinstance(v, str))


def examine(name: str, only: str = "") -> tuple[str, int, list[str]]:
    """A format's name, how many mutants it has whose description holds `only`, and those that nothing notices."""
    found, count = [], 0
    with TemporaryDirectory() as folder, closing(working_database(Path(folder))) as con:
        bench = Bench(con, Path(folder))
        if name == MAPPED:
            return name, *examine_mapped(bench, only)
        made = formats()[name]
        if bench.fate(Mutant("unchanged", made), name) == NOTICED:
            return name, 0, ["its samples do not give what is expected: make them right first"]
        variants = [made, *(of_its_source(Mutant("unchanged", made), name, job) for _, job, _ in bench.samples(name))]
        mutants = {m.edit: m for variant in reversed(variants) for m in mutants_of(variant)}
        for mutant in (m for m in mutants.values() if only in m.what):
            count += 1
            if equivalent(name, mutant.what):
                continue
            fate = bench.fate(mutant, name)
            if fate == SURVIVED and bench.noticed_elsewhere(mutant, made):
                fate = NOTICED
            if fate == SURVIVED:
                found.append(mutant.what)
    return name, count, found


def examine_mapped(bench: Bench, only: str) -> tuple[int, list[str]]:
    """The same of all formats that a mapping makes: an edit is noticed if any sample that has its SQL notices it."""
    noticed = {}
    for name in NAMES:
        for sample in bench.samples(name):
            made = of_its_source(Mutant("unchanged", formats()[name]), name, sample[1])
            if bench.notices(sample, made):
                return 0, [f"{sample[1].name} does not give what is expected: make it right first"]
            for mutant in mapped_mutants(made):
                if only in mutant.what and not noticed.get(mutant.edit):
                    noticed[mutant.edit] = equivalent(MAPPED, mutant.what) or bench.notices(sample, mutant.made)
    return len(noticed), [what for (what, *_), seen in noticed.items() if not seen]


def main(arguments: list[str] | None = None) -> int:
    """Examine the formats named, or all; 1 where a mutant survives."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("format", nargs="*")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", default="", help="only mutants whose description holds this text")
    given = parser.parse_args(arguments)
    named = given.format or formats()
    names = sorted({MAPPED if name in NAMES else name for name in named})
    left = 0
    with Pool(min(given.jobs, len(names))) as pool:
        for name, count, found in pool.imap_unordered(partial(examine, only=given.only), names):
            print(f"{name}: {count} mutants, {len(found)} not noticed", *found, sep="\n  ", flush=True)
            left += len(found)
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
