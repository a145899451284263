"""What keeps the project whole: stages in order, dependencies in step, a light import."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "continuity_analysis"
STAGES = [
    {"errors", "words", "tables", "periods", "catalog"},
    {"ingest"},
    {"store"},
    {"logs"},
    {"measurements"},
    {"models"},
    {"questions"},
    {"figures"},
    {"reports"},
    {"cli", "__main__"},
]
CONDA_NAMES = {
    "duckdb": "python-duckdb",
    "matplotlib": "matplotlib-base",
    "tzdata": "python-tzdata",
    "jupyter-client": "jupyter_client",
    "jupyter-core": "jupyter_core",
    "prometheus-client": "prometheus_client",
}


def stage_of(module: str) -> int | None:
    return next((i for i, names in enumerate(STAGES) if module in names), None)


def imported_stages(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("continuity_analysis"):
            rest = node.module.split(".")[1:]
            names |= {rest[0]} if rest else {a.name for a in node.names}
        elif isinstance(node, ast.Import):
            names |= {a.name.split(".")[1] for a in node.names if a.name.startswith("continuity_analysis.")}
    return names


def test_a_stage_imports_only_from_stages_to_its_left():
    seen = 0
    for path in PACKAGE.rglob("*.py"):
        own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if own in ("__init__", "sample_data"):
            continue
        assert stage_of(own) is not None, f"{path} belongs to no stage"
        for other in imported_stages(path):
            if (right := stage_of(other)) is not None:
                seen += 1
                assert right <= stage_of(own), f"{path.relative_to(ROOT)} imports {other}, a stage to its right"
    assert seen > 20


def test_sample_data_imports_no_stage():
    for path in (PACKAGE / "sample_data").rglob("*.py"):
        assert imported_stages(path) <= {"sample_data"}, path


def test_environment_and_package_metadata_are_in_step():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = {}
    for requirement in [*project["dependencies"], *project["optional-dependencies"]["dev"]]:
        name, version = re.fullmatch(r"([\w-]+)\s*(.*)", requirement).groups()
        wanted[CONDA_NAMES.get(name.lower(), name.lower())] = version
    entries = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    ((package, *from_pypi),) = (e["pip"] for e in entries if isinstance(e, dict))
    assert package == "-e ."
    listed = dict(e.split(" ", 1) for e in [*entries, *from_pypi] if isinstance(e, str) and " " in e)
    assert listed.pop("python") == project["requires-python"]
    assert listed == wanted


def test_the_import_is_light():
    program = (
        "import time; t = time.perf_counter(); import continuity_analysis, sys; "
        "print(time.perf_counter() - t); "
        "heavy = {'pandas', 'scipy', 'matplotlib', 'duckdb', 'pyarrow', 'papermill'}; "
        "print(heavy & set(sys.modules) or '')"
    )
    out = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    seconds, heavy = out.stdout.splitlines()
    assert heavy == ""
    assert float(seconds) < 0.5


def test_the_names_an_explorer_starts_with_exist():
    import continuity_analysis as ca

    for name in ca.__all__:
        assert getattr(ca, name) is not None
