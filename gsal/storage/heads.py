"""Which revision is current: per picture and channel, a mask set or one reader's work."""

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import ColumnElement, Select, bindparam, case, delete, insert, select, update
from sqlalchemy.orm import Session

from gsal.records import MaskSet, Purpose
from gsal.storage.blind import NOBODY, is_blind
from gsal.storage.schema import MaskHeadRow, MaskRevisionRow, ProjectRow

__all__ = ["REFUSED", "UNDECIDED", "Head", "is_shown", "reader_channel", "set_heads", "with_ink"]

Head = tuple[int, str, int | None]
"""A picture, a channel, and the revision that is current there from now on (None: none is)."""

_CHUNK = 500
_PEOPLES = (str(MaskSet.EXACT), str(MaskSet.ADJUDICATED), str(MaskSet.HUMAN))
_TRUST = (*_PEOPLES, str(MaskSet.NETWORK), str(MaskSet.RULE))
"""Which mask set goes before which where a picture has several."""

REFUSED = "refused"
"""Channel of pictures whose last reader of a review accepted no mask: no program's mask is best there."""

UNDECIDED = "undecided"
"""Channel of pictures whose adjudication accepted no mask: neither program's nor reader's is best there."""

_ONE = (MaskHeadRow.image_id == bindparam("of_image")) & (MaskHeadRow.channel == bindparam("in_channel"))
_MOVE = update(MaskHeadRow).where(_ONE).values(revision_id=bindparam("to"), version=MaskHeadRow.version + 1)
_REMOVE = delete(MaskHeadRow).where(_ONE)


def reader_channel(reader_id: int, purpose: Purpose) -> str:
    """Return the channel of one reader's work for one purpose; blind readers never meet."""
    return f"reader:{reader_id}:{purpose}"


def set_heads(session: Session, heads: Sequence[Head]) -> None:
    """Make revisions current, the last one given for a channel, and settle which mask of each is best.

    One reading of the pictures' heads and at most three statements, however many heads there are.
    """
    image_ids = {image_id for image_id, _, _ in heads}
    before = _current(session, image_ids)
    after = dict(before)
    for image_id, channel, revision_id in heads:
        after[image_id, channel] = revision_id
    for image_id in image_ids:
        known = (after.get((image_id, channel)) for channel in _trusted(after, image_id))
        after[image_id, str(MaskSet.BEST)] = next((k for k in known if k is not None), None)
    _write(session, before, after)


_State = dict[tuple[int, str], int | None]


def _trusted(heads: _State, image_id: int) -> tuple[str, ...]:
    """Return the mask sets that may be best, in their order."""
    if heads.get((image_id, UNDECIDED)) is not None:
        return (str(MaskSet.EXACT),)
    return _PEOPLES if heads.get((image_id, REFUSED)) is not None else _TRUST


def _current(session: Session, image_ids: Iterable[int]) -> _State:
    found: _State = {}
    for part in _chunks(sorted(image_ids)):
        query = select(MaskHeadRow.image_id, MaskHeadRow.channel, MaskHeadRow.revision_id)
        for image_id, channel, revision_id in session.execute(query.where(MaskHeadRow.image_id.in_(part))):
            found[image_id, channel] = revision_id
    return found


def _write(session: Session, before: _State, after: _State) -> None:
    changed = {key: to for key, to in after.items() if before.get(key) != to}
    new = [
        {"image_id": image_id, "channel": channel, "revision_id": to, "version": 1}
        for (image_id, channel), to in changed.items()
        if to is not None and (image_id, channel) not in before
    ]
    moved = [
        {"of_image": image_id, "in_channel": channel, "to": to}
        for (image_id, channel), to in changed.items()
        if to is not None and (image_id, channel) in before
    ]
    gone = [
        {"of_image": image_id, "in_channel": channel}
        for (image_id, channel), to in changed.items()
        if to is None
    ]
    # The connection, not the session: the rows are no objects of anybody's.
    for statement, rows in ((insert(MaskHeadRow), new), (_MOVE, moved), (_REMOVE, gone)):
        if rows:
            session.connection().execute(statement, rows)


def _chunks(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(numbers), _CHUNK):
        yield numbers[start : start + _CHUNK]


def is_shown(reader_id: int | None) -> ColumnElement[bool]:
    """Return whether a head is the one whose ink lists and filters tell a reader of.

    It is the picture's best mask; of pictures this reader reads blind it is the one of the rules, for the
    best one moves with what others find.
    """
    is_hidden = is_blind(NOBODY if reader_id is None else reader_id, MaskHeadRow.image_id)
    best, rule = str(MaskSet.BEST), str(MaskSet.RULE)
    # The list of both lets an index find them before each is judged.
    is_either = MaskHeadRow.channel.in_([best, rule])
    return is_either & (MaskHeadRow.channel == case((is_hidden, rule), else_=best))


def with_ink(reader_id: int | None, *, inked: bool) -> Select[int]:
    """Return the pictures that are inked (SPEC 1), or not, by the masks a reader is told of.

    Of a picture without such a mask nobody knows yet: it is among neither.
    """
    least = select(ProjectRow.min_ink_px).scalar_subquery()
    query = select(MaskHeadRow.image_id).join(MaskRevisionRow, MaskRevisionRow.id == MaskHeadRow.revision_id)
    has_ink = MaskRevisionRow.ink_px > least if inked else MaskRevisionRow.ink_px <= least
    return query.where(is_shown(reader_id), has_ink)
