"""Masks out of the window and into it again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.jobs.manager import JobManager
from app.library.mask_files import ExportMasksDialog, ImportMasksDialog
from app.library.page import LibraryPage
from gsal.jobs.runner import run_job
from gsal.masks import codec
from gsal.masks.foreign import MaskFormat
from gsal.project import Project
from gsal.records import MaskSet, ReaderKind

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def library(qtbot: QtBot, project: Project) -> Iterator[LibraryPage]:
    """The library page of a small project with masks."""
    manager = JobManager(lambda job, ctx: run_job(job, project, ctx))
    page = LibraryPage(project, manager)
    manager.setParent(page)
    qtbot.addWidget(page)
    with qtbot.waitExposed(page):
        page.show()
    yield page
    manager.shut_down()
    page.shut_down()


@pytest.mark.parametrize("mask_format", [MaskFormat.PNG, MaskFormat.COCO])
def test_masks_come_back_bit_by_bit_and_nobody_signs_a_programs(
    qtbot: QtBot, library: LibraryPage, project: Project, tmp_path: Path, mask_format: MaskFormat
) -> None:
    manager = library.findChildren(JobManager)[0]
    library.ask_export_masks()
    exporting = library.findChild(ExportMasksDialog)
    assert exporting is not None
    assert not exporting.start.isEnabled(), "there is no folder yet"
    exporting.place.setText(str(tmp_path / "out"))
    exporting.format.setCurrentIndex(exporting.format.findData(mask_format))
    exporting.mask_set.setCurrentIndex(exporting.mask_set.findData(MaskSet.RULE))
    with qtbot.waitSignal(manager.idle):
        QTest.mouseClick(exporting.start, LEFT)
    assert library.notice.text().startswith("8 masks written")

    (tmp_path / "out" / "masks.csv").unlink()
    library.ask_import_masks()
    importing = library.findChild(ImportMasksDialog)
    assert importing is not None
    importing.place.setText(str(tmp_path / "out"))
    importing.format.setCurrentIndex(importing.format.findData(mask_format))
    assert importing.labels.isEnabled() == (mask_format is not MaskFormat.PNG)
    importing.is_empty_free.setChecked(True)
    assert not importing.start.isEnabled(), "nobody said yet who drew them"
    importing.is_exact.setChecked(True)
    assert importing.start.isEnabled()
    importing.is_exact.setChecked(False)
    importing.reader.setCurrentText("AW")
    importing.kind.setCurrentIndex(importing.kind.findData(ReaderKind.EXPERT))
    with qtbot.waitSignal(manager.idle):
        QTest.mouseClick(importing.start, LEFT)
    store = project.store
    people = store.masks.best(None, MaskSet.HUMAN)
    if mask_format is MaskFormat.COCO:
        # The file itself says that a program made them.
        assert library.notice.text() == "0 masks imported, 8 left out."
        assert people == {}
        return
    assert len(people) == len(store.masks.best(None, MaskSet.RULE)) == 8, library.notice.text()
    rules = store.masks.best(None, MaskSet.RULE)
    for image_id, record in people.items():
        theirs, ours = (codec.decode(store.masks.load(r.id)) for r in (record, rules[image_id]))
        assert (theirs == ours).all()


def test_files_that_fit_nothing_are_named(qtbot: QtBot, library: LibraryPage, tmp_path: Path) -> None:
    manager = library.findChildren(JobManager)[0]
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "nobody.png").write_bytes(b"no picture")
    library.ask_import_masks()
    dialog = library.findChild(ImportMasksDialog)
    assert dialog is not None
    dialog.place.setText(str(tmp_path / "other"))
    dialog.reader.setCurrentText("AW")
    with qtbot.waitSignal(manager.idle):
        QTest.mouseClick(dialog.start, LEFT)
    assert library.notice.text() == "0 masks imported, 1 left out."
    assert library.show_problems.isVisible()
