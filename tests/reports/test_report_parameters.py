"""Parameters are checked against what notebooks declare, before anything runs."""

import pytest
from small_notebooks import code, save, text

from continuity_analysis.errors import InputError
from continuity_analysis.reports.parameters import check_parameters, for_the_run, help_text, read_parameters


def made(tmp_path, **sources):
    folder = save(tmp_path, **{name: [text("# T"), code(s, tags=["parameters"])] for name, s in sources.items()})
    return {name: folder / f"{name}.ipynb" for name in sources}


EVERY = (
    'name: str = "x"  # help\nn: int = 3\nshare: float = 0.5  # of all\nfast: bool = False\n'
    'kinds: list = ["a"]\nbare = 7\nwords: list[str] = []\n'
    "levels: list[int] = [1]  # of severity"
)


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        ("name", "5", "5"), ("n", "12", 12), ("n", 12, 12), ("share", "0.25", 0.25), ("share", "1e-3", 0.001),
        ("share", 1, 1.0), ("fast", "true", True), ("fast", "no", False), ("kinds", "a, b", ["a", "b"]),
        ("kinds", "[1, two]", [1, "two"]), ("bare", "8", 8), ("words", "", []),
        ("words", "1, 2", ["1", "2"]), ("levels", "1, 2", [1, 2]),
        ("levels", "[3]", [3]), ("levels", [4], [4]),
    ],
)  # fmt: skip
def test_values_become_what_the_notebook_declares(tmp_path, name, given, value):
    passed = check_parameters(made(tmp_path, one=EVERY), {name: given})
    assert passed == {"one": {name: value}}
    assert type(passed["one"][name]) is type(value)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("n", "three"),
        ("n", "1.5"),
        ("n", True),
        ("share", "half"),
        ("fast", "maybe"),
        ("kinds", "[1"),
        ("name", 5),
        ("levels", "1, high"),
        ("levels", "[1, [2]]"),
        ("words", "[1, [2]]"),
    ],
)
def test_a_wrong_type_is_refused_with_the_type_wanted(tmp_path, name, given):
    with pytest.raises(InputError, match=f"{name!r} of notebook one is of type"):
        check_parameters(made(tmp_path, one=EVERY), {name: given})


def test_a_parameter_is_passed_only_where_it_is_known(tmp_path):
    notebooks = made(tmp_path, one="n: int = 1", two="m: int = 2") | made(tmp_path / "more", none="")
    assert check_parameters(notebooks, {"n": "4"}) == {"one": {"n": 4}, "two": {}, "none": {}}


def test_a_name_that_none_knows_is_refused_with_those_there_are(tmp_path):
    with pytest.raises(InputError, match="one of m, n; got 'k', which notebooks one, two do not declare"):
        check_parameters(made(tmp_path, one="n: int = 1", two="m: int = 2"), {"k": "1"})
    with pytest.raises(InputError, match="got 'k', which notebook one does not declare"):
        check_parameters(made(tmp_path, one='period: str = ""'), {"k": "1"})


def test_what_holds_for_the_whole_run_is_not_given_to_one_notebook(tmp_path):
    with pytest.raises(InputError, match="--as-of, not with -p"):
        check_parameters(made(tmp_path, one='as_of: str = ""'), {"as_of": "2026-10-01"})


@pytest.mark.parametrize(
    "line",
    [
        "n: int = 1  # one = default",
        "n: int | None = None",
        'n: Literal["a", "b"] = "a"',
        "n: date = None",
        "n: dict = {}",
        "n = None",
        "n: Optional[int] = 1",
        "n: datetime.date = datetime.date(2026, 7, 1)",
        "n: list[int | str] = [1]",
        "n: list[date] = []",
        "m, n = 1, 2",
        "m = n = 2",
        "if fine:\n    m, n = 1, 2",
        "n = compute()",
    ],
)
def test_what_papermill_would_lose_is_refused(tmp_path, line):
    notebooks = made(tmp_path, one=f'fine: str = ""\n{line}')
    with pytest.raises(InputError, match=r"'[mn]' of notebook one cannot be checked.*write it as"):
        check_parameters(notebooks, {"n": "2"})


def test_a_cell_that_is_not_python_is_said(tmp_path):
    with pytest.raises(InputError, match="parameters cell of notebook one is not Python"):
        read_parameters(made(tmp_path, one="n: int =")["one"])


def test_a_notebook_without_parameters_is_given_none(tmp_path):
    path = save(tmp_path, bare=[text("# Bare")]) / "bare.ipynb"
    assert read_parameters(path) == {}
    assert for_the_run(path, {"store": "x"}) == {}


def test_the_values_of_a_run_go_where_they_are_declared(tmp_path):
    path = made(tmp_path, one='store: str = ""\nn: int = 1')["one"]
    assert for_the_run(path, {"store": "s", "period": "2026Q3"}) == {"store": "s"}


def test_a_file_that_is_no_notebook_is_said(tmp_path):
    path = tmp_path / "text.ipynb"
    path.write_text("no JSON")
    with pytest.raises(InputError, match=r"Jupyter notebook in text\.ipynb"):
        read_parameters(path)


@pytest.mark.parametrize(
    "name", ["password", "db_passwd", "API_TOKEN", "apiKey", "access_key", "token", "smtpPwd", "client_secret", "dsn"]
)
def test_what_is_named_like_a_secret_is_refused_and_its_value_not_told(tmp_path, name):
    for line in (f'{name}: str = "hunter2"', f'{name} = "hunter2"  # a = b'):
        with pytest.raises(InputError, match=f"{name!r} of notebook one has the name of a secret") as refused:
            check_parameters(made(tmp_path, one=line), {name: "swordfish"})
        assert "hunter2" not in str(refused.value)
        assert "swordfish" not in str(refused.value)
    with pytest.raises(InputError) as refused:
        check_parameters(made(tmp_path, one="n: int = 1"), {name: "swordfish"})
    assert "swordfish" not in str(refused.value)


@pytest.mark.parametrize("name", ["tokens_at_most", "keys", "pattern", "author", "pass_rate", "monkey"])
def test_other_names_are_no_secrets(tmp_path, name):
    assert check_parameters(made(tmp_path, one=f"{name}: int = 1"), {name: "2"}) == {"one": {name: 2}}


def test_help_shows_each_parameter_and_how_to_give_it(tmp_path):
    source = 'as_of: str = ""  # the moment\nlevels: list[int] = [\n    1,\n    2]  # of severity\nbare = 7'
    assert help_text(made(tmp_path, one=source)["one"]).splitlines() == [
        "Notebook one has 3 parameters.",
        "",
        '--as-of  (str, default "")',
        "    the moment",
        "",
        "-p levels=…  (list[int], default [1,2])",
        "    of severity",
        "",
        "-p bare=…  (int, default 7)",
    ]
    assert help_text(made(tmp_path, none="")["none"]) == "Notebook none has no parameters."


def test_the_command_shows_them_and_runs_nothing(tmp_path, capsys, monkeypatch):
    from continuity_analysis.cli import report

    monkeypatch.chdir(tmp_path)
    report(help_notebook="what_if")
    shown = capsys.readouterr().out
    assert shown.startswith(
        'Notebook what_if has 7 parameters.\n\n--period  (str, default "last-quarter")\n    such as'
    )
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(InputError, match=r"what_if.*got 'whatif'"):
        report(help_notebook="whatif")
