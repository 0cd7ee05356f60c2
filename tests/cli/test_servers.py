"""Projects on a server from the terminal: made, joined, copied, brought up to date."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gsal.cli import app
from gsal.files import sha256_of_bytes
from gsal.project import Project
from gsal.records import NewImage
from tests.postgresql import Server


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def url(postgresql: Server) -> Iterator[str]:
    with postgresql.database() as address:
        yield address


def test_a_project_is_made_on_a_server_and_joined_from_elsewhere(url: str, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    made = run("new", first, "--name", "Ink", "--classes", "MEL,NV", "--database", url, "--json")
    assert made.exit_code == 0, made.stderr
    with Project.open(first) as project:
        new = [NewImage("a.png", sha256_of_bytes(b"a"), 1, 1, 4, 4)]
        project.store.images.add(new, folder=Path("/data/photos"))
    joined = run("join", url, second)
    assert joined.exit_code == 0, joined.stderr
    assert "Joined project Ink" in joined.stdout
    assert "not on this workstation: pictures photos (/data/photos)" in joined.stdout
    mapped = run("join", url, tmp_path / "third", "--pictures", f"photos={tmp_path}", "--json")
    assert json.loads(mapped.stdout)["pictures"] == {"photos": str(tmp_path)}
    assert json.loads(run("jobs", "list", second, "--json").stdout) == []
    for wrong in ("photos", "=x", "photos="):
        assert run("join", url, tmp_path / "fourth", "--pictures", wrong).exit_code == 2
    assert not (tmp_path / "fourth").exists()
    assert run("upgrade", second, "--no-backup").exit_code == 0


def test_what_goes_wrong_is_one_sentence(tmp_path: Path) -> None:
    for arguments, words in (
        (("new", tmp_path / "a", "--database", "mysql://h/d"), "only PostgreSQL can be shared"),
        (("join", "nonsense", tmp_path / "a"), "no address of a database"),
        (("join", f"postgresql:///x?host={tmp_path}", tmp_path / "a"), "the server does not answer"),
        (("copy", tmp_path / "none", tmp_path / "a"), "there is no project here"),
        (("upgrade", tmp_path / "none"), "there is no project here"),
    ):
        result = run(*arguments)
        assert result.exit_code == 1
        assert result.stderr.startswith("Error: ")
        assert words in result.stderr.replace("\n", " ")


def test_a_finished_project_is_copied_to_a_server_and_works_there(
    finished_copy: Path, url: str, tmp_path: Path
) -> None:
    result = run("copy", finished_copy, tmp_path / "shared", "--database", url)
    assert result.exit_code == 0, result.stderr
    assert "every row was read back and compared" in result.stdout
    audits = [
        run("audit", where, "--mask-set", "exact", "--json") for where in (finished_copy, tmp_path / "shared")
    ]
    assert audits[1].exit_code == 0, audits[1].stderr
    assert audits[0].stdout == audits[1].stdout
    again = run("predict", tmp_path / "shared", "--json")
    assert again.exit_code == 0, again.stderr
