"""Which pictures a cohort may be chosen from: by class, source, ink, patient, or a column of the labels."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from gsal.cohorts.picture import Picture, by_id
from gsal.errors import CohortError

__all__ = ["PictureFilter"]

_SHOWN = 8


@dataclass(frozen=True, slots=True)
class PictureFilter:
    """Conditions that a picture has to meet, all of them; an empty one is met by every picture.

    Attributes:
        classes: Its class is one of these.
        sources: It lies in one of these folders; each is a folder's name, or names joined by slashes.
        columns: For each column of the table of labels, the values it may have.
        inked: Whether it is inked.
        patients: It is of one of these patients.
        without_patients: It is of none of these patients.
    """

    classes: Collection[str] = ()
    sources: Collection[str] = ()
    columns: Mapping[str, Collection[str]] = field(default_factory=dict)
    inked: bool | None = None
    patients: Collection[str] = ()
    without_patients: Collection[str] = ()

    def matches(self, picture: Picture) -> bool:
        """Whether a picture meets every condition."""
        return (
            (not self.classes or picture.label in self.classes)
            and (not self.sources or any(_lies_in(picture.source, folder) for folder in self.sources))
            and all(picture.columns.get(name, "") in values for name, values in self.columns.items())
            and self.inked in {None, picture.inked}
            and (not self.patients or picture.patient in self.patients)
            and picture.patient not in self.without_patients
        )

    def choose(self, pictures: Iterable[Picture]) -> list[Picture]:
        """Return the pictures that meet every condition, by ascending id."""
        return by_id(picture for picture in pictures if self.matches(picture))

    def require_known(self, pictures: Collection[Picture], classes: Collection[str]) -> None:
        """Refuse what cannot be meant: a name that fits no picture, most often a slip of the pen.

        Args:
            pictures: All labelled pictures of the project.
            classes: The project's.

        Raises:
            CohortError: A class, folder, column, value or patient is unknown; the text lists those there are.
        """
        sources = {picture.source for picture in pictures}
        columns = {name for picture in pictures for name in picture.columns}
        _require("class", self.classes, classes)
        for folder in self.sources:
            if not any(_lies_in(source, folder) for source in sources):
                raise CohortError(f"No labelled picture lies in {folder}. The folders are {_some(sources)}.")
        _require("column", self.columns, columns)
        for name, values in self.columns.items():
            _require(f"value of {name}", values, {picture.columns.get(name, "") for picture in pictures})
        patients = {picture.patient for picture in pictures}
        _require("patient", [*self.patients, *self.without_patients], patients)

    @property
    def words(self) -> str:
        """The conditions other than those on the class, for people; "" without any."""
        parts = [
            f"in {_either(self.sources)}" if self.sources else "",
            *(f"with {name} {_either(values)}" for name, values in self.columns.items()),
            {None: "", True: "with ink", False: "without ink"}[self.inked],
            f"of {len(self.patients):,} patients" if self.patients else "",
            f"without {len(self.without_patients):,} of the patients" if self.without_patients else "",
        ]
        return ", ".join(part for part in parts if part)


def _lies_in(source: str, folder: str) -> bool:
    """Whether a folder, or several in a row, are on the way to a picture.

    >>> _lies_in("photos/dermoscopic/2017", "dermoscopic"), _lies_in("photos/dermoscopic", "derm")
    (True, False)
    """
    return f"/{folder.strip('/')}/" in f"/{source}/"


def _require(what: str, given: Iterable[str], known: Collection[str]) -> None:
    if unknown := [name or "empty" for name in given if name not in known]:
        raise CohortError(
            f"There is no {what} {', '.join(unknown)} among the labelled pictures; there are {_some(known)}."
        )


def _either(names: Iterable[str]) -> str:
    return " or ".join(name or "empty" for name in names)


def _some(names: Collection[str]) -> str:
    shown = ", ".join(name or "empty" for name in sorted(names)[:_SHOWN])
    more = len(names) - _SHOWN
    return f"{shown} and {more:,} more" if more > 0 else shown or "none"
