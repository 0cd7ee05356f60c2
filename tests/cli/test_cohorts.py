"""`gsal cohort ...` as a user and as a script meet it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gsal.cli import app
from gsal.project import Project
from tests.jobs.crowd import fill


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Project.create(tmp_path / "crowd", classes=("MEL", "NV", "BCC")) as made:
        fill(made)
        return made.folder


def test_a_cohort_is_created_by_a_filter_and_listed(folder: Path) -> None:
    made = run(
        *("cohort", "create", folder, "derm", "--source", "dermoscopic", "--where", "site=arm"),
        *("--where", "site=leg", "--class", "MEL", "--class", "NV", "--without-patient", "p0-3", "--json"),
    )
    assert made.exit_code == 0, made.stderr
    (listed,) = json.loads(run("cohort", "list", folder, "--json").stdout)
    assert list(listed) == ["name", "kind", "n", "n_by_class", "ink_rate_by_class"]
    assert listed["n_by_class"] == json.loads(made.stdout)["n_by_class"]
    shown = json.loads(run("cohort", "show", folder, "derm", "--json").stdout)
    assert {member["file"].split("/")[0] for member in shown["members"]} == {"dermoscopic"}
    assert {member["label"] for member in shown["members"]} == {"MEL", "NV"}
    assert "p0-3" not in {member["patient"] for member in shown["members"]}
    assert shown["settings"]["columns"] == {"site": ["arm", "leg"]}


def test_a_cohort_is_shown_with_what_its_counts_say(folder: Path) -> None:
    assert run("cohort", "create", folder, "all").exit_code == 0
    shown = json.loads(run("cohort", "show", folder, "all", "--again", "--json").stdout)
    association = shown["association"]
    assert set(association) == {"chi_square", "cramers_v", "ink_rates", "odds_ratios"}
    assert association["ink_rates"]["MEL"]["estimate"] == shown["ink_rate_by_class"]["MEL"]
    assert association["ink_rates"]["MEL"]["method"] == "Wilson 95 %"
    assert shown["is_warning"]
    assert shown["again"] == {"is_same": True, "gone": [], "new": []}
    assert len(shown["members"]) == shown["n"]
    text = run("cohort", "show", folder, "all", "--again", "--members").stdout
    assert shown["finding"] in text
    assert "the same pictures" in text
    assert f"\t{shown['members'][0]['file']}\t" in text
    assert "clinical" not in run("cohort", "show", folder, "all").stdout


def test_folds_are_dealt_and_parts_shown(folder: Path) -> None:
    assert run("cohort", "create", folder, "u", "--kind", "unbiased", "--folds", "3").exit_code == 0
    dealt = json.loads(run("cohort", "folds", folder, "--json").stdout)
    assert (dealt["k"], len(dealt["folds"])) == (3, 3)
    assert "without fold 2:" in run("cohort", "show", folder, "u").stdout
    assert "fold 1:" in run("cohort", "folds", folder, "-k", 2).stdout


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("--source", "derm"), 1, "No labelled picture lies in derm"),
        (("--where", "site"), 2, "expected COLUMN=VALUE"),
        (("--where", "colour=red"), 1, "no column colour"),
        (("--uninked", "--kind", "ink-only"), 1, "No training picture of class MEL"),
        (("--folds", "1"), 1, "at least 2 folds"),
    ],
)
def test_what_cannot_be_is_refused(
    folder: Path, arguments: tuple[str, ...], code: int, sentence: str
) -> None:
    result = run("cohort", "create", folder, "c", *arguments)
    assert result.exit_code == code
    assert sentence in result.stderr.replace("\n", " ")
