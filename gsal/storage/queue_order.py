"""In which order a queue is read. The content hash of a picture is its fixed place in every random order."""

from typing import Any

from sqlalchemy import ColumnElement, case, false, func, select, true
from sqlalchemy.orm import InstrumentedAttribute

from gsal.records import QueueKind, QueueOrder, QueueRequest
from gsal.storage.schema import ImageRow, ValidationMemberRow

__all__ = ["is_in_share", "order_of"]


def is_in_share(share: float, *, first: int, digits: int) -> ColumnElement[bool]:
    """Return whether a picture is of a random share, the same pictures every time.

    Args:
        share: From 0 to 1.
        first: Of the hexadecimal digits of the content hash that decide, counted from 1.
        digits: How many of them decide; questions that look at other digits are independent.
    """
    cut = round(share * 16**digits)
    if cut <= 0:
        return false()
    if cut >= 16**digits:
        return true()
    return func.substr(ImageRow.sha256, first, digits) < f"{cut:0{digits}x}"


def order_of(request: QueueRequest) -> tuple[ColumnElement[Any], ...]:
    """Return what a queue is ordered by.

    A blind one never by what a program made of its pictures, and an adjudication, whose masks the network
    is judged by, never by how unsure that network is: both are at random instead.
    """
    if request.kind is QueueKind.VALIDATION:
        position = select(ValidationMemberRow.position).where(ValidationMemberRow.image_id == ImageRow.id)
        return position.scalar_subquery(), ImageRow.id.expression
    if request.order is QueueOrder.NAME:
        return ImageRow.path.expression, ImageRow.id.expression
    is_unsure = request.order is QueueOrder.UNCERTAINTY
    is_judging = is_unsure and request.kind is QueueKind.ADJUDICATION
    if request.order is QueueOrder.RANDOM or request.kind is QueueKind.SECOND_READING or is_judging:
        return (ImageRow.sha256.expression,)
    return _mixed(ImageRow.uncertainty if is_unsure else ImageRow.disagreement, request.random_share)


def _mixed(value: InstrumentedAttribute[float | None], random_share: float) -> tuple[ColumnElement[Any], ...]:
    """Order by a value, highest first, with the random share in between at its share.

    The k-th random picture stands at k / share, the k-th other one at k / (1 - share): with a fifth at
    random, every fifth picture is.
    """
    is_random = is_in_share(random_share, first=1, digits=8)
    group = case((is_random, 1), else_=0)
    place = func.row_number().over(
        partition_by=group,
        order_by=(
            case((is_random, ImageRow.sha256)),
            value.desc().nulls_last(),
            ImageRow.id,
        ),
    )
    step = case((is_random, 1 / (random_share or 1)), else_=1 / ((1 - random_share) or 1))
    return place * step, group, ImageRow.id.expression
