"""What a reader does to the open picture: every change becomes a step, handed to the keeper at once."""

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from app.review.canvas.tools import Stroke
from app.review.reading.activity import ActivityWatch
from app.review.reading.desk import Desk
from app.review.reading.entries import Entry
from app.review.reading.keeper import Keeper
from app.review.reading.opening import OpenedPicture, Proposal, at_size
from app.review.reading.threshold import Threshold
from app.review.reading.tidying import tidied
from gsal.arrays import Mask
from gsal.editing.painting import Painting
from gsal.project import Project
from gsal.records import Reader, Verdict

__all__ = ["Editing"]


class Editing(QObject):
    """The open picture, and all that changes it.

    Signals:
        changed(box): The mask changed inside a box of the picture.
        edited(): What can be undone, or where the mask comes from, changed.
        saving(): Something is on its way to the disk.
        opened(picture): It can be shown; `painting` is its mask.
        closed(): There is no picture any more, and nothing to paint on.
    """

    changed = Signal(object)
    edited = Signal()
    saving = Signal()
    opened = Signal(object)
    closed = Signal()

    def __init__(self, project: Project, keeper: Keeper, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self.keeper = keeper
        self.reader: Reader | None = None
        self._desk: Desk | None = None
        self._threshold = Threshold(self)
        self._threshold.rested.connect(self._settle)
        self._watch = ActivityWatch(self)
        self._watch.noticed.connect(self._touch)
        # A stroke begins on a threshold that is a step already; the timer would cut the stroke in two.
        self._watch.pressed.connect(self._settle)

    @property
    def picture(self) -> OpenedPicture | None:
        """The picture that is open."""
        return self._desk.picture if self._desk else None

    @property
    def painting(self) -> Painting | None:
        """Its mask, with the steps that can be undone."""
        return self._desk.painting if self._desk else None

    @property
    def can_edit(self) -> bool:
        """Whether there is a picture, a reader, and a project that can be written."""
        return self._desk is not None and self.reader is not None and not self._project.read_only

    @property
    def has_own(self) -> bool:
        """Whether the open mask is the reader's own by now."""
        return self._desk is not None and self._desk.has_own

    @property
    def is_untouched(self) -> bool:
        """Whether the reader never did anything to the open picture."""
        return self._desk is None or self._desk.is_untouched

    @property
    def verdict(self) -> Verdict | None:
        """The reader's last verdict on the open picture."""
        return self._desk.verdict if self._desk else None

    @property
    def active_s(self) -> float:
        """Seconds the reader has worked on the open picture; pauses are not counted."""
        return self._desk.active.seconds if self._desk else 0.0

    @property
    def start_mask(self) -> Mask | None:
        """The open picture's mask before the reader changed it, (H, W) bool."""
        return self._desk.begin_mask() if self._desk else None

    @property
    def origin_id(self) -> int | None:
        """The revision the open mask comes from; None for an empty start."""
        return self._desk.begin_id if self._desk else None

    @property
    def can_move_threshold(self) -> bool:
        """Whether the mask is a network's whose threshold can be moved, and no stroke was made on it."""
        return self._network() is not None

    def watch(self, widget: QWidget) -> None:
        """Count what is done over a widget and all in it as work: looking closely is, too.

        A threshold that was moved is settled before a press there does anything.
        """
        self._watch.follow(widget)

    @Slot(object)
    def stroke_ended(self, stroke: Stroke) -> None:
        """Keep a stroke that was made on the canvas."""
        desk = self._editable()
        if desk is None:
            return
        network = self._network()
        share = self._threshold.release()
        if share is not None and network is not None:
            self._keep(desk.begin(_threshold_tool(share), None, revision_id=network.record.id))
        self._keep(desk.stroke(stroke.tool, stroke.change))

    def take_proposal(self, key: int) -> None:
        """Begin from a proposal (1-4), or from nothing (0)."""
        proposal = self.picture.proposal(key) if self.picture else None
        if proposal is not None:
            self.take_mask(proposal.mask, tool=f"proposal-{key}", revision_id=proposal.record.id)
        elif key == 0 and self._desk is not None:
            self.take_mask(np.zeros(self._desk.painting.shape, np.bool_), tool="empty", revision_id=None)

    def renew_proposals(self, image_id: int, proposals: tuple[Proposal, ...]) -> bool:
        """Offer other proposals for a picture in review, if it is still open; return whether it is."""
        desk = self._desk
        if desk is None or desk.picture.is_blind or desk.picture.image.id != image_id:
            return False
        desk.renew(proposals)
        return True

    def take_mask(self, mask: Mask, *, tool: str, revision_id: int | None) -> None:
        """Begin from any mask: a proposal's, another reader's in an adjudication.

        Args:
            mask: Bool; brought to the picture's size.
            tool: Said in the history, at most 40 letters.
            revision_id: Of the mask; None where it is none that is stored.
        """
        desk = self._editable()
        if desk is None:
            return
        self._settle()
        if revision_id is not None:
            desk.remember(revision_id, mask)
        change = desk.painting.replace(at_size(mask, *desk.painting.shape))
        entries = desk.begin(tool, change, revision_id=revision_id)
        if change is not None:
            self.changed.emit(change.box)
        self._keep(entries)

    def move_threshold(self, share: float) -> None:
        """Show the network's mask at another threshold, 0 to 1; it is kept once it rests."""
        desk, network = self._desk, self._network()
        mask = network.at_threshold(share) if network else None
        if desk is None or mask is None or not self.can_edit:
            return
        box = self._threshold.move(desk.painting, at_size(mask, *desk.painting.shape), share)
        self.changed.emit(box)

    def clean_up(self, action: str, *, amount_px: int | None = None) -> None:
        """Tidy the whole mask as one step.

        Args:
            action: "remove-specks", "fill-holes", "grow" or "shrink".
            amount_px: See `app.review.reading.tidying.tidied`.
        """
        desk = self._editable()
        if desk is None:
            return
        self._settle()
        change = desk.painting.replace(tidied(desk.painting.mask, action, amount_px=amount_px))
        if change is not None:
            self.changed.emit(change.box)
            self._keep(desk.stroke(action, change))

    @Slot()
    def undo(self) -> None:
        """Take back the last step."""
        desk = self._editable()
        if desk is None:
            return
        self._settle()
        if (box := desk.painting.undo()) is not None:
            self.changed.emit(box)
            self._keep(desk.undone())

    @Slot()
    def redo(self) -> None:
        """Do again what was taken back."""
        desk = self._editable()
        if desk is None:
            return
        self._settle()
        if (box := desk.painting.redo()) is not None:
            self.changed.emit(box)
            self._keep(desk.redone())

    def decide(self, verdict: Verdict) -> bool:
        """Keep a verdict on the open picture; return whether there was one to judge."""
        desk = self._editable()
        if desk is None:
            return False
        self._let_go()
        self._keep(desk.decide(verdict))
        return True

    def _put(self, desk: Desk | None) -> None:
        """Lay a picture out, or clear the table: nothing else changes what is open."""
        was, self._desk = self._desk, desk
        if desk is not None:
            desk.active.resume()
            self.opened.emit(desk.picture)
            self.edited.emit()
        elif was is not None:
            self.closed.emit()

    def _editable(self) -> Desk | None:
        """Return what is open if it may be changed; whoever asks is at work."""
        self._touch()
        return self._desk if self.can_edit else None

    def _network(self) -> Proposal | None:
        """Return the network whose threshold can be moved now."""
        desk = self._desk
        if desk is None or not self.can_edit or not desk.is_at_begin:
            return None
        proposals = desk.picture.proposals
        return next((p for p in proposals if p.steps is not None and p.record.id == desk.begin_id), None)

    def _keep(self, entries: tuple[Entry, ...]) -> None:
        if self._desk is not None and entries:
            self.edited.emit()
            self.saving.emit()
            self.keeper.keep(self._desk, entries)

    @Slot()
    def _touch(self) -> None:
        if self._desk is not None:
            self._desk.active.touch()

    @Slot()
    def _settle(self) -> None:
        """Make a step of a threshold that was moved."""
        desk, network, share = self._desk, self._network(), self._threshold.release()
        if desk is None or network is None or share is None:
            return
        change = desk.painting.end_stroke()
        self._keep(desk.begin(_threshold_tool(share), change, revision_id=network.record.id))

    def _let_go(self) -> None:
        """End what is in hand: a threshold becomes a step, a stroke that is being made is taken back."""
        self._settle()
        box = self._desk.painting.abandon_stroke() if self._desk else None
        if box is not None:
            self.changed.emit(box)


def _threshold_tool(share: float) -> str:
    return f"threshold-{share:.2f}"
