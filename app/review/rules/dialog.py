"""Setting the three rules by what they find in the open picture, for it alone or for the whole project."""

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from app.jobs.manager import JobManager
from app.review.canvas.pyramid import Pyramid
from app.review.compare.together import Together
from app.review.reading.proposals import Proposal, read_proposals
from app.review.rules.controls import RuleControls
from app.review.rules.pane import RulePane
from app.widgets.controls import label, line, primary_button, push_button
from app.widgets.latest import Latest
from gsal.arrays import Mask, RgbImage
from gsal.editing.brush import Point
from gsal.errors import GsalError
from gsal.jobs.masks.propose import Propose, keep_proposals, propose_small, working_copy
from gsal.masks.picked_ink import colour_at
from gsal.project import Project
from gsal.records import ImageRecord, InkRule

__all__ = ["RulesDialog"]

_SIZE_PX = (1080, 600)
_INTRO = (
    "What the three rules find in this picture with these settings. People's masks stay as they are, "
    "whatever the rules find."
)
_LOCKED = (
    "This picture, or another one of its patient, is in the locked validation set. Rules are not set by how "
    "they do on those: open another picture."
)
_PICK = "Click on ink in one of the pictures. Esc puts the eyedropper away."
_ONLY_THIS = "Only ink like this is looked for: in the whole project other pens are then missed."
_BUG = "The rules cannot be shown for an error in the program."


@dataclass(frozen=True, slots=True, eq=False)
class _Begun:
    picture: RgbImage
    is_locked: bool
    job: Propose


class RulesDialog(QDialog):
    """Everything is read and worked out off the window's thread; only the newest settings are shown.

    Args:
        project: Whose rules.
        manager: Runs the job for the whole project.
        image: The picture they are set by.
        rgb: Its pixels, (H, W, 3) uint8.

    Signals:
        renewed(image_id, proposals): This picture's proposals were made anew.
    """

    renewed = Signal(int, object)

    def __init__(
        self,
        project: Project,
        manager: JobManager,
        image: ImageRecord,
        rgb: RgbImage,
        *,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("rulesDialog")
        self.setWindowTitle("Ink rules")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._project, self._manager, self._image = project, manager, image
        self._small: RgbImage | None = None
        self._shown: Propose | None = None
        self.controls = RuleControls()
        self.panes = tuple(RulePane(rule, key) for key, rule in enumerate(InkRule, start=1))
        self._together = Together([pane.canvas for pane in self.panes], parent=self)
        self._work = Latest("rules", parent=self)
        self._keeping = Latest("rules-keep", parent=self)
        self._lay_out()
        self._work.done.connect(self._take)
        self._work.failed.connect(self._fail)
        self._keeping.done.connect(self._show_kept)
        self._keeping.failed.connect(self._fail)
        self.controls.changed.connect(self._preview)
        self.controls.picking_asked.connect(self._show_picking)
        for pane in self.panes:
            pane.clicked.connect(self._pick)
        self._enable()
        self._work.submit(None, partial(_begin, project, image.id, rgb))

    def shut_down(self) -> None:
        """Wait for what is being worked out."""
        self._work.shut_down()
        self._keeping.shut_down()

    @override
    def reject(self) -> None:
        # Esc puts the eyedropper away first.
        if self.controls.pick.isChecked():
            self.controls.stop_picking()
        else:
            super().reject()

    @override
    def done(self, result: int) -> None:
        self.shut_down()
        super().done(result)

    def _lay_out(self) -> None:
        self.resize(*_SIZE_PX)
        self.message = label(role="muted", name="rulesMessage", wrap=True)
        self.use = primary_button("useRules", "Use for this picture", "Make its proposals 1 to 3 anew")
        self.apply = push_button("applyRules", "Apply to whole project", "Make all proposals anew, as a job")
        self.close_ = push_button("closeRules", "Close", "Close", key="Esc")
        self.use.clicked.connect(self._use)
        self.apply.clicked.connect(self._apply)
        self.close_.clicked.connect(self.reject)
        pictures = QHBoxLayout()
        pictures.setSpacing(8)
        for pane in self.panes:
            pictures.addWidget(pane, 1)
        bottom = QHBoxLayout()
        bottom.setSpacing(8)
        bottom.addWidget(self.message, 1)
        for button in (self.close_, self.apply, self.use):
            button.setAutoDefault(False)
            bottom.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addWidget(label(_INTRO, wrap=True))
        layout.addLayout(pictures, 1)
        layout.addWidget(self.controls)
        layout.addWidget(line())
        layout.addLayout(bottom)

    def _enable(self) -> None:
        is_ready = self._small is not None
        self.controls.setEnabled(is_ready)
        self.apply.setEnabled(is_ready)
        self.use.setEnabled(is_ready and self._shown == self.controls.job)

    @Slot()
    def _preview(self) -> None:
        if self._small is not None:
            job = self.controls.job
            self._work.submit(job, partial(propose_small, self._small, job.settings))
        self._hint()
        self._enable()

    @Slot(object, object)
    def _take(self, wish: object, result: object) -> None:
        if isinstance(result, _Begun):
            self._start(result)
        elif isinstance(wish, Propose) and isinstance(result, dict):
            self._show(wish, result)
        self._enable()

    @Slot(object, object)
    def _show_kept(self, wish: object, proposals: tuple[Proposal, ...]) -> None:
        del wish
        self.renewed.emit(self._image.id, proposals)
        self.message.setText("Proposals 1 to 3 of this picture are made anew.")

    def _start(self, begun: _Begun) -> None:
        if begun.is_locked:
            self.message.setText(_LOCKED)
            return
        self._small = begun.picture
        pyramid = Pyramid(begun.picture)
        self._together.set_shape(pyramid.shape)
        for pane in self.panes:
            pane.show_picture(pyramid)
        self.controls.show_job(begun.job)
        self._preview()

    def _show(self, job: Propose, found: dict[InkRule, Mask]) -> None:
        self._shown = job
        for pane, mask in zip(self.panes, found.values(), strict=True):
            pane.show_mask(mask)

    @Slot(object, object)
    def _fail(self, wish: object, error: BaseException) -> None:
        del wish
        self.message.setText(str(error) if isinstance(error, GsalError) else _BUG)

    def _hint(self) -> None:
        is_one_ink = self.controls.colour is not None
        self.message.setText(_PICK if self.controls.pick.isChecked() else _ONLY_THIS if is_one_ink else "")

    @Slot(bool)
    def _show_picking(self, is_picking: bool) -> None:
        self._hint()
        for pane in self.panes:
            pane.set_picking(is_picking)

    @Slot(object)
    def _pick(self, point: Point) -> None:
        if self._small is None or not self.controls.pick.isChecked():
            return
        height, width = self._small.shape[:2]
        if 0 <= point[0] < width and 0 <= point[1] < height:
            self.controls.stop_picking()
            self.controls.set_colour(colour_at(self._small, point))

    @Slot()
    def _use(self) -> None:
        if self._shown is not None:
            found = {rule: pane.found for rule, pane in zip(InkRule, self.panes, strict=True)}
            masks = {rule: mask for rule, mask in found.items() if mask is not None}
            self._keeping.submit(
                self._shown, partial(_keep, self._project, self._image.id, masks, self._shown)
            )

    @Slot()
    def _apply(self) -> None:
        self._manager.submit(self.controls.job)
        self.accept()


def _begin(project: Project, image_id: int, rgb: RgbImage) -> _Begun:
    is_locked = image_id in project.store.validation.locked_images()
    return _Begun(working_copy(rgb), is_locked, Propose.as_last(project))


def _keep(project: Project, image_id: int, masks: dict[InkRule, Mask], job: Propose) -> tuple[Proposal, ...]:
    keep_proposals(project, image_id, masks, job)
    return read_proposals(project, image_id, has_network=True)[0]
