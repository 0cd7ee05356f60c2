"""Telling the reader what is on the disk and what is not, and bringing back what once was not."""

from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog

from app.review.panels.saved import SaveBanner, SavedText
from app.review.reading.refusal import SetAside
from app.review.reading.session import ReadingSession
from app.widgets.dialogs import show_error, show_notice
from gsal.errors import InputError
from gsal.records import Decision

__all__ = ["Keeping"]


class Keeping(QObject):
    """Stands between a session and what is seen of its saving."""

    def __init__(self, session: ReadingSession, saved: SavedText, banner: SaveBanner) -> None:
        super().__init__(banner)
        self._session, self._banner = session, banner
        session.saving.connect(saved.say_saving)
        session.saved.connect(saved.say_saved)
        session.saved.connect(banner.hide)
        session.not_saved.connect(saved.say_not_saved)
        session.not_saved.connect(banner.show_error)
        session.set_aside.connect(self._show_set_aside)
        session.decided.connect(self._show_overtaken)
        session.copied.connect(self._show_copy)
        session.copy_failed.connect(self._show_no_copy)
        banner.retry_asked.connect(session.retry)
        banner.copy_asked.connect(session.save_copy)

    @Slot()
    def ask_bring_back(self) -> None:
        """Ask for a copy of unsaved work, and write it into the project."""
        path, _ = QFileDialog.getOpenFileName(
            self._banner.window(), "Bring back unsaved work", filter="Copies (*.zip)"
        )
        if not path:
            return
        try:
            count = self._session.bring_back(Path(path))
        except InputError as error:
            show_error(self._banner, "This copy cannot be brought back", str(error))
        else:
            show_notice(self._banner, "Unsaved work comes back", f"{count} entries are being written.")

    @Slot(object)
    def _show_set_aside(self, what: SetAside) -> None:
        show_error(self._banner, "Some work does not fit the project", str(what))

    @Slot(object)
    def _show_overtaken(self, decision: Decision) -> None:
        if name := decision.overtook:
            sentence = (
                f"{name} reviewed picture number {decision.image_id} too, after you had opened it. "
                f"Your verdict counts; {name}'s is kept beside it, and so are both masks."
            )
            show_notice(self._banner, "Two reviewed this picture", sentence)

    @Slot(object)
    def _show_copy(self, path: Path) -> None:
        show_notice(self._banner, "A copy is kept", f"{path} holds what is not saved in the project.")

    @Slot(object)
    def _show_no_copy(self, error: OSError) -> None:
        sentence = f"{error.filename or 'It'}: {error.strerror}. Choose another place."
        show_error(self._banner, "The copy cannot be written", sentence)
