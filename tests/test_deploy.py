"""The recipes in deploy/ are run, as far as this machine has what they need: cron, systemd, mounts, a shell."""

import ast
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import pytest
import yaml
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
LOGS = ROOT / "tests" / "fixtures" / "drills_csv"
SHIM = """#!/bin/sh
# The program itself; a report is of one small notebook only, so that tests are quick.
case "$1" in
    report) set -- "$@" {notebook} --formats html ;;
esac
PYTHONPATH={root} exec {python} -m continuity_analysis "$@"
"""


@pytest.fixture
def machine():
    """A folder as the recipes expect one, that any user may read and write: logs, a `continuity` on its PATH."""
    home = Path(tempfile.mkdtemp(prefix="continuity-machine-", dir="/var/tmp"))
    shutil.copytree(LOGS, home / "logs")
    (home / "logs" / "services.yaml").write_text("timezone: Europe/Rome\n")
    cells = [new_markdown_cell("# Small"), new_code_cell('period: str = ""', metadata={"tags": ["parameters"]})]
    nbformat.write(new_notebook(cells=[*cells, new_code_cell("print(period)")]), home / "small.ipynb")
    (home / "bin").mkdir()
    (home / "tmp").mkdir()
    shim = home / "bin" / "continuity"
    shim.write_text(SHIM.format(notebook=home / "small.ipynb", root=ROOT, python=sys.executable))
    pip = home / "bin" / "pip"
    pip.write_text(f'#!/bin/sh\necho pip "$@" >> {home}/tmp/pip.log\n')
    for path in (home, *home.rglob("*")):
        path.chmod(0o777)
    yield home
    shutil.rmtree(home)


def surroundings(home, **more):
    path = f"{home}/bin:/usr/bin:/bin"
    return {"PATH": path, "CONTINUITY": str(home), "TMPDIR": f"{home}/tmp", "HOME": f"{home}/tmp", **more}


def shell(script, home, **more):
    done = subprocess.run(
        ["/bin/sh", "-ec", script], cwd=home, env=surroundings(home, **more), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def runs(home, place="reports"):
    """The runs that are there, of which each is complete."""
    found = [p for p in (home / place).iterdir() if p.is_dir() and "_as-of_" in p.name]
    assert all((p / "summary.json").exists() and (p / "small.html").exists() for p in found)
    assert (home / place / "index.html").exists()
    return [p.name.split("_")[0] for p in found]


def privileged():
    """Whether this test may have mounts of its own and be somebody else."""
    if os.geteuid() or not shutil.which("unshare") or not shutil.which("setpriv"):
        return False
    tried = [
        "unshare",
        "--mount",
        "sh",
        "-c",
        "mount -o remount,ro,bind / && setpriv --reuid 10001 --clear-groups true",
    ]
    return not subprocess.run(tried, capture_output=True).returncode


PRIVILEGED = privileged()
needs_privileges = pytest.mark.skipif(not PRIVILEGED, reason="needs root and mounts of its own")


@needs_privileges
@pytest.mark.skipif(not shutil.which("cron"), reason="cron is not here")
def test_cron_runs_it(machine):
    """Real cron, with folders of its own; it takes the table as it is, and runs its line once more as it starts."""
    shutil.copy(DEPLOY / "cron" / "run.sh", machine / "run.sh")
    table = (DEPLOY / "cron" / "continuity").read_text()
    (line,) = re.findall(r"^30 5 \* \* 1 continuity .*\n", table, flags=re.M)
    table = line.replace("continuity", "root", 1).join(table.split(line))
    table += line.replace("30 5 * * 1 continuity", "@reboot root", 1)
    table = table.replace("/opt/continuity/venv/bin", f"{machine}/bin")
    table = table.replace("/opt/continuity", str(machine))
    (machine / "cron.d").mkdir()
    (machine / "empty").mkdir()
    (machine / "cron.d" / "continuity").write_text(table)
    own = f"mount --bind {machine}/cron.d /etc/cron.d && mount --bind {machine}/empty /var/spool/cron/crontabs && "
    own += "mount --bind /dev/null /etc/crontab && mount -t tmpfs tmpfs /run && exec cron -f"
    cron = subprocess.Popen(["unshare", "--mount", "sh", "-c", own])
    log, until = machine / "continuity.log", time.monotonic() + 240
    try:
        while not (log.exists() and "Open " in log.read_text()):
            assert time.monotonic() < until, log.read_text() if log.exists() else "cron did nothing"
            time.sleep(0.5)
    finally:
        cron.kill()
        cron.wait()
        subprocess.run(["sleep", "0.1"], check=True)
    (name,) = runs(machine)
    assert re.fullmatch(r"\d{4}-W\d\d", name)


def test_secrets_come_from_a_file_of_the_user(machine):
    (machine / "secrets.env").write_text(
        'CONTINUITY_TELL="--webhook"\nCONTINUITY_WEBHOOK_URL=http://127.0.0.1:1/t0ken\n'
    )
    done = subprocess.run([DEPLOY / "cron" / "run.sh"], env=surroundings(machine), capture_output=True, text=True)
    assert done.returncode == 4
    assert "Connection refused" in done.stderr
    assert "t0ken" not in done.stdout + done.stderr
    assert len(runs(machine)) == 1


def test_the_example_of_secrets_names_what_is_read():
    names = re.findall(r"^(CONTINUITY_\w+)=", (DEPLOY / "cron" / "secrets.env.example").read_text(), flags=re.M)
    source = (ROOT / "continuity_analysis" / "reports" / "notify.py").read_text()
    for name in names[1:]:
        assert name.removeprefix("CONTINUITY_SMTP_").removeprefix("CONTINUITY_") in source


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not here")
def test_systemd_takes_the_units(tmp_path):
    for unit in (DEPLOY / "systemd").iterdir():
        text = unit.read_text().replace("/opt/continuity/run.sh", str(DEPLOY / "cron" / "run.sh"))
        (tmp_path / unit.name).write_text(text)
    units = sorted(map(str, tmp_path.iterdir()))
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True)
    assert (done.returncode, [line for line in done.stderr.splitlines() if "continuity" in line]) == (0, [])
    exposure = ["systemd-analyze", "security", "--offline=true", "--threshold=20", units[0]]  # out of 100
    assert subprocess.run(exposure, capture_output=True).returncode == 0


def test_what_systemd_would_start_runs(machine):
    unit = (DEPLOY / "systemd" / "continuity.service").read_text()
    given = dict(line.split("=", 1) for line in re.findall(r"^Environment=(.*)$", unit, flags=re.M))
    del given["PATH"], given["CONTINUITY"], given["HOME"], given["XDG_CACHE_HOME"], given["MPLCONFIGDIR"]
    script = str(DEPLOY / "cron" / "run.sh")
    assert f"ExecStart=/opt/continuity/{Path(script).name}" in unit
    done = shell(script, machine, **given)
    assert all(json.loads(line)["moment"] for line in done.stderr.splitlines())
    (name,) = runs(machine)
    assert re.fullmatch(r"\d{4}Q\d", name)


def manifests():
    return [yaml.safe_load((DEPLOY / "kubernetes" / name).read_text()) for name in ("cronjob.yaml", "volume.yaml")]


def test_kubernetes_takes_the_manifests():
    validate = pytest.importorskip("kubernetes_validate")
    for manifest in manifests():
        validate.validate(manifest, "1.33", strict=True)
    wrong = manifests()[0]
    wrong["spec"]["jobTemplate"]["spec"]["backOffLimit"] = 2
    with pytest.raises(validate.ValidationError):
        validate.validate(wrong, "1.33", strict=True)


def test_the_pod_is_confined():
    job, claim = manifests()
    pod = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    assert pod["securityContext"]["runAsNonRoot"]
    assert job["spec"]["concurrencyPolicy"] == "Forbid"
    for container in pod["initContainers"] + pod["containers"]:
        assert container["securityContext"]["readOnlyRootFilesystem"]
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert {m["name"] for m in container["volumeMounts"]} == {v["name"] for v in pod["volumes"]}
    assert pod["volumes"][0]["persistentVolumeClaim"]["claimName"] == claim["metadata"]["name"]
    user = re.search(r"^USER (\d+):(\d+)$", (DEPLOY / "kubernetes" / "Containerfile").read_text(), flags=re.M)
    assert [int(u) for u in user.groups()] == [pod["securityContext"][k] for k in ("runAsUser", "runAsGroup")]


def _python_for_all(home):
    """Mounts that let everybody reach an interpreter that lies in root's own folder; nothing where it does not."""
    base = Path(sys.base_prefix)
    if Path("/root") not in base.parents:
        return ""
    (home / "base").mkdir()
    own = f"mount --bind {base} {home}/base; mount -t tmpfs -o mode=755 tmpfs /root; mkdir -p {base};"
    return f"{own} mount --bind {home}/base {base};"


@needs_privileges
def test_its_containers_run_on_a_read_only_root_as_nobody_in_particular(machine):
    """The pod's arguments with the image's environment; `/` is read-only, and only the volumes may be written to."""
    pod = manifests()[0]["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    image = (DEPLOY / "kubernetes" / "Containerfile").read_text()
    environment = dict(re.findall(r"(\w+)=(/tmp\S*|1)(?: \\)?$", image, flags=re.M))
    assert set(environment) == {"HOME", "MPLCONFIGDIR", "XDG_CACHE_HOME", "PYTHONDONTWRITEBYTECODE"}
    environment = {name: value.replace("/tmp", f"{machine}/tmp") for name, value in environment.items()}
    confined = f"{_python_for_all(machine)} mount --bind {machine} {machine}; mount -o remount,ro,bind /; cd {machine};"
    confined += "! touch /proof 2>/dev/null; exec setpriv --reuid 10001 --regid 10001 --clear-groups "
    confined += "--no-new-privs --bounding-set=-all continuity "
    for container in pod["initContainers"] + pod["containers"]:
        arguments = [a.replace("/data", str(machine)) for a in container["args"] if a != "--webhook"]
        command = ["unshare", "--mount", "sh", "-ec", confined + shlex.join(arguments)]
        done = subprocess.run(command, env=surroundings(machine) | environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    assert len(runs(machine)) == 1
    assert (machine / "reports" / "index.html").stat().st_uid == 10001


def test_gitlabs_script_runs(machine):
    job = yaml.safe_load((DEPLOY / "gitlab" / ".gitlab-ci.yml").read_text())["continuity"]
    variables = {
        "CONTINUITY_PACKAGE": job["variables"]["CONTINUITY_PACKAGE"],
        "CI_JOB_URL": "https://gitlab.example.com/j/1",
    }
    script = "\n".join(job["script"]).replace("--webhook", "")
    shell(script, machine, **variables)
    (name,) = runs(machine)
    assert re.fullmatch(r"\d{4}-\d\d", name)
    assert (machine / "tmp" / "pip.log").read_text() == "pip install --quiet continuity_analysis\n"
    assert set(job["artifacts"]["paths"]) <= {"reports"}
    assert "nothing has changed" in shell(script, machine, **variables).stderr


def test_githubs_steps_run(machine):
    workflow = yaml.safe_load((DEPLOY / "github" / "continuity.yml").read_text())
    steps = [step["run"] for step in workflow["jobs"]["report"]["steps"] if "run" in step]
    for step in steps:
        shell(step.replace("--webhook", ""), machine, PACKAGE="x")
    assert len(steps) == 3
    assert len(runs(machine)) == 1


def test_airflows_commands_run(machine):
    """The commands of its DAG for the last week; the DAG itself is compiled, Airflow is not needed for that."""
    tree = ast.parse((DEPLOY / "airflow" / "continuity_dag.py").read_text())
    commands = {}
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        given = {k.arg: k.value for k in call.keywords}
        if "bash_command" in given:
            text = compile(ast.Expression(given["bash_command"]), "dag", "eval")
            names = {"DATA": str(machine), "ZONE": "Europe/Rome", "period": "last-week"}
            commands[given["task_id"].value] = eval(text, names)
    assert list(commands) == ["ingest", "report"]
    for command in commands.values():
        shell(command.replace("--webhook", ""), machine)
    assert len(runs(machine, "reports/last-week")) == 1


def test_the_commands_of_the_guide_run(machine):
    guide = (ROOT / "docs" / "scheduling.md").read_text()
    first, telling = re.findall(r"^```sh\n(.*?)^```", guide, flags=re.S | re.M)
    shell(first, machine)
    told = subprocess.run(["/bin/sh", "-c", telling.replace("https://hooks.example.com", "http://127.0.0.1:1")],
                          cwd=machine, env=surroundings(machine), capture_output=True, text=True)  # fmt: skip
    assert told.returncode == 4  # there is no mail.example.com
    assert told.stderr.count("Expected to tell by") == 2
    (name,) = runs(machine)
    assert re.fullmatch(r"\d{4}Q\d", name)


def test_the_guide_names_every_variable_and_recipe():
    guide = (ROOT / "docs" / "scheduling.md").read_text()
    example = re.findall(r"^(CONTINUITY_\w+)=", (DEPLOY / "cron" / "secrets.env.example").read_text(), flags=re.M)
    assert all(name in guide for name in example[1:])
    recipes = {p.name for p in DEPLOY.iterdir()} - {"prometheus"}
    assert recipes == set(re.findall(r"`deploy/(\w+)`", guide))
