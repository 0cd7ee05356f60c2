"""A copy of a server's database before its tables are changed, by PostgreSQL's own program."""

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from gsal.errors import ProjectError
from gsal.files import replacing
from gsal.storage.server import address_of, name_of

__all__ = ["dump"]


def dump(url: str, folder: Path) -> Path:
    """Write a dump that `pg_restore` reads into a folder, and look whether it can be read.

    Raises:
        ProjectError: pg_dump is not on this machine, or could not do it.
    """
    address = address_of(url)
    program, reader = (shutil.which(name) for name in ("pg_dump", "pg_restore"))
    if program is None or reader is None:
        raise ProjectError(
            f"{name_of(address)}: no copy can be made before the upgrade: pg_dump is not on this computer. "
            "Let who runs the server make one, then use --no-backup."
        )
    path = folder / f"{datetime.now(UTC):%Y%m%dT%H%M%S}-upgrade.dump"
    plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
    with replacing(path) as temporary:
        _run([program, "--format=custom", "--no-password", f"--file={temporary}", plain], name_of(address))
        listed = _run([reader, "--list", str(temporary)], name_of(address))
        if "TABLE DATA" not in listed or " mask_revision " not in listed:
            raise ProjectError(f"{name_of(address)}: the copy before the upgrade lacks the masks.")
    return path


def _run(command: list[str], name: str) -> str:
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - found by which
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[0]
        raise ProjectError(
            f"{name}: no copy could be made before the upgrade ({reason}). Nothing was changed."
        )
    return done.stdout
