from pathlib import Path

import pytest
import torch
from torch import nn

from gsal.errors import ModelError
from gsal.models.checkpoints import save_weights
from gsal.models.outside import OutsideModel, load_outside
from gsal.models.registry import CLASSIFIERS, build_classifier
from gsal.records import Preprocessing
from gsal.saliency.layers import find_layer

from torchvision import models as tv_models  # isort: skip

ONE_OF_EACH = {
    "densenet-small",
    "alexnet",
    "convnext_tiny",
    "densenet121",
    "efficientnet_b0",
    "efficientnet_v2_s",
    "googlenet",
    "inception_v3",
    "maxvit_t",
    "mnasnet0_5",
    "mobilenet_v2",
    "mobilenet_v3_small",
    "regnet_x_400mf",
    "regnet_y_400mf",
    "resnet18",
    "resnext50_32x4d",
    "shufflenet_v2_x0_5",
    "squeezenet1_0",
    "swin_t",
    "swin_v2_t",
    "vgg11",
    "vit_b_32",
    "wide_resnet50_2",
}

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


@pytest.mark.parametrize("prefix", ["_orig_mod.", "module._orig_mod."])
def test_weights_of_a_compiled_network_fit(tmp_path: Path, prefix: str) -> None:
    state = {f"{prefix}{key}": value for key, value in own_model().state_dict().items()}
    torch.save(state, tmp_path / "mine.pth")
    picture = torch.ones(1, 3, 48, 48)
    assert torch.equal(load_outside(tmp_path / "mine.pth", DESCRIBED)(picture), own_model().eval()(picture))


def test_auxiliary_heads_are_left_out(tmp_path: Path) -> None:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        owner = tv_models.googlenet(num_classes=3, aux_logits=True, init_weights=False)
    assert isinstance(owner.train()(torch.zeros(2, 3, 64, 64)), tuple)
    torch.save(owner.state_dict(), tmp_path / "mine.pth")
    described = OutsideModel("googlenet", DESCRIBED.classes, Preprocessing(size=64))
    picture = torch.randn(2, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    assert torch.equal(load_outside(tmp_path / "mine.pth", described)(picture), owner.eval()(picture))


def test_a_vision_transformer_is_made_for_its_pictures(tmp_path: Path) -> None:
    owner = build_classifier("vit_b_32", 3, seed=0, size=64).eval()
    save_weights(tmp_path / "mine.safetensors", owner)
    model = load_outside(
        tmp_path / "mine.safetensors", OutsideModel("vit_b_32", DESCRIBED.classes, Preprocessing(size=64))
    )
    picture = torch.ones(1, 3, 64, 64)
    assert torch.equal(model(picture), owner(picture))
    for size, text in (
        (96, r"pos_embedding is 1 x 5 x 768, expected 1 x 10"),
        (50, "no pictures of 50 x 50"),
    ):
        described = OutsideModel("vit_b_32", DESCRIBED.classes, Preprocessing(size=size))
        with pytest.raises(ModelError, match=text):
            load_outside(tmp_path / "mine.safetensors", described)


@pytest.mark.parametrize(
    "architecture",
    [pytest.param(name, marks=() if name in ONE_OF_EACH else pytest.mark.slow) for name in CLASSIFIERS],
)
def test_every_architecture_answers_and_has_maps_with_channels_first(architecture: str) -> None:
    # A RegNet looks at its weights while it is made, so they have to be there.
    with torch.device("cpu" if architecture.startswith("regnet") else "meta"):
        network = build_classifier(architecture, 5, seed=0, size=224).eval()
        shapes: list[tuple[int, ...]] = []
        is_vit = architecture.startswith("vit")
        if not is_vit:
            layer = find_layer(network).module
            layer.register_forward_hook(lambda *args: shapes.append(tuple(args[2].shape)))
        assert network(torch.zeros(1, 3, 224, 224)).shape == (1, 5)
    for _, channels, height, width in shapes:
        assert 1 < height == width <= 28 <= channels
    assert len(shapes) == (not is_vit)
