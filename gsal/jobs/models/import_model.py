"""Bring in a classifier that was trained elsewhere."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar

from gsal.errors import ModelError
from gsal.files import write_bytes
from gsal.jobs.models.card import ModelCard
from gsal.jobs.models.check import check_model
from gsal.jobs.models.format import SUFFIXES
from gsal.jobs.models.report import CheckedModel, Fit
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import ModelFormat, ModelKind, ModelRecord
from gsal.version import __version__

__all__ = ["ImportModel"]


@dataclass(frozen=True, slots=True)
class ImportModel:
    """Takes a model's file after a dry run on one picture of the project.

    What is not said here is taken from the model's card, and what is not said there is usual.

    Attributes:
        weights: A state_dict (.safetensors, .pt, .pth) of a torchvision classification architecture, a
            TorchScript or torch.export program (.pt, .pt2), or an ONNX network (.onnx).
        name: Its name in the project.
        architecture: torchvision's name, for a state_dict.
        size: Side of its input, in pixels.
        classes: In the order of its outputs.
        mean: Of its training, for pixels from 0 to 1.
        std: Likewise.
        layer: Of Grad-CAM.
        outputs: "logits" or "probabilities".
        card: Its card; "" for the one beside it, if any.
        trust: Whether code in the file may be run.
        sha256: Of the file that was agreed to; another one is refused. "" for any.
        dry_run: Whether it is only tried.
    """

    kind: ClassVar[str] = "import model"
    weights: str
    name: str
    architecture: str = ""
    size: int = 0
    classes: tuple[str, ...] = ()
    mean: tuple[float, ...] = ()
    std: tuple[float, ...] = ()
    layer: str = ""
    outputs: str = ""
    card: str = ""
    trust: bool = False
    sha256: str = ""
    dry_run: bool = False

    @property
    def title(self) -> str:
        """What it does, for people."""
        return f"Trying {self.name}" if self.dry_run else f"Importing {self.name}"

    def run(self, ctx: JobContext, project: Project) -> dict[str, Any]:
        """Import; return name, classes, the hash of the file, and the report of the dry run.

        Raises:
            ModelError: The model does not fit, which a dry run only reports; the text names the difference.
        """
        if not self.dry_run and project.store.models.find(self.name) is not None:
            raise ModelError(f"There is already a model named {self.name}; choose another name.")
        checked = self.check(project)
        ctx.check()
        result = {"name": self.name, **checked.to_json()}
        if self.dry_run:
            return result
        if not checked.fits:
            raise ModelError(" ".join(c.text for c in checked.checks if c.fit is Fit.MISFIT))
        record = self._keep(project, checked)
        return result | {"classes": list(record.classes), "file": Path(self.weights).name}

    def check(self, project: Project) -> CheckedModel:
        """Try the model on a picture of the project; nothing is kept.

        Raises:
            ModelError: A setting has a value that it cannot have.
        """
        stated = {
            "architecture": self.architecture,
            "classes": self.classes,
            "size": self.size,
            "mean": self.mean,
            "std": self.std,
            "layer": self.layer,
            "outputs": self.outputs,
        }
        asked = ModelCard.parse({k: v for k, v in stated.items() if v}, source="the settings of the import")
        card = Path(self.card) if self.card else None
        return check_model(
            project, Path(self.weights), asked, card=card, trust=self.trust, sha256=self.sha256
        )

    def _keep(self, project: Project, checked: CheckedModel) -> ModelRecord:
        from gsal.models.checkpoints import save_weights

        described, module = checked.described, checked.module
        assert described is not None  # noqa: S101 - it fits
        assert module is not None  # noqa: S101
        card = {
            "file": Path(self.weights).name,
            "file_sha256": checked.sha256,
            "brought": asdict(checked.brought),
            "gsal": __version__,
        }
        record = project.store.models.add(
            self.name,
            kind=ModelKind.CLASSIFIER,
            architecture=described.architecture or str(described.format),
            preprocessing=described.preprocessing,
            classes=described.classes,
            run_card=card,
        )
        path = project.checkpoints / f"model-{record.id}{SUFFIXES[described.format]}"
        if described.format is ModelFormat.STATE_DICT:
            sha256 = save_weights(path, module)
        else:
            # The very bytes that were tried, not what lies at that path by now.
            sha256 = checked.sha256
            write_bytes(path, checked.data)
        return project.store.models.finish(
            record.id,
            weights=path.relative_to(project.folder).as_posix(),
            weights_sha256=sha256,
            run_card=card,
        )
