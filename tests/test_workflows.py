"""The workflows: what they may do, what they run, and that they run it with the Pythons that we support."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from conftest import ROOT

GITHUB = ROOT / ".github"
WORKFLOWS = {path.stem: path for path in sorted((GITHUB / "workflows").glob("*.yml"))}
PINNED = re.compile(
    r"uses: (?P<action>[\w.-]+/[\w./-]+)@(?P<commit>[0-9a-f]{40}) # (?P<version>v\d+\.\d+\.\d+)"
)
OWN = re.compile(r"uses: \$/(?P<path>\.github/workflows/\w+\.yml)")  # this repository at this commit
# The only jobs that may do more than read, and what they may do.
WRITING = {
    ("publish", "deploy"): {"pages": "write", "id-token": "write"},
    ("release", "publish"): {"id-token": "write"},
    ("release", "attach"): {"contents": "write"},
}
RELEASE = "gh release create "  # the only command that they may run: GitHub's own, of no file of ours

every_workflow = pytest.mark.parametrize("name", WORKFLOWS)


def lines(name):
    return WORKFLOWS[name].read_text(encoding="utf-8").splitlines()


def read(name):
    """Return a workflow; YAML 1.1 takes its key `on` for a truth value."""
    workflow = yaml.safe_load(WORKFLOWS[name].read_text(encoding="utf-8"))
    workflow["on"] = workflow.pop(True)
    return workflow


def jobs():
    return [(name, job, body) for name in WORKFLOWS for job, body in read(name)["jobs"].items()]


def steps():
    return [(name, job, step) for name, job, body in jobs() for step in body.get("steps", [])]


def tool(name):
    """Return the path of a program of the test environment."""
    path = shutil.which(name, path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    assert path, f"{name} is missing, which belongs to the extra `test`"
    return path


def zizmor(folder):
    command = [tool("zizmor"), "--offline", "--strict-collection", "--persona", "pedantic", folder]
    return subprocess.run(command, capture_output=True, text=True)


def test_there_is_a_workflow_for_each_job_we_have():
    assert set(WORKFLOWS) == {"test", "publish", "release", "weekly"}


@every_workflow
def test_actions_are_pinned_to_a_commit_whose_version_is_said(name):
    used = [line.strip().removeprefix("- ") for line in lines(name) if "uses:" in line]
    assert used
    for use in used:
        own = OWN.fullmatch(use)
        assert own or PINNED.fullmatch(use), use
        assert not own or (ROOT / own["path"]).is_file(), use


def test_jobs_only_read_except_those_that_publish():
    for name, job, body in jobs():
        granted = body["permissions"]
        if granted != WRITING.get((name, job)):
            assert granted.get("contents") == "read", (name, job)
            assert set(granted.values()) == {"read"}, (name, job)
    assert set(WRITING) <= {(name, job) for name, job, _ in jobs()}


def test_jobs_that_may_write_run_no_code_of_ours():
    """So that no package that we test or build with can publish anything."""
    for name, job, step in steps():
        if (name, job) in WRITING:
            assert step.get("run", RELEASE).startswith(RELEASE)
            assert not step.get("uses", "").startswith("actions/checkout")


def test_jobs_that_publish_come_after_the_tests():
    for name, job in WRITING:
        body = read(name)["jobs"][job]
        assert "test" in body["needs"]
        assert read(name)["jobs"]["test"]["uses"] == "$/.github/workflows/test.yml"
        assert body["environment"]


def test_an_action_is_pinned_to_one_commit_everywhere():
    found = {match.groups() for name in WORKFLOWS for line in lines(name) if (match := PINNED.search(line))}
    assert found
    assert len({action for action, *_ in found}) == len(found)


def test_nothing_is_left_behind_by_a_checkout():
    checkouts = [step for *_, step in steps() if step.get("uses", "").startswith("actions/checkout@")]
    assert checkouts
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


def test_every_job_ends():
    assert not [
        (name, job) for name, job, body in jobs() if "steps" in body and "timeout-minutes" not in body
    ]


def test_when_the_workflows_run():
    assert {"pull_request", "workflow_call"} <= set(read("test")["on"])
    assert read("publish")["on"]["push"] == {"branches": ["main"]}
    assert read("release")["on"] == {"push": {"tags": ["v*"]}}
    assert "schedule" in read("weekly")["on"]


def test_the_pythons_are_the_oldest_and_the_newest_supported():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    oldest, after = (int(minor) for minor in re.findall(r"3\.(\d+)", project["requires-python"]))
    oldest, newest = f"3.{oldest}", f"3.{after - 1}"
    matrix = read("test")["jobs"]["test"]["strategy"]["matrix"]
    assert matrix == {"python": [oldest, newest]}
    setups = [step for *_, step in steps() if step.get("uses", "").startswith("actions/setup-python@")]
    assert {step["with"]["python-version"] for step in setups} == {"${{ matrix.python }}", newest}
    preview = next(step for *_, step in steps() if step.get("with", {}).get("name") == "preview")
    assert f"== '{newest}'" in preview["if"]  # one preview, not two of the same name


def test_the_commands_are_those_that_anyone_can_run():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    commands = re.search(r"^COMMANDS := (.*)$", makefile, re.M)[1].split()
    for name, job, step in steps():
        for command in step.get("run", "").strip().splitlines():
            words = command.split()
            if command.startswith(RELEASE):
                assert (name, job) in WRITING
            elif words[0] == "make":
                assert len(words) == 2, (name, job, command)
                assert words[1] in commands, (name, job, command)
            else:
                path = ROOT / words[words[0] == "python"]
                assert path.is_file(), (name, job, command)
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


@pytest.mark.parametrize("newest", [False, True])
def test_the_weekly_run_takes_the_newest_packages_and_all_others_the_locked_ones(newest):
    assert read("weekly")["jobs"]["newest"]["with"] == {"newest": True}
    assert "inputs.newest" in read("test")["jobs"]["test"]["env"]["NEWEST"]
    command = [
        "make",
        "--dry-run",
        "--what-if=requirements.lock",
        "do-bench",
        f"NEWEST={'1' if newest else ''}",
    ]
    plan = subprocess.check_output(command, cwd=ROOT, text=True)
    assert ("--editable .[book,test]" in plan) == newest
    assert ("--require-hashes --requirement requirements.lock" in plan) != newest


def test_zizmor_finds_nothing():
    done = zizmor(GITHUB)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("name", "before", "after", "rule"),
    [
        ("test", r"checkout@[0-9a-f]{40}", "checkout@v7", "unpinned-uses"),
        ("test", r"permissions: \{\}\n", "", "excessive-permissions"),
        ("test", r"pull_request:", "pull_request_target:", "dangerous-triggers"),
        ("publish", r"(uses: \$/.*)", r"\1\n    secrets: inherit", "secrets-inherit"),
    ],
)
def test_zizmor_would_find_a_fault(tmp_path, name, before, after, rule):
    """What it holds is not tested here once more."""
    shutil.copytree(GITHUB, tmp_path / ".github")
    path = tmp_path / ".github" / "workflows" / f"{name}.yml"
    text, changed = re.subn(before, after, path.read_text(encoding="utf-8"), count=1)
    assert changed
    path.write_text(text, encoding="utf-8")
    done = zizmor(tmp_path)
    assert done.returncode != 0
    assert rule in done.stdout
