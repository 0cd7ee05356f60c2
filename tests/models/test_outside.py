from pathlib import Path

import pytest
import torch
from torch import nn

from gsal.errors import ModelError
from gsal.models.checkpoints import save_weights
from gsal.models.outside import OutsideModel, load_outside
from gsal.models.registry import build_classifier
from gsal.records import Preprocessing

DESCRIBED = OutsideModel("densenet-small", ("MEL", "NV", "Other"), Preprocessing(size=48))


def own_model() -> nn.Module:
    return build_classifier("densenet-small", 3, seed=5)


def write(path: Path, kind: str) -> None:
    state = own_model().state_dict()
    if kind == "safetensors":
        save_weights(path, own_model())
    elif kind == "wrapped":
        torch.save({"epoch": 3, "state_dict": {f"module.{key}": value for key, value in state.items()}}, path)
    else:
        torch.save(state, path)


@pytest.mark.parametrize("kind", ["safetensors", "wrapped", "pth"])
def test_it_computes_what_its_owner_computes(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"mine.{kind if kind == 'safetensors' else 'pth'}"
    write(path, kind)
    model = load_outside(path, DESCRIBED)
    picture = torch.randn(2, 3, 48, 48, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        assert torch.equal(model(picture), own_model().eval()(picture))


@pytest.mark.parametrize(
    ("described", "text"),
    [
        (
            OutsideModel("densenet-small", ("MEL", "NV"), Preprocessing()),
            r"2 classes: classifier\.weight is 3 x 144",
        ),
        (
            OutsideModel("resnet18", DESCRIBED.classes, Preprocessing()),
            r"not weights of resnet18.*missing conv1",
        ),
        (OutsideModel("densenet-small", ("A", "A", "B"), Preprocessing()), "each of its classes once"),
        (OutsideModel("unet", DESCRIBED.classes, Preprocessing()), "no architecture 'unet'"),
        (
            OutsideModel("densenet-small", DESCRIBED.classes, Preprocessing(size=4)),
            "does not take pictures of 4 x 4",
        ),
    ],
)
def test_what_does_not_fit_is_named(tmp_path: Path, described: OutsideModel, text: str) -> None:
    write(tmp_path / "mine.pth", "pth")
    with pytest.raises(ModelError, match=text):
        load_outside(tmp_path / "mine.pth", described)


def test_a_network_that_overflows_is_refused(tmp_path: Path) -> None:
    model = own_model()
    model.get_parameter("features.norm5.bias").data.fill_(3e38)
    save_weights(tmp_path / "mine.safetensors", model)
    with pytest.raises(ModelError, match="no finite logit"):
        load_outside(tmp_path / "mine.safetensors", DESCRIBED)
