"""What the window remembers between two starts; nothing of it belongs to a project."""

import logging
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from app.theme import FONT_SCALES, ThemeChoice

__all__ = ["Settings"]

_log = logging.getLogger(__name__)
_RECENT = 8
_BRUSH_PX = 24, 1, 500
_OPACITY_PERCENT = 45, 0, 100


class Settings:
    """Typed access to the settings file; what in it makes no sense counts as not said.

    Args:
        file: Its path; the user's own by default.

    Attributes:
        notice: One sentence when the file could not be used and was put aside; "" otherwise.
    """

    def __init__(self, file: Path | None = None) -> None:
        if file is None:
            own = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "gsal", "gsal")
            file = Path(own.fileName())
        self.notice = _put_aside(file) if _is_broken(file) else ""
        self._store = QSettings(str(file), QSettings.Format.IniFormat)

    @property
    def file(self) -> Path:
        """Where they are kept."""
        return Path(self._store.fileName())

    def keep(self) -> None:
        """Write what was changed at once; else it is written within seconds, or at the end."""
        self._store.sync()

    @property
    def theme(self) -> ThemeChoice:
        """Light, dark or after the system."""
        value = str(self._store.value("theme", ThemeChoice.SYSTEM))
        return ThemeChoice(value) if value in set(ThemeChoice) else ThemeChoice.SYSTEM

    @theme.setter
    def theme(self, choice: ThemeChoice) -> None:
        self._store.setValue("theme", str(choice))

    @property
    def geometry(self) -> QByteArray:
        """Where the window last was; empty the first time."""
        value = self._store.value("geometry")
        return value if isinstance(value, QByteArray) else QByteArray()

    @geometry.setter
    def geometry(self, value: QByteArray) -> None:
        self._store.setValue("geometry", value)

    @property
    def recent(self) -> list[Path]:
        """Projects opened lately, the last one first."""
        text = str(self._store.value("recent", ""))
        return [Path(line) for line in text.splitlines() if line]

    def remember_project(self, folder: Path) -> None:
        """Put a project first among the recent ones."""
        kept = [folder, *(other for other in self.recent if other != folder)][:_RECENT]
        self._store.setValue("recent", "\n".join(str(path) for path in kept))

    def reader(self, project_uuid: str) -> str:
        """Return who last read in a project on this machine; "" when nobody did."""
        return str(self._store.value(f"reader/{project_uuid}", ""))

    def remember_reader(self, project_uuid: str, name: str) -> None:
        """Keep who reads, so that it is asked once."""
        self._store.setValue(f"reader/{project_uuid}", name)

    @property
    def font_scale(self) -> float:
        """How much larger than usual text is."""
        try:
            scale = float(str(self._store.value("font scale", 1.0)))
        except ValueError:
            return 1.0
        return scale if FONT_SCALES[0] <= scale <= FONT_SCALES[1] else 1.0

    @font_scale.setter
    def font_scale(self, scale: float) -> None:
        self._store.setValue("font scale", scale)

    @property
    def shows_first_steps(self) -> bool:
        """Whether a project's first steps are shown until all are done."""
        return bool(self._number("first steps", 1, 0, 1))

    @shows_first_steps.setter
    def shows_first_steps(self, is_wanted: bool) -> None:
        self._store.setValue("first steps", int(is_wanted))

    @property
    def keymap(self) -> str:
        """The reader's own keys, as `Keymap.to_text` wrote them."""
        return str(self._store.value("review/keymap", ""))

    @keymap.setter
    def keymap(self, text: str) -> None:
        self._store.setValue("review/keymap", text)

    @property
    def palette(self) -> str:
        """Name of the mask's colours; "" for the usual ones."""
        return str(self._store.value("review/palette", ""))

    @palette.setter
    def palette(self, name: str) -> None:
        self._store.setValue("review/palette", name)

    @property
    def brush_px(self) -> int:
        """Diameter of the brush in picture pixels."""
        return self._number("review/brush", *_BRUSH_PX)

    @brush_px.setter
    def brush_px(self, size: int) -> None:
        self._store.setValue("review/brush", size)

    @property
    def opacity_percent(self) -> int:
        """Opacity of the mask's fill."""
        return self._number("review/opacity", *_OPACITY_PERCENT)

    @opacity_percent.setter
    def opacity_percent(self, percent: int) -> None:
        self._store.setValue("review/opacity", percent)

    @property
    def uses_pressure(self) -> bool:
        """Whether a pen that is pressed harder paints wider."""
        return bool(self._number("review/pressure", 1, 0, 1))

    @uses_pressure.setter
    def uses_pressure(self, is_used: bool) -> None:
        self._store.setValue("review/pressure", int(is_used))

    @property
    def folded(self) -> tuple[str, ...] | None:
        """Which sections of the review are folded; None when the reader never said."""
        value = self._store.value("review/folded")
        return None if value is None else tuple(name for name in str(value).split("|") if name)

    @folded.setter
    def folded(self, names: tuple[str, ...]) -> None:
        self._store.setValue("review/folded", "|".join(names))

    def _number(self, key: str, usual: int, least: int, most: int) -> int:
        try:
            number = int(str(self._store.value(key, usual)))
        except ValueError:
            return usual
        return number if least <= number <= most else usual


def _is_broken(file: Path) -> bool:
    try:
        lines = file.read_bytes().decode("utf-8").splitlines()
    except FileNotFoundError:
        return False
    except (OSError, UnicodeDecodeError):
        return True
    # Qt reads anything without a complaint, and would write back the little it made of it.
    return any(
        "\0" in line or not (line.startswith(("[", ";", "#")) or "=" in line)
        for line in lines
        if line.strip()
    )


def _put_aside(file: Path) -> str:
    kept = file.with_name(f"{file.name}.bad")
    try:
        file.replace(kept)
    except OSError as error:
        _log.warning("The settings file cannot be put aside: %s", error.strerror)
        return f"{file} cannot be read, so this window starts as new. Move the file away."
    return f"{file} was damaged, so this window starts as new. The old settings are kept as {kept.name}."
