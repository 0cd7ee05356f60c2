"""What the gallery says of a picture, and of all of them."""

from app.gallery.listing import Card, Gallery
from app.maps.words import exact, kept_back_text
from gsal.audit.names import method_name, number_text
from gsal.records import Aggregator

__all__ = ["answer_text", "caption", "figures_lines", "note", "spoken", "summary"]


def answer_text(card: Card) -> str:
    """Say what the model answers, and how sure it is.

    >>> answer_text(Card(1, "a.jpg", "MEL", "NV", 0.714, 0.1, 0.2, 0.1, ""))
    'True class MEL, taken for NV (confidence 0.71)'
    """
    answered = "recognised" if card.is_right else f"taken for {card.predicted}"
    return f"True class {card.true_class}, {answered} (confidence {number_text(card.confidence)})"


def figures_lines(card: Card) -> tuple[str, str]:
    """Return n with its chance level, and m.

    >>> figures_lines(Card(1, "a.jpg", "MEL", "NV", 0.714, -0.0123, 0.2, 0.1, ""))
    ('Peaks in ink, n: 0.200 (by chance 0.100)', 'Mean on ink, m: −0.0123')
    """
    return (
        f"Peaks in ink, n: {number_text(card.peak, 3)} (by chance {number_text(card.chance, 3)})",
        f"Mean on ink, m: {exact(card.mean)}",
    )


def caption(card: Card, aggregator: Aggregator) -> tuple[str, ...]:
    """Return the lines below a picture's name, the number that orders before the other."""
    peak, mean = figures_lines(card)
    first, second = (mean, peak) if aggregator is Aggregator.MEAN else (peak, mean)
    return answer_text(card), first, second


def spoken(card: Card, aggregator: Aggregator, rank: int) -> str:
    """Return all of it in one line, for who does not see it."""
    return f"{rank:,}. {card.name}. " + ". ".join(caption(card, aggregator))


def summary(gallery: Gallery) -> str:
    """Say how many pictures are shown, and how to read a map."""
    if gallery.model is None or not len(gallery):
        return ""
    count, inked = f"{len(gallery):,}", f"{gallery.inked:,}"
    which = f"{inked} pictures with ink" if count == inked else f"{count} of {inked} pictures with ink"
    return (
        f"{which} judge {gallery.model.name}. Maps: {method_name(gallery.request.method)} of the class "
        "answered, each on its own scale; orange speaks for the class, blue against it."
    )


def note(gallery: Gallery) -> str:
    """Say what is not shown, and what to be careful about; "" for nothing."""
    return "  ".join(part for part in (gallery.note, kept_back_text(gallery.kept_back)) if part)
