"""The licences of everything the program is made of, as its packages tell them."""

import json
import platform
import re
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from importlib import metadata
from importlib.resources import files
from pathlib import Path

__all__ = ["LICENCES_FILE", "Licence", "installed", "known", "to_json", "to_text"]

LICENCES_FILE = "licences.json"
"""Beside the other resources of an installed program; written when that is built."""

_EXTRAS = ("", "postgresql")
_TEXT_NAME = re.compile(r"(?i)(^|/)(licen[cs]e|copying|notice|copyright)[^/]*$")
_TERMS_KEPT = {"LGPL-3.0-only": ("LGPL-3.0-only", "GPL-3.0-only")}
"""Licences whose texts lie in resources/terms, for parts that come without: the LGPL adds to the GPL."""
_PYTHON = "https://docs.python.org/3/license.html"


@dataclass(frozen=True, slots=True)
class Licence:
    """One part and the terms it comes under.

    Attributes:
        name: Of the part.
        version: Of it.
        terms: The licence's name, an SPDX expression where the part gives one.
        url: Of the part; "" if it gives none.
        text: The full licence texts that come with it; "" if there are none.
    """

    name: str
    version: str
    terms: str
    url: str
    text: str


def known() -> tuple[Licence, ...]:
    """Return what an installed program was built with, or, run from its sources, what is installed."""
    kept = files("resources") / LICENCES_FILE
    if kept.is_file():
        return tuple(Licence(**one) for one in json.loads(kept.read_text(encoding="utf-8")))
    return installed()


def installed() -> tuple[Licence, ...]:
    """Return Python and every package that the program needs, by name."""
    terms = Path(sysconfig.get_path("stdlib")) / "LICENSE.txt"
    text = terms.read_text(encoding="utf-8") if terms.is_file() else ""
    python = Licence("Python", platform.python_version(), "PSF-2.0", _PYTHON, text)
    parts = [_of(metadata.distribution(name)) for name in _needed("gsal")]
    return tuple(sorted([python, *parts], key=lambda one: one.name.lower()))


def to_json(licences: Iterable[Licence]) -> str:
    """Return the content of `LICENCES_FILE`."""
    return json.dumps([asdict(one) for one in licences], ensure_ascii=False, indent=1)


def to_text(licences: Iterable[Licence]) -> str:
    """Return all of them as one text for people."""
    return "\n".join(
        f"{one.name} {one.version}\n{one.terms}\n{one.url}\n\n{one.text}\n{'-' * 72}\n" for one in licences
    )


def _needed(root: str) -> Iterator[str]:
    """Yield the packages that one needs, and those that they need, but not itself."""
    from packaging.requirements import Requirement

    seen = {_plain(root)}
    waiting: list[tuple[str, tuple[str, ...]]] = [(root, _EXTRAS)]
    while waiting:
        name, extras = waiting.pop()
        for line in metadata.requires(name) or ():
            wanted = Requirement(line)
            is_asked = wanted.marker is None or any(wanted.marker.evaluate({"extra": one}) for one in extras)
            if not is_asked or _plain(wanted.name) in seen:
                continue
            seen.add(_plain(wanted.name))
            try:
                metadata.distribution(wanted.name)
            except metadata.PackageNotFoundError:
                continue  # an extra that is not installed
            yield wanted.name
            waiting.append((wanted.name, ("", *wanted.extras)))


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _of(part: metadata.Distribution) -> Licence:
    about = part.metadata
    paths = [
        Path(str(file.locate()))
        for file in part.files or ()
        if _TEXT_NAME.search(str(file)) and ".dist-info" in str(file)
    ]
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in paths if path.is_file()]
    terms = _terms(about)
    text = "\n\n".join(texts or _kept(terms))
    return Licence(about["Name"], part.version, terms, _url(about), text)


def _kept(terms: str) -> list[str]:
    names = next((kept for licence, kept in _TERMS_KEPT.items() if licence in terms), ())
    return [(files("resources") / "terms" / f"{name}.txt").read_text(encoding="utf-8") for name in names]


def _terms(about: metadata.PackageMetadata) -> str:
    if expression := _first(about, "License-Expression"):
        return expression
    classified = [
        line.rsplit(" :: ", 1)[-1]
        for line in about.get_all("Classifier") or ()
        if line.startswith("License :: ") and line != "License :: OSI Approved"
    ]
    if classified:
        return ", ".join(classified)
    first = _first(about, "License").strip().splitlines()
    return first[0][:80] if first else "see its text"


def _url(about: metadata.PackageMetadata) -> str:
    pages = [line.split(", ", 1)[-1] for line in about.get_all("Project-URL") or ()]
    return _first(about, "Home-page") or next(iter(pages), "")


def _first(about: metadata.PackageMetadata, field: str) -> str:
    return next(iter(about.get_all(field) or ()), "")
