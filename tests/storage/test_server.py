"""A project on a server: found by a folder's link, refused in words, and whole when the server was away."""

import json
import re
import shutil
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text
from sqlalchemy.orm import Session

from gsal.errors import (
    GsalError,
    NotFoundError,
    ProjectDamaged,
    ProjectError,
    ProjectLocked,
    ProjectNewer,
    ReadOnlyError,
    ServerError,
)
from gsal.project import Project
from gsal.records import (
    Decision,
    JobStatus,
    MaskSource,
    NewImage,
    Purpose,
    ReaderKind,
    ValidationMember,
    Verdict,
)
from gsal.storage import migrate, served
from gsal.storage.link import LINK_NAME
from gsal.storage.server import address_of, name_of, without_secrets, writing_engine
from tests.postgresql import Server, connect

from .conftest import REFUSED, NewMaskOf, Outside

pytestmark = pytest.mark.postgresql

SECRET = "correct-horse"  # noqa: S105 - of nobody
HANG_UP = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'gsal'"


def test_a_project_is_made_closed_and_opened_again(empty: str, tmp_path: Path) -> None:
    with Project.create(tmp_path / "p", name="shared", classes=("A", "B"), server=empty) as project:
        number = project.store.jobs.start("propose", {"a": [1, 2.5, None]})
    assert sorted(path.name for path in (tmp_path / "p").iterdir()) == [LINK_NAME]
    with Project.open(tmp_path / "p") as again:
        assert (again.name, again.classes) == ("shared", ("A", "B"))
        assert again.store.jobs.get(number).settings == {"a": [1, 2.5, None]}
    with Project.open(tmp_path / "p", read_only=True) as reading, pytest.raises(ReadOnlyError):
        reading.store.jobs.start("propose", {})


def test_reading_only_the_server_itself_refuses_to_write(project: Project) -> None:
    reading = project.store._database._reading
    with reading.connect() as connection, pytest.raises(ProjectError, match="takes no changes"):
        connection.execute(text("UPDATE project SET name = 'x'"))


def test_what_one_session_reads_is_of_one_moment(project: Project, image_ids: list[int]) -> None:
    with project.store._database.read() as session:
        count = "SELECT count(*) FROM image"
        before = session.scalar(text(count))
        project.store.images.add([NewImage("new.png", "s", 1, 1, 4, 4)], folder=Path("/pictures"))
        assert session.scalar(text(count)) == before == len(image_ids)


def test_no_password_is_written_or_told(empty: str, tmp_path: Path) -> None:
    with_it = empty.replace("gsal@", f"gsal:{SECRET}@")
    folder = tmp_path / "p"
    with Project.create(folder, server=with_it) as project:
        assert SECRET not in repr(vars(project))
    assert json.loads((folder / LINK_NAME).read_text())["database"].startswith("postgresql+psycopg://gsal@/")
    Project.open(folder).close()
    lost = with_it.replace("/test_", "/lost_")
    with pytest.raises(ServerError, match=r"database .* does not exist") as refused:
        Project.join(tmp_path / "other", lost)
    assert SECRET not in str(refused.value)


def test_addresses_are_understood_and_lose_their_secrets() -> None:
    for url in ("postgres://a:b@h:1/d", "postgresql://a@h:1/d?password=b&sslmode=verify-full"):
        plain = without_secrets(address_of(url))
        assert plain.startswith("postgresql+psycopg://a@h:1/d")
        assert "b" not in plain.split("//")[1].replace("sslmode=verify-full", "")
    assert name_of(address_of("postgresql://ann@db.clinic.org:5433/ink")) == "db.clinic.org:5433/ink"
    assert name_of(address_of("postgresql:///?service=ink")) == "service ink"
    for url in ("mysql://h/d", "nonsense", ""):
        with pytest.raises(ProjectError, match="address"):
            address_of(url)


def test_a_database_takes_one_project(project: Project, tmp_path: Path) -> None:
    url = json.loads((project.folder / LINK_NAME).read_text())["database"]
    with pytest.raises(ProjectError, match=r"there is a project already\. Join it"):
        Project.create(tmp_path / "second", server=url)
    assert not (tmp_path / "second" / LINK_NAME).exists()
    with pytest.raises(ProjectError, match="there is a project already"):
        Project.create(project.folder)
    with pytest.raises(ProjectError, match="there is a project already"):
        Project.join(project.folder, url)


def test_a_database_of_another_program_is_left_alone(empty: str, tmp_path: Path) -> None:
    with connect(empty) as connection:
        connection.execute("CREATE TABLE image (id integer)")
    with pytest.raises(ProjectError, match="another program has tables here"):
        Project.create(tmp_path / "p", server=empty)
    with pytest.raises(ProjectDamaged, match="no project in this database"):
        Project.join(tmp_path / "q", empty)
    with connect(empty) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert tables == [("image",)]


def test_a_database_that_lacks_letters_is_refused(postgresql: Server, tmp_path: Path) -> None:
    with (
        postgresql.database("template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'") as url,
        pytest.raises(ProjectError, match="in LATIN1 and cannot hold every letter"),
    ):
        Project.create(tmp_path / "p", server=url)


def test_a_making_that_fails_leaves_nothing(
    empty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(served, "upgrade", lambda engine, _: migrate.upgrade(engine, fail))
        with pytest.raises(ProjectError, match="No space left"):
            Project.create(tmp_path / "p", server=empty)
    Project.create(tmp_path / "p", server=empty).close()


def test_a_folder_knows_which_project_it_belongs_to(project: Project, empty: str, tmp_path: Path) -> None:
    Project.create(tmp_path / "other", server=empty).close()
    link = project.folder / LINK_NAME
    ours, theirs = (json.loads(path.read_text()) for path in (link, tmp_path / "other" / LINK_NAME))
    link.write_text(json.dumps(ours | {"database": theirs["database"]}))
    with pytest.raises(ProjectDamaged, match="belongs to another project"):
        Project.open(project.folder)
    for broken in ("", "{}", "[1]", '{"database": 1, "project": "p", "pictures": 3}'):
        link.write_text(broken)
        with pytest.raises(ProjectDamaged, match="does not say where"):
            Project.open(project.folder)


def test_a_workstation_may_have_its_pictures_elsewhere(
    project: Project, image_ids: list[int], tmp_path: Path
) -> None:
    url = json.loads((project.folder / LINK_NAME).read_text())["database"]
    with pytest.raises(NotFoundError, match=r"no folder of pictures photos\. Its folders: pictures"):
        Project.join(tmp_path / "other", url, pictures={"photos": tmp_path})
    with Project.join(tmp_path / "other", url, pictures={"pictures": tmp_path / "mine"}) as other:
        image = other.store.images.get(image_ids[0])
        assert other.image_path(image) == (tmp_path / "mine" / image.path).resolve()
        assert project.image_path(image) == Path("/pictures") / image.path
        assert other.known_as(tmp_path / "mine" / "sub") == Path("/pictures/sub")
        assert other.known_as(tmp_path / "new") == tmp_path / "new"


def test_a_newer_project_is_refused(project: Project, outside: Outside) -> None:
    outside("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(ProjectNewer, match="newer version"):
        Project.open(project.folder)


def _upgrade_to(url: str, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    engine = writing_engine(address_of(url))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


@pytest.fixture
def old(empty: str, tmp_path: Path) -> Path:
    """The folder of a project with the second tables on a server."""
    _upgrade_to(empty, "0002")
    with connect(empty) as connection:
        connection.execute(
            "INSERT INTO project VALUES (1, '0b1d6f6e-0000-4000-8000-000000000000', 'old', '[\"A\", \"B\"]', "
            "100, 1024, NULL, '2026', '0.0')"
        )
    link = {"database": empty, "project": "0b1d6f6e-0000-4000-8000-000000000000"}
    (tmp_path / LINK_NAME).write_text(json.dumps(link))
    return tmp_path


@pytest.mark.skipif(shutil.which("pg_dump") is None, reason="pg_dump is not on the path")
def test_an_older_project_is_upgraded_when_that_is_asked_for_and_a_copy_is_there(old: Path) -> None:
    for read_only in (False, True):
        with pytest.raises(ProjectError, match="gsal upgrade"):
            Project.open(old, read_only=read_only)
    Project.upgrade(old)
    (copy,) = (old / "backups").iterdir()
    assert copy.name.endswith("-upgrade.dump")
    with Project.open(old) as project:
        assert project.name == "old"
        assert not project.store.images.has_uncertainties()
    Project.upgrade(old)
    assert list((old / "backups").iterdir()) == [copy], "it was up to date"


def test_nothing_is_upgraded_without_a_copy_unless_one_says_so(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(ProjectError, match="pg_dump is not on this computer"):
        Project.upgrade(old)
    with pytest.raises(ProjectError, match="gsal upgrade"):
        Project.open(old)
    Project.upgrade(old, is_backed_up=False)
    Project.open(old).close()


def test_nothing_is_upgraded_under_anybodys_hands(
    project: Project, outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served, "newest_revision", lambda: "9999")
    with pytest.raises(ProjectLocked, match="open somewhere"):
        Project.upgrade(project.folder, is_backed_up=False)


def test_the_triggers_are_those_of_a_file_and_against_emptying(
    project: Project, outside: Outside, tmp_path: Path
) -> None:
    with Project.create(tmp_path / "file") as file, file.store._database.read() as session:
        wanted = set(session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")))
    tables = ("mask_revision", "reading", "step", "decision")
    truncating = {f"{table}_no_truncate" for table in tables}
    truncating |= {"validation_set_locked_truncate", "validation_member_locked_truncate"}
    found = {name for (name,) in outside("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")}
    assert found == wanted | truncating
    for table in tables:
        with pytest.raises(REFUSED, match="never changed"):
            outside(f"TRUNCATE {table} CASCADE")


def test_connections_that_were_cut_are_made_anew(
    project: Project, outside: Outside, image_ids: list[int]
) -> None:
    project.store.jobs.start("propose", {})
    assert len(outside(HANG_UP)) >= 2
    assert project.store.images.count() == len(image_ids)
    outside(HANG_UP)
    number = project.store.jobs.start("propose", {"b": 1})
    with Project.open(project.folder) as other:
        assert other.store.jobs.get(number).status == "running", "its claim was taken back"


def test_a_change_whose_connection_breaks_is_made_once_more(project: Project, outside: Outside) -> None:
    tries = []

    def change(session: Session) -> None:
        session.execute(text("INSERT INTO reader (name, kind, added) VALUES ('Ann', 'expert', '')"))
        tries.append(session.scalar(text("SELECT pg_backend_pid()")))
        if len(tries) == 1:
            outside(HANG_UP)
        session.scalar(text("SELECT 1"))

    project.store._database.write(change)
    assert len(tries) == 2
    assert [reader.name for reader in project.store.readers.all()] == ["Ann"]


def test_a_commit_that_breaks_is_not_repeated_by_itself(
    project: Project, outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []
    commit = Session.commit

    def cut(session: Session) -> None:
        tries.append(1)
        outside(HANG_UP)
        commit(session)

    monkeypatch.setattr(Session, "commit", cut)
    with pytest.raises(ServerError):
        project.store._database.write(lambda session: session.execute(text("UPDATE project SET name = 'x'")))
    assert tries == [1], "nobody knows whether it was made"


def test_a_stopped_server_is_named_and_what_was_refused_can_be_written_when_it_is_back(
    postgresql: Server, project: Project, image_ids: list[int], new_mask: NewMaskOf
) -> None:
    mask = new_mask(image_ids[0])
    postgresql.stop()
    try:
        works: tuple[Callable[[], object], ...] = (
            project.store.images.count,
            lambda: project.store.masks.add(mask).result(),
            lambda: project.store.jobs.start("propose", {}),
            lambda: Project.open(project.folder),
        )
        for work in works:
            with pytest.raises(ServerError, match=r"gsal-pg-.*: the server does not answer.*the network"):
                work()
    finally:
        postgresql.start()
    record = project.store.masks.add(mask).result()
    assert project.store.masks.add(mask).result() == record
    assert project.store.masks.best() == {image_ids[0]: record}


def test_a_project_can_be_closed_while_the_server_is_away(postgresql: Server, project: Project) -> None:
    project.store.jobs.start("propose", {})
    postgresql.stop()
    try:
        project.close()
    finally:
        postgresql.start()


def test_another_who_holds_a_picture_for_long_is_told_of(
    project: Project, image_ids: list[int], new_mask: NewMaskOf
) -> None:
    held, free = threading.Event(), threading.Event()
    url = json.loads((project.folder / LINK_NAME).read_text())["database"]

    def hold() -> None:
        with connect(url) as connection, connection.transaction():
            connection.execute("SELECT id FROM image FOR UPDATE")
            held.set()
            free.wait()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait()
    try:
        with pytest.raises(ServerError, match="holds the same pictures"):
            project.store._database.write(
                lambda session: (
                    session.execute(text("SET LOCAL lock_timeout = '50ms'")),
                    session.execute(text("SELECT id FROM image FOR UPDATE")),
                )
            )
    finally:
        free.set()
        holder.join()
    project.store.masks.add(new_mask(image_ids[0])).result()


def test_what_the_database_cannot_hold_is_told(project: Project) -> None:
    with pytest.raises(GsalError, match="cannot hold this") as refused:
        project.store.images.add([NewImage("a.png", "s", 1, 1, 4, 4, label="L" * 201)], folder=Path("/p"))
    assert not isinstance(refused.value, ProjectError), "it will not fit later either"


def test_who_may_only_read_is_told(project: Project, postgresql: Server, outside: Outside) -> None:
    outside("DO $$ BEGIN CREATE ROLE guest LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
    outside("GRANT USAGE ON SCHEMA public TO guest")
    outside("GRANT SELECT ON ALL TABLES IN SCHEMA public TO guest")
    link = project.folder / LINK_NAME
    link.write_text(link.read_text().replace("gsal@", "guest@"))
    with Project.open(project.folder, read_only=True) as reading:
        assert reading.store.images.count() == 0
    with (
        Project.open(project.folder) as guest,
        pytest.raises(ProjectError, match="let you read and write"),
    ):
        guest.store.jobs.start("propose", {})


def test_a_member_has_the_rights_that_the_page_gives_and_no_more(
    project: Project, image_ids: list[int], new_mask: NewMaskOf, outside: Outside
) -> None:
    page = (Path(__file__).parents[2] / "docs" / "postgresql.md").read_text()
    (grants,) = re.findall(r"```sql\n(.*?)```", page, re.DOTALL)
    outside("DO $$ BEGIN CREATE ROLE reader LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
    outside(grants)
    link = project.folder / LINK_NAME
    link.write_text(link.read_text().replace("gsal@", "reader@"))
    with Project.open(project.folder) as member:
        store = member.store
        ann = store.readers.add("Ann", ReaderKind.EXPERT)
        mask = new_mask(image_ids[0], source=MaskSource.HUMAN, reader_id=ann.id)
        record = store.masks.add(mask).result()
        verdict = Decision(image_ids[0], ann.id, Purpose.REVIEW, Verdict.ACCEPTED, record.id, 1.0, "")
        store.decisions.add(verdict).result()
        assert store.masks.best() == {image_ids[0]: record}
        store.jobs.finish(store.jobs.start("propose", {}), JobStatus.DONE)
        store.validation.choose(n_wanted=1, seed=1, members=[ValidationMember(image_ids[0], "", 0)])
        store.validation.lock(ann.id)
        with pytest.raises(ProjectError, match="permission denied"):
            store._database.write(lambda session: session.execute(text("DELETE FROM decision")))
        with pytest.raises(ProjectError, match="must be owner"):
            store._database.write(
                lambda session: session.execute(text("ALTER TABLE decision DISABLE TRIGGER ALL"))
            )


def test_without_the_driver_one_is_told_what_to_install(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ProjectError, match=r"pip install 'gsal\[postgresql\]'"):
        Project.open(project.folder)
