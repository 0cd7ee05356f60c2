"""Programs from outside answer as their owner's network does, or are refused with what is wrong."""

import importlib
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from typing_extensions import override

from gsal.errors import ModelError
from gsal.jobs.models.format import find_format
from gsal.models.abilities import abilities
from gsal.models.outside import OutsideModel, load_outside
from gsal.models.registry import build_classifier
from gsal.records import Ability, ModelFormat, Outputs, Preprocessing, SaliencyMethod
from gsal.saliency import competitive_gradient_input, grad_cam
from gsal.saliency.engine import explain
from gsal.saliency.occlusion import occlusion
from tests.models.made_files import Classes, write_exported, write_onnx, write_script, write_trace

SIZE = 32
NAMES = ("MEL", "NV", "BCC")
Write = Callable[[Path, nn.Module], Path]


def pictures(n: int, size: int = SIZE) -> Tensor:
    return torch.randn(n, 3, size, size, generator=torch.Generator().manual_seed(n))


def network() -> nn.Module:
    return build_classifier("mobilenet_v3_small", 3, seed=2).eval()


def described(path: Path, *, size: int = SIZE, outputs: Outputs = Outputs.LOGITS) -> OutsideModel:
    return OutsideModel("", NAMES, Preprocessing(size=size), find_format(path), outputs)


WAYS: dict[str, tuple[ModelFormat, Write]] = {
    "script": (ModelFormat.TORCHSCRIPT, write_script),
    "trace": (ModelFormat.TORCHSCRIPT, lambda p, n: write_trace(p, n, pictures(1))),
    "frozen": (
        ModelFormat.TORCHSCRIPT,
        lambda p, n: write_script(p, torch.jit.freeze(torch.jit.script(n))),
    ),
    "any batch": (ModelFormat.EXPORTED, lambda p, n: write_exported(p, n, pictures(2))),
    "one picture": (ModelFormat.EXPORTED, lambda p, n: write_exported(p, n, pictures(1), any_batch=False)),
    "three pictures": (ModelFormat.EXPORTED, lambda p, n: write_exported(p, n, pictures(3), any_batch=False)),
}


@pytest.mark.filterwarnings("ignore:`torch.jit:DeprecationWarning")
@pytest.mark.parametrize("way", WAYS)
def test_a_program_computes_what_its_network_computes(tmp_path: Path, way: str) -> None:
    kind, write = WAYS[way]
    path = write(tmp_path / "lab.pt", network())
    assert find_format(path) is kind
    model, images = load_outside(path, described(path)), pictures(5)
    torch.testing.assert_close(model(images), network()(images), rtol=1e-4, atol=1e-5)
    assert abilities(model) == {Ability.LOGITS, Ability.INPUT_GRADIENTS}
    expected = competitive_gradient_input(network(), images)
    found = competitive_gradient_input(model, images)
    torch.testing.assert_close(found.sum(dim=(2, 3)), expected.sum(dim=(2, 3)), rtol=1e-2, atol=1e-4)
    with pytest.raises(ModelError, match=r"program.*hides its own"):
        grad_cam(model, images)


@pytest.mark.filterwarnings("ignore:Scripted GoogleNet:UserWarning")
def test_a_scripted_network_with_auxiliary_heads_answers_with_its_first_output(tmp_path: Path) -> None:
    owner = build_classifier("googlenet", 3, seed=0).eval()
    path = write_script(tmp_path / "lab.pt", owner)
    images = pictures(2, 64)
    model = load_outside(path, described(path, size=64))
    torch.testing.assert_close(model(images), owner(images))


class Bounded(nn.Module):
    """Sums colours of at most eight pictures, as programs for small graphics cards do."""

    @override
    def forward(self, images: Tensor) -> Tensor:
        return images.mean(dim=(2, 3))


def test_a_program_for_few_pictures_at_a_time_takes_many(tmp_path: Path) -> None:
    path = tmp_path / "lab.pt2"
    shapes = ({0: torch.export.Dim("n", max=8)},)
    torch.export.save(torch.export.export(Bounded(), (pictures(2),), dynamic_shapes=shapes), path)
    model, images = load_outside(path, described(path)), pictures(20)
    torch.testing.assert_close(model(images), images.mean(dim=(2, 3)))


def test_probabilities_become_logits_with_the_same_softmax(tmp_path: Path) -> None:
    owner = Classes(3, softmax=True).eval()
    path = write_exported(tmp_path / "lab.pt2", owner, pictures(2))
    with pytest.raises(ModelError, match=r"lab\.pt2.*they are probabilities: give outputs = probabilities"):
        load_outside(path, described(path))
    model = load_outside(path, described(path, outputs=Outputs.PROBABILITIES))
    torch.testing.assert_close(model(pictures(4)).softmax(1), owner(pictures(4)))
    plain = write_exported(tmp_path / "plain.pt2", Classes(3).eval(), pictures(2))
    with pytest.raises(ModelError, match="no probabilities: give outputs = logits"):
        load_outside(plain, described(plain, outputs=Outputs.PROBABILITIES))


def test_a_program_made_in_training_mode_is_refused(tmp_path: Path) -> None:
    owner = build_classifier("densenet-small", 3, seed=0).train()
    path = write_trace(tmp_path / "lab.pt", owner, pictures(4))
    with pytest.raises(ModelError, match=r"training mode\. Call model\.eval\(\) before"):
        load_outside(path, described(path))


def test_broken_weights_are_named(tmp_path: Path) -> None:
    owner = Classes(3).eval()
    with torch.no_grad():
        owner.linear.bias[1] = float("nan")
    for path in (
        write_script(tmp_path / "lab.pt", owner),
        write_exported(tmp_path / "lab.pt2", owner, pictures(2)),
    ):
        with pytest.raises(ModelError, match=r"not finite: linear\.bias"):
            load_outside(path, described(path))


@pytest.mark.parametrize("name", ["lab.pt", "lab.pt2"])
def test_other_sizes_and_class_counts_are_named(tmp_path: Path, name: str) -> None:
    owner = build_classifier("alexnet", 4, seed=0).eval()
    path = tmp_path / name
    if name == "lab.pt":
        write_script(path, owner)
    else:
        write_exported(path, owner, pictures(2, 64))
    with pytest.raises(ModelError, match=r"gives \(2, 4\) values for 2 pictures, expected 2 x 3, one"):
        load_outside(path, described(path, size=64))
    with pytest.raises(ModelError, match=r"does not take pictures of [12] x 3 x 16 x 16"):
        load_outside(path, described(path, size=16))


@pytest.mark.parametrize("keep", [0.3, 0.9, 0.999])
@pytest.mark.parametrize("name", ["lab.pt", "lab.pt2"])
def test_truncated_programs_are_refused(tmp_path: Path, name: str, keep: float) -> None:
    path = tmp_path / name
    write_script(path, Classes(3)) if name == "lab.pt" else write_exported(path, Classes(3), pictures(2))
    path.write_bytes(path.read_bytes()[: int(keep * path.stat().st_size)])
    with pytest.raises(ModelError, match=r"lab\.pt2?: "):
        load_outside(path, described(path))


@pytest.mark.parametrize("name", ["lab.pt", "lab.pt2"])
def test_a_flipped_byte_is_seen(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    owner = Classes(3).eval()
    write_script(path, owner) if name == "lab.pt" else write_exported(path, owner, pictures(2))
    data = bytearray(path.read_bytes())
    at = data.find(owner.get_parameter("linear.weight").detach().numpy().tobytes())
    assert at > 0
    data[at + 5] ^= 1
    path.write_bytes(data)
    with pytest.raises(ModelError, match="the file is damaged"):
        load_outside(path, described(path))


class Spy:
    """Runs code when it is unpickled."""

    @override
    def __reduce__(self) -> tuple[object, ...]:
        return (exec, ("raise SystemExit('code was run')",))


def test_no_code_is_run_to_tell_what_a_file_is(tmp_path: Path) -> None:
    for name in ("lab.pt", "lab.pt2", "lab.onnx", "lab.safetensors"):
        path = tmp_path / name
        path.write_bytes(pickle.dumps(Spy(), protocol=2))
        kind = find_format(path)
        assert (kind is ModelFormat.EXPORTED) == (name == "lab.pt2")
    with pytest.raises(ModelError, match="would run code"):
        load_outside(tmp_path / "lab.pt", OutsideModel("resnet18", NAMES, Preprocessing(size=SIZE)))
    with zipfile.ZipFile(tmp_path / "zip.pt", "w") as archive:
        archive.writestr("zip/data.pkl", pickle.dumps(Spy(), protocol=2))
        archive.writestr("zip/version", "3")
    assert find_format(tmp_path / "zip.pt") is ModelFormat.STATE_DICT
    with pytest.raises(ModelError, match=r"zip\.pt: "):
        load_outside(tmp_path / "zip.pt", OutsideModel("resnet18", NAMES, Preprocessing(size=SIZE)))


def test_onnx_without_its_runtime_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    path = tmp_path / "lab.onnx"
    path.write_bytes(b"any")
    with pytest.raises(ModelError, match=r"pip install gsal\[onnx\]"):
        load_outside(path, described(path))


class TestOnnx:
    @pytest.fixture(autouse=True)
    def packages(self) -> None:
        pytest.importorskip("onnx", reason="onnx is not installed (pip install onnx)")
        pytest.importorskip("onnxruntime", reason="onnxruntime is not installed (pip install gsal[onnx])")

    @pytest.mark.parametrize("batch", ["n", 1, 2])
    def test_it_is_predicted_and_occluded_and_nothing_else(self, tmp_path: Path, batch: str | int) -> None:
        owner, images = Classes(3).eval(), pictures(3)
        path = write_onnx(tmp_path / "lab.onnx", owner, size=SIZE, batch=batch)
        model = load_outside(path, described(path))
        torch.testing.assert_close(model(images), owner(images), rtol=1e-4, atol=1e-5)
        torch.testing.assert_close(occlusion(model, images), occlusion(owner, images), rtol=1e-3, atol=1e-5)
        assert abilities(model) == {Ability.LOGITS}
        for method in (SaliencyMethod.GRAD_CAM, SaliencyMethod.COMPETITIVE):
            with pytest.raises(ModelError, match="ONNX"):
                explain(model, images, [method])

    def test_what_does_not_fit_is_named(self, tmp_path: Path) -> None:
        path = write_onnx(tmp_path / "lab.onnx", Classes(3), size=SIZE)
        with pytest.raises(ModelError, match=r"takes tensor\(float\) \(n, 3, 32, 32\), expected pictures"):
            load_outside(path, described(path, size=64))
        many = write_onnx(tmp_path / "many.onnx", Classes(4), size=SIZE)
        with pytest.raises(ModelError, match=r"gives \(2, 4\) values"):
            load_outside(many, described(many))
        shares = write_onnx(tmp_path / "shares.onnx", Classes(3, softmax=True), size=SIZE)
        with pytest.raises(ModelError, match="they are probabilities"):
            load_outside(shares, described(shares))
        path.write_bytes(path.read_bytes()[:300])
        with pytest.raises(ModelError, match="no ONNX network, or a damaged one"):
            load_outside(path, described(path))

    def test_weights_in_other_files_are_not_read(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        onnx: Any = importlib.import_module("onnx")
        path = write_onnx(tmp_path / "lab.onnx", Classes(3), size=SIZE)
        onnx.save(onnx.load(path), path, save_as_external_data=True, location="lab.data", size_threshold=16)
        monkeypatch.chdir(tmp_path)
        with pytest.raises(ModelError, match=r"external_data=False"):
            load_outside(path, described(path))
