"""What the window remembers between two starts; nothing of it belongs to a project."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from app.theme import ThemeChoice

__all__ = ["Settings"]

_RECENT = 8


class Settings:
    """Typed access to the settings file.

    Args:
        file: Its path; the user's own by default.
    """

    def __init__(self, file: Path | None = None) -> None:
        if file is None:
            self._store = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "gsal", "gsal")
        else:
            self._store = QSettings(str(file), QSettings.Format.IniFormat)

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
