"""The file in a project's folder that says which server keeps the project's database."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gsal.errors import ProjectDamaged
from gsal.files import write_text
from gsal.storage.server import address_of, without_secrets
from gsal.storage.sqlite import unreadable

__all__ = ["LINK_NAME", "Link", "read_link", "write_link"]

LINK_NAME = "database.json"


@dataclass(frozen=True, slots=True)
class Link:
    """Where a project is, as one workstation sees it.

    Attributes:
        url: Of its database, without a password.
        project_uuid: Of the project that is expected there.
        pictures: Where this workstation has the folders of pictures, by their names in the project; those
            that are not listed lie where the project says.
    """

    url: str
    project_uuid: str
    pictures: dict[str, str] = field(default_factory=dict)


def read_link(folder: Path) -> Link | None:
    """Return a folder's link; None if its database lies in the folder itself.

    Raises:
        ProjectDamaged: There is a file of this name, but no link in it.
        ProjectError: It may not be read.
    """
    path = folder / LINK_NAME
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        pictures = {str(name): str(place) for name, place in found.get("pictures", {}).items()}
        return Link(str(found["database"]), str(found["project"]), pictures)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise unreadable(path, error) from error
    except (ValueError, KeyError, AttributeError, TypeError):
        raise ProjectDamaged(
            f"{path}: this does not say where the project's database is. Join it again with `gsal join`."
        ) from None


def write_link(folder: Path, url: str, project_uuid: str, pictures: Mapping[str, Path]) -> Link:
    """Write a folder's link, whole or not at all, and return it; a password in the address is left out."""
    places = {name: str(place.resolve()) for name, place in pictures.items()}
    link = Link(without_secrets(address_of(url)), project_uuid, places)
    content = {"database": link.url, "project": link.project_uuid, "pictures": link.pictures}
    write_text(folder / LINK_NAME, json.dumps(content, indent=2, ensure_ascii=False) + "\n")
    return link
