"""Manual pages, from what the programs themselves say of their commands."""

from gsal.version import __version__

_HEAD = """\
.TH {upper} 1 "" "gsal {version}" "User Commands"
.SH NAME
{name} \\- {what}
.SH SYNOPSIS
.B {name}
{usage}
.SH DESCRIPTION
{text}
"""
_WINDOW = """\
Opens the window, on a project if its folder, or the file project.sqlite in it, is given.
.SH OPTIONS
.TP
.B \\-\\-selftest
Try every part of the program on made-up pictures, print what works, and end.
.TP
.B \\-\\-log \\fIFILE\\fR
Write what the self-test says to a file as well.
.TP
.B \\-\\-version
Print the version.
.SH SEE ALSO
.BR gsal (1)
"""


def manual(program: str) -> str:
    """Return the manual page of one of the two programs, in man's language."""
    if program == "gsal-app":
        what = "window of the ink bias audit for skin-lesion classifiers"
        usage, text = "[\\fIPROJECT\\fR]", _WINDOW
    else:
        what = "ink bias audit for skin-lesion classifiers, in a terminal"
        usage, text = "\\fICOMMAND\\fR [\\fIOPTIONS\\fR]", _commands()
    name = _quoted(program)
    return _HEAD.format(
        upper=name.upper(), name=name, version=__version__, what=_quoted(what), usage=usage, text=text
    )


def _commands() -> str:
    import typer

    from gsal.cli import app

    lines = ["Each command tells its options with \\-\\-help.", ".SH COMMANDS"]
    for name, text in _listed(typer.main.get_command(app)):
        lines += [".TP", f".B {_quoted(name)}", _quoted(text)]
    return "\n".join([*lines, ".SH SEE ALSO", ".BR gsal\\-app (1)", ""])


def _listed(command: object, before: str = "") -> list[tuple[str, str]]:
    """Return the names of all commands under one, and the first sentences of their help."""
    found = []
    for name, one in getattr(command, "commands", {}).items():
        path = f"{before}{name}"
        if getattr(one, "commands", None):
            found += _listed(one, f"{path} ")
        else:
            found.append((path, str(one.help or "").split("\n\n")[0].replace("\n", " ")))
    return found


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace("-", "\\-").replace("\n.", "\n\\&.")
