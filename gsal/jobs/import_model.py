"""Bring in a classifier that was trained elsewhere."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from gsal.errors import ModelError
from gsal.files import sha256_of_file
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import ModelKind, Preprocessing
from gsal.version import __version__

__all__ = ["ImportModel"]


@dataclass(frozen=True, slots=True)
class ImportModel:
    """Takes a state_dict of a torchvision classification architecture, after a dry run on one blank picture.

    Attributes:
        weights: The file, .safetensors or .pt; no code in it is run.
        name: Its name in the project.
        architecture: torchvision's name.
        size: Side of its input, in pixels.
        classes: In the order of its logits; the project's if empty.
    """

    kind: ClassVar[str] = "import model"
    weights: str
    name: str
    architecture: str = "densenet121"
    size: int = 224
    classes: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What it does, for people."""
        return f"Importing {self.name}"

    def run(self, ctx: JobContext, project: Project) -> dict[str, Any]:
        """Import; return name, classes and the hash of the file.

        Raises:
            ModelError: The weights do not fit; the text names the difference.
        """
        from gsal.models.checkpoints import save_weights
        from gsal.models.outside import OutsideModel, load_outside

        classes = self.classes or project.classes
        if unknown := [name for name in classes if name not in project.classes]:
            raise ModelError(
                f"The project has no class {', '.join(unknown)}; it has {', '.join(project.classes)}."
            )
        if project.store.models.find(self.name) is not None:
            raise ModelError(f"There is already a model named {self.name}; choose another name.")
        preprocessing = Preprocessing(size=self.size)
        described = OutsideModel(self.architecture, classes, preprocessing)
        module = load_outside(Path(self.weights), described)
        ctx.check()
        card = {"file": Path(self.weights).name, "file_sha256": sha256_of_file(Path(self.weights))}
        record = project.store.models.add(
            self.name,
            kind=ModelKind.CLASSIFIER,
            architecture=self.architecture,
            preprocessing=preprocessing,
            seed=None,
            classes=classes,
            run_card=card,
        )
        path = project.checkpoints / f"model-{record.id}.safetensors"
        sha256 = save_weights(path, module)
        project.store.models.finish(
            record.id,
            weights=path.relative_to(project.folder).as_posix(),
            weights_sha256=sha256,
            run_card=card | {"gsal": __version__},
        )
        return {"name": self.name, "classes": list(classes), **card}
