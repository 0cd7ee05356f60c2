"""A project: one folder with its database, checkpoints, exports and logs."""

from pathlib import Path
from types import TracebackType
from typing import Any, Self

from gsal.errors import InputError, ProjectError
from gsal.masks.area import MIN_INK_PX, REFERENCE_PX
from gsal.records import DEFAULT_CLASSES, ImageRecord
from gsal.storage import Store

__all__ = ["DATABASE_NAME", "Project"]

DATABASE_NAME = "project.sqlite"


class Project:
    """An open project. Make one with `Project.create` or `Project.open`; a context manager.

    Attributes:
        folder: Where it lies.
        store: Its database.
        name: For people.
        classes: Class names in the order of every table and of every network's logits.
        min_ink_px: A picture is inked above this many ink pixels at the reference size (SPEC 1).
    """

    def __init__(self, folder: Path, store: Store) -> None:
        description = store.description()
        self.folder = folder
        self.store = store
        self.name: str = description["name"]
        self.classes: tuple[str, ...] = description["classes"]
        self.min_ink_px: float = description["min_ink_px"]
        self.uuid: str = description["uuid"]

    @classmethod
    def create(
        cls,
        folder: Path,
        *,
        name: str | None = None,
        classes: tuple[str, ...] = DEFAULT_CLASSES,
        program: str = "gsal",
    ) -> Self:
        """Make a project in a new or empty-of-projects folder.

        Raises:
            ProjectError: There is one already, or the folder cannot be made; or the classes are unusable.
        """
        if len(classes) < 2 or len(set(classes)) != len(classes) or not all(classes):
            raise ProjectError("A project needs at least two classes with different names.")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            store = Store.create(
                folder / DATABASE_NAME,
                name=name or folder.resolve().name,
                classes=classes,
                min_ink_px=MIN_INK_PX,
                reference_px=REFERENCE_PX,
                program=program,
            )
        except OSError as error:
            raise ProjectError(
                f"{folder}: the project cannot be made here ({error.strerror or error})."
            ) from error
        return cls(folder, store)

    @classmethod
    def open(cls, folder: Path, *, read_only: bool = False, program: str = "gsal") -> Self:
        """Open a project; see `Store.open` for what is raised."""
        return cls(folder, Store.open(folder / DATABASE_NAME, read_only=read_only, program=program))

    @property
    def read_only(self) -> bool:
        """Whether nothing can be written."""
        return self.store.read_only

    @property
    def checkpoints(self) -> Path:
        """Folder of weights and training states."""
        return self._made("checkpoints")

    @property
    def exports(self) -> Path:
        """Folder of reports and tables."""
        return self._made("exports")

    @property
    def logs(self) -> Path:
        """Folder of logs."""
        return self._made("logs")

    @property
    def split(self) -> dict[str, Any] | None:
        """What the project's one split and its folds are; None before the first cohort."""
        split: dict[str, Any] | None = self.store.description()["split"]
        return split

    def image_path(self, image: ImageRecord) -> Path:
        """Return where a picture lies on this machine.

        Raises:
            InputError: Its root folder is unknown.
        """
        try:
            root = self.store.images.roots()[image.root]
        except KeyError:
            raise InputError(image.path, f"its folder {image.root} is unknown", "Import it again.") from None
        return root / image.path

    def close(self) -> None:
        """Finish waiting writes and give the project back."""
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _made(self, name: str) -> Path:
        path = self.folder / name
        if not self.read_only:
            path.mkdir(exist_ok=True)
        return path
