"""`gsal ...`: every job from a terminal. Nothing heavy is imported before a command needs it."""

import typer

from gsal.cli import (
    agreement,
    cohorts,
    exports,
    imports,
    jobs,
    masks,
    models,
    predictions,
    projects,
    results,
    saliency,
    sanity,
    servers,
    validation,
)
from gsal.threads import share_cores
from gsal.version import __version__

__all__ = ["app", "main"]

app = typer.Typer(
    name="gsal",
    help="Does a skin-lesion classifier look at ink instead of the lesion, and how much does that cost?",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(value: bool) -> None:
    if value:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _options(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version."
    ),
) -> None:
    del version


projects.register(app)
servers.register(app)
imports.register(app)
masks.register(app)
validation.register(app)
agreement.register(app)
cohorts.register(app)
models.register(app)
predictions.register(app)
saliency.register(app)
results.register(app)
sanity.register(app)
exports.register(app)
jobs.register(app)


def main() -> None:
    """Run the terminal program."""
    share_cores()
    app()
