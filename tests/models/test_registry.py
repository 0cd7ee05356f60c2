from pathlib import Path

import pytest
import torch
from torch import nn

from gsal.errors import ModelError
from gsal.models.bisenet import BiSeNet
from gsal.models.checkpoints import save_weights
from gsal.models.imagenet import find_imagenet_weights
from gsal.models.registry import CLASSIFIERS, build_classifier, build_segmenter


def test_the_seed_alone_decides_the_weights_and_no_global_state_is_touched() -> None:
    before = torch.random.get_rng_state()
    first, again, other = (build_classifier("densenet-small", 7, seed=seed) for seed in (3, 3, 4))
    assert torch.equal(before, torch.random.get_rng_state())
    pairs = list(zip(first.state_dict().values(), again.state_dict().values(), strict=True))
    assert all(torch.equal(a, b) for a, b in pairs)
    assert not torch.equal(first.get_parameter("classifier.weight"), other.get_parameter("classifier.weight"))


def test_the_small_densenet_ends_in_8_by_8_features_at_64_px() -> None:
    model = build_classifier("densenet-small", 5, seed=0).eval()
    assert model.get_submodule("features")(torch.zeros(1, 3, 64, 64)).shape[2:] == (8, 8)
    assert model(torch.zeros(2, 3, 64, 64)).shape == (2, 5)


@pytest.mark.parametrize("architecture", ["densenet121", "googlenet", "mobilenet_v3_small", "resnet18"])
def test_architectures_give_one_output_of_as_many_logits_as_classes(architecture: str) -> None:
    model = build_classifier(architecture, 4, seed=0).train()
    assert model(torch.zeros(2, 3, 64, 64)).shape == (2, 4)


def test_detection_and_segmentation_networks_are_no_classifiers() -> None:
    assert not [name for name in CLASSIFIERS if "rcnn" in name or "deeplab" in name]


def test_unknown_names_are_refused() -> None:
    with pytest.raises(ModelError, match="resnet19"):
        build_classifier("resnet19", 7, seed=0)
    with pytest.raises(ModelError, match="bisenet"):
        build_segmenter("unet", seed=0)


def old_keys(model: nn.Module) -> dict[str, torch.Tensor]:
    """As torchvision's published DenseNet files name them."""
    state = {}
    for key, value in model.state_dict().items():
        for part in ("norm1", "norm2", "conv1", "conv2"):
            key = key.replace(f".{part}.", f".{part[:-1]}.{part[-1]}.") if "denselayer" in key else key
        if not key.endswith("num_batches_tracked"):
            state[key] = value
    return state


def test_imagenet_weights_are_taken_over_but_for_the_last_layer(tmp_path: Path) -> None:
    published = build_classifier("densenet-small", 1000, seed=1)
    torch.save(old_keys(published), tmp_path / "imagenet.pth")
    model = build_classifier("densenet-small", 7, weights=tmp_path / "imagenet.pth", seed=2)
    fresh = build_classifier("densenet-small", 7, seed=2)
    for key, value in model.state_dict().items():
        expected = fresh if key.startswith("classifier") else published
        assert torch.equal(value, expected.state_dict()[key]), key


def test_a_head_of_as_many_classes_is_taken_over(tmp_path: Path) -> None:
    other = build_classifier("resnet18", 3, seed=1)
    save_weights(tmp_path / "w.safetensors", other)
    model = build_classifier("resnet18", 3, weights=tmp_path / "w.safetensors", seed=2)
    assert torch.equal(model.get_parameter("fc.weight"), other.get_parameter("fc.weight"))


def test_the_context_path_takes_resnet18_weights(tmp_path: Path) -> None:
    published = build_classifier("resnet18", 1000, seed=1)
    torch.save(published.state_dict(), tmp_path / "resnet18.pth")
    with pytest.raises(ModelError, match=r"resnet18\.pth.*missing"):
        build_classifier("densenet-small", 7, weights=tmp_path / "resnet18.pth", seed=0)
    segmenter = build_segmenter(weights=tmp_path / "resnet18.pth", seed=0)
    assert isinstance(segmenter, BiSeNet)
    weight = segmenter.context.backbone.get_parameter("layer4.1.conv2.weight")
    assert torch.equal(weight, published.get_parameter("layer4.1.conv2.weight"))


def test_imagenet_weights_are_found_in_the_cache_of_torch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    assert find_imagenet_weights("densenet121") is None
    assert find_imagenet_weights("densenet-small") is None
    file = tmp_path / "hub" / "checkpoints" / "densenet121-a639ec97.pth"
    file.parent.mkdir(parents=True)
    file.touch()
    assert find_imagenet_weights("densenet121") == file
