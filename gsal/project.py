"""A project: one folder with its database or a link to it, checkpoints, exports and logs."""

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from gsal.errors import InputError, NotFoundError, ProjectDamaged, ProjectError
from gsal.masks.area import MIN_INK_PX, REFERENCE_PX
from gsal.records import DEFAULT_CLASSES, ImageRecord
from gsal.storage import Store
from gsal.storage.copying import Watch
from gsal.storage.link import LINK_NAME, Link, read_link, write_link
from gsal.storage.served import upgrade_served

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

    def __init__(self, folder: Path, store: Store, link: Link | None = None) -> None:
        description = store.description()
        self.folder = folder
        self.store = store
        self._pictures = {} if link is None else {n: Path(place) for n, place in link.pictures.items()}
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
        server: str = "",
        program: str = "gsal",
    ) -> Self:
        """Make a project in a new or empty-of-projects folder.

        Args:
            folder: Where it lies.
            name: For people; by default the folder's.
            classes: In their order.
            server: Address of an empty PostgreSQL database to keep it in, instead of a file in the folder.
            program: What makes it, for whoever finds it open.

        Raises:
            ProjectError: There is one already, or the folder cannot be made; or the classes are unusable.
            ServerError: The server does not answer.
        """
        if len(classes) < 2 or len(set(classes)) != len(classes) or not all(classes):
            raise ProjectError("A project needs at least two classes with different names.")
        _require_no_project(folder)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            store = Store.create(
                server or folder / DATABASE_NAME,
                name=name or folder.resolve().name,
                classes=classes,
                min_ink_px=MIN_INK_PX,
                reference_px=REFERENCE_PX,
                program=program,
            )
            return cls._linked(folder, store, server, {}) if server else cls(folder, store)
        except OSError as error:
            raise ProjectError(
                f"{folder}: the project cannot be made here ({error.strerror or error})."
            ) from error

    @classmethod
    def open(cls, folder: Path, *, read_only: bool = False, program: str = "gsal") -> Self:
        """Open a project; see `Store.open` for what is raised."""
        link = read_link(folder)
        if link is None:
            return cls(folder, Store.open(folder / DATABASE_NAME, read_only=read_only, program=program))
        project = cls(folder, Store.open(link.url, read_only=read_only, program=program), link)
        if project.uuid != link.project_uuid:
            project.close()
            raise ProjectDamaged(
                f"{folder}: this folder belongs to another project than the one that its database now holds. "
                "Join that in a folder of its own, with `gsal join`."
            )
        return project

    @staticmethod
    def is_served(folder: Path) -> bool:
        """Return whether a project's database is on a server, where several programs may write it at once."""
        return read_link(folder) is not None

    @classmethod
    def join(cls, folder: Path, server: str, *, pictures: Mapping[str, Path] | None = None) -> Self:
        """Make a folder for a project that is on a server already, as for another workstation.

        Args:
            folder: New or empty of projects; weights of networks are looked for in it.
            server: Address of the project's database.
            pictures: Where this workstation has folders of pictures, by their names in the project.

        Raises:
            ProjectError: There is a project in the folder already.
            NotFoundError: The project has no such folder of pictures.
            ServerError: The server does not answer.
        """
        _require_no_project(folder)
        store = Store.open(server, program="gsal join")
        try:
            _require_known(pictures or {}, store.images.roots())
            folder.mkdir(parents=True, exist_ok=True)
            return cls._linked(folder, store, server, pictures or {})
        except BaseException:
            store.close()
            raise

    @classmethod
    def upgrade(cls, folder: Path, *, is_backed_up: bool = True) -> None:
        """Bring the tables of a project to this version.

        Args:
            folder: The project's; one in a file is brought to this version whenever it is opened.
            is_backed_up: Whether a copy of one on a server is made in the folder first.

        Raises:
            ProjectError: It is open somewhere, or no copy could be made; nothing was changed.
        """
        link = read_link(folder)
        if link is None:
            cls.open(folder, program="gsal upgrade").close()
        else:
            upgrade_served(link.url, folder / "backups" if is_backed_up else None)

    def copy(self, folder: Path, watch: Watch, *, server: str = "") -> Self:
        """Make a project of the same rows in another folder and open it; see `Store.copy`."""
        _require_no_project(folder)
        folder.mkdir(parents=True, exist_ok=True)
        store = self.store.copy(server or folder / DATABASE_NAME, watch, program="gsal copy")
        if server:
            return self._linked(folder, store, server, self._pictures)
        return type(self)(folder, store)

    @classmethod
    def _linked(cls, folder: Path, store: Store, server: str, pictures: Mapping[str, Path]) -> Self:
        return cls(folder, store, write_link(folder, server, store.description()["uuid"], pictures))

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
            root = self.roots()[image.root]
        except KeyError:
            raise InputError(image.path, f"its folder {image.root} is unknown", "Import it again.") from None
        return root / image.path

    def roots(self) -> dict[str, Path]:
        """Return the folders of pictures by name, where this workstation has them."""
        return self.store.images.roots() | self._pictures

    def known_as(self, folder: Path) -> Path:
        """Return what the project calls a folder of pictures of this workstation."""
        for name, place in self._pictures.items():
            if folder.is_relative_to(place):
                return self.store.images.roots()[name] / folder.relative_to(place)
        return folder

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


def _require_no_project(folder: Path) -> None:
    if any((folder / name).exists() for name in (DATABASE_NAME, LINK_NAME)):
        raise ProjectError(f"{folder}: there is a project already. Open it, or choose another folder.")


def _require_known(pictures: Mapping[str, Path], roots: Mapping[str, Path]) -> None:
    if unknown := sorted(pictures.keys() - roots.keys()):
        known = ", ".join(roots) or "none yet"
        raise NotFoundError(f"The project has no folder of pictures {unknown[0]}. Its folders: {known}.")
