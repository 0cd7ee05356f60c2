"""What a network begins its training with: ImageNet weights, a file's, or random ones."""

from dataclasses import dataclass
from pathlib import Path

from gsal.errors import ModelError
from gsal.files import sha256_of_file
from gsal.progress import JobContext

__all__ = ["IMAGENET", "RANDOM", "InitialWeights", "find_initial_weights"]

IMAGENET, RANDOM = "imagenet", "none"


@dataclass(frozen=True, slots=True)
class InitialWeights:
    """A file of weights; no path stands for random ones.

    Attributes:
        path: .pth or .safetensors.
        sha256: Of the file; "" without one.
    """

    path: Path | None = None
    sha256: str = ""

    def to_card(self) -> dict[str, str]:
        """Return it as a run card keeps it."""
        return {"file": "random" if self.path is None else self.path.name, "sha256": self.sha256}


def find_initial_weights(asked: str, architecture: str, ctx: JobContext) -> InitialWeights:
    """Find the file that was asked for.

    Args:
        asked: "imagenet" for torchvision's file in torch's cache, of which nothing is downloaded; "none" for
            random weights; else a path.
        architecture: Of the network.
        ctx: Is told where ImageNet weights would be looked for, when they are not there.

    Raises:
        ModelError: A file was asked for that is not there.
    """
    from gsal.models.imagenet import find_imagenet_weights, imagenet_weights_path

    if asked == RANDOM:
        return InitialWeights()
    if asked != IMAGENET:
        path = Path(asked)
        if not path.is_file():
            raise ModelError(
                f"{path}: there is no such file of weights. Give one of {architecture}, "
                f'"{IMAGENET}" or "{RANDOM}".'
            )
        return InitialWeights(path, sha256_of_file(path))
    found = find_imagenet_weights(architecture)
    if found is not None:
        return InitialWeights(found, sha256_of_file(found))
    expected = imagenet_weights_path(architecture)
    if expected is not None:
        ctx.notice(
            f"ImageNet weights of {architecture} are not on this machine, so training begins with random "
            f"ones and needs more pictures and epochs. To use them, put torchvision's file at {expected}."
        )
    return InitialWeights()
