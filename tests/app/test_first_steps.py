"""The guide through a first project: what it shows, where it leads, how it goes away."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QToolButton
from pytestqt.qtbot import QtBot

from app.first_steps.standing import Standing, read_standing
from app.first_steps.steps import Step
from app.settings import Settings
from app.theme import Theme
from app.workspace import Workspace
from gsal.jobs.pictures.import_images import ImportImages
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import Decision, Purpose, ReaderKind, Verdict
from tests.app.conftest import write_pictures

WAIT_MS = 30_000
_LIBRARY, _REVIEW, _TRAINING, _AUDIT = range(4)


@pytest.fixture
def open_window(qtbot: QtBot, theme: Theme, settings: Settings) -> Iterator[Callable[[Path], Workspace]]:
    made: list[Workspace] = []

    def opened(folder: Path, *, read_only: bool = False) -> Workspace:
        window = Workspace(Project.open(folder, read_only=read_only), theme, settings)
        made.append(window)
        qtbot.addWidget(window)
        window.resize(1280, 720)
        window.show()
        qtbot.waitUntil(lambda: not window.first_steps.reading.is_busy, timeout=WAIT_MS)
        return window

    yield opened
    for window in made:
        window.shut_down()


@pytest.fixture
def window(empty_project: Project, open_window: Callable[[Path], Workspace]) -> Workspace:
    folder = empty_project.folder
    empty_project.close()
    return open_window(folder)


def wait_for(qtbot: QtBot, window: Workspace, words: str) -> None:
    button = window.first_steps.next
    qtbot.waitUntil(lambda: button.text() == f"Next: {words}" and button.isEnabled(), timeout=WAIT_MS)


def test_it_leads_from_an_empty_project_to_the_review(
    qtbot: QtBot, window: Workspace, pictures: Path
) -> None:
    steps = window.first_steps
    assert steps.isVisible()
    wait_for(qtbot, window, "Import pictures")
    steps.next.click()
    dialog = window.library.findChild(QDialog, "importDialog")
    assert dialog is not None
    dialog.reject()
    window.manager.submit(ImportImages(str(pictures), str(pictures / "labels.csv")))
    wait_for(qtbot, window, "Propose masks")
    window.show_page(_AUDIT)
    steps.next.click()
    assert window.pages.currentIndex() == _LIBRARY
    assert not steps.next.isEnabled(), "it is being done"
    wait_for(qtbot, window, "Review masks")
    steps.next.click()
    assert window.pages.currentIndex() == _REVIEW
    assert steps.steps[Step.MASKS].accessibleDescription() == "done"


def test_a_step_shows_its_page(qtbot: QtBot, window: Workspace) -> None:
    for step, page in ((Step.COHORT, _TRAINING), (Step.REPORT, _AUDIT), (Step.PICTURES, _LIBRARY)):
        window.first_steps.steps[step].click()
        assert window.pages.currentIndex() == page


def decide(project: Project, image_id: int, reader_id: int, verdict: Verdict) -> None:
    decision = Decision(image_id, reader_id, Purpose.REVIEW, verdict, None, 1.0, "")
    project.store.decisions.add(decision).result()


def test_a_review_counts_whatever_was_decided(project: Project) -> None:
    reader = project.store.readers.add("Ada", ReaderKind.EXPERT)
    images = project.store.images.all()
    verdicts = (Verdict.REJECTED, Verdict.FLAGGED, Verdict.CANNOT_JUDGE)
    for number, image in enumerate(images):
        standing = read_standing(project)
        assert (standing.reviewed, standing.to_review) == (number, len(images))
        assert standing.next is Step.REVIEW
        decide(project, image.id, reader.id, verdicts[number % 3])
        decide(project, image.id, reader.id, Verdict.REJECTED)
    assert read_standing(project).next is Step.COHORT


def test_verdicts_in_the_window_are_counted(
    qtbot: QtBot, project: Project, open_window: Callable[[Path], Workspace]
) -> None:
    reader = project.store.readers.add("Ada", ReaderKind.EXPERT)
    (image, *_), folder = project.store.images.all(), project.folder
    project.close()
    window = open_window(folder)
    decide(window.project, image.id, reader.id, Verdict.FLAGGED)
    window.review.decided.emit(image.id)
    review = window.first_steps.steps[Step.REVIEW]
    qtbot.waitUntil(lambda: review.text() == "Review 1 of 8", timeout=WAIT_MS)


def test_pictures_that_came_later_want_masks_too(project: Project, tmp_path: Path) -> None:
    assert Step.MASKS in read_standing(project).done
    more = tmp_path / "more"
    more.mkdir()
    table = write_pictures(more, count=12)
    ImportImages(str(more), str(table)).run(JobContext(), project)
    assert read_standing(project).next is Step.MASKS


def test_masks_and_review_are_gone_past_where_training_began() -> None:
    begun = frozenset({Step.PICTURES, Step.COHORT})
    assert Standing(begun, to_review=8).next is Step.CLASSIFIER
    assert Standing(begun - {Step.COHORT}, to_review=8).next is Step.MASKS


def test_the_next_button_leads_on_from_another_tab(
    qtbot: QtBot, finished_copy: Path, open_window: Callable[[Path], Workspace]
) -> None:
    window = open_window(finished_copy)
    window.show_page(_AUDIT)
    window.audit_room.show_tab(3)
    window.first_steps.begin_asked.emit(Step.REPORT)
    assert window.audit_room.pages.currentWidget() is window.audit
    window.training.show_answers("biased")
    window.first_steps.begin_asked.emit(Step.CLASSIFIER)
    assert window.pages.currentIndex() == _TRAINING
    assert window.training.pages.currentIndex() == 0
    window.first_steps.begin_asked.emit(Step.COHORT)
    dialog = window.training.findChild(QDialog, "cohortDialog")
    assert dialog is not None
    dialog.reject()


def test_a_click_on_the_next_step_leaves_the_keys_where_they_are(
    qtbot: QtBot, project: Project, open_window: Callable[[Path], Workspace]
) -> None:
    folder = project.folder
    project.close()
    window = open_window(folder)
    window.show_page(_REVIEW)
    wait_for(qtbot, window, "Review masks")
    canvas = window.review.canvas
    canvas.setFocus()
    position = window.first_steps.next.rect().center()
    QTest.mouseClick(window.first_steps.next, Qt.MouseButton.LeftButton, pos=position)
    assert window.focusWidget() is canvas


def test_closed_while_it_is_being_read_it_stays_closed(qtbot: QtBot, window: Workspace) -> None:
    steps = window.first_steps
    steps.refresh()
    close = steps.findChild(QToolButton, "hideSteps")
    assert close is not None
    close.click()
    qtbot.waitUntil(lambda: not steps.reading.is_busy, timeout=WAIT_MS)
    assert steps.isHidden()


def test_the_jobs_panel_covers_no_step(qtbot: QtBot, window: Workspace) -> None:
    window.header.jobs.click()
    assert window.jobs.isVisible()
    below = window.header.height() + window.first_steps.height()
    assert window.jobs.y() == below
    close = window.first_steps.findChild(QToolButton, "hideSteps")
    assert close is not None
    close.click()
    assert window.jobs.y() == window.header.height()


def test_who_has_seen_enough_is_not_shown_it_again_until_asked(
    qtbot: QtBot, window: Workspace, settings: Settings
) -> None:
    steps = window.first_steps
    close = steps.findChild(QToolButton, "hideSteps")
    assert close is not None
    close.click()
    assert steps.isHidden()
    settings.keep()
    assert not Settings(settings.file).shows_first_steps
    steps.refresh()
    assert not steps.reading.is_busy
    steps.bring_back()
    qtbot.waitUntil(steps.isVisible, timeout=WAIT_MS)


def test_where_all_is_done_it_is_shown_only_when_asked(
    qtbot: QtBot, finished_copy: Path, open_window: Callable[[Path], Workspace]
) -> None:
    window = open_window(finished_copy)
    assert window.first_steps.isHidden()
    window.first_steps.bring_back()
    qtbot.waitUntil(window.first_steps.isVisible, timeout=WAIT_MS)
    assert window.first_steps.next.isHidden()


def test_who_only_reads_is_not_led(empty_project: Project, open_window: Callable[..., Workspace]) -> None:
    folder = empty_project.folder
    empty_project.close()
    assert open_window(folder, read_only=True).first_steps.isHidden()


def test_without_room_only_the_next_step_has_its_title(qtbot: QtBot, window: Workspace, theme: Theme) -> None:
    steps = window.first_steps
    beside, alone = Qt.ToolButtonStyle.ToolButtonTextBesideIcon, Qt.ToolButtonStyle.ToolButtonIconOnly
    assert {button.toolButtonStyle() for button in steps.steps.values()} == {beside}
    theme.scale_font(1.6)
    window.resize(window.minimumSizeHint())
    qtbot.waitUntil(lambda: steps.steps[Step.REPORT].toolButtonStyle() is alone)
    assert steps.steps[Step.PICTURES].toolButtonStyle() is beside
    qtbot.waitUntil(lambda: steps.next.width() >= steps.next.sizeHint().width())
