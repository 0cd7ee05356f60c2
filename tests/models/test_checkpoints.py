import os
import pickle
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from typing_extensions import override

from gsal.errors import ModelError
from gsal.files import sha256_of_file
from gsal.models.checkpoints import (
    differences,
    load_state,
    load_weights,
    read_weights,
    save_state,
    save_weights,
)


def network(*, width: int = 3) -> nn.Module:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        return nn.Sequential(nn.Conv2d(3, width, 3), nn.BatchNorm2d(width))


def flip(path: Path, *, at: float) -> None:
    data = bytearray(path.read_bytes())
    data[int(len(data) * at)] ^= 0x10
    path.write_bytes(data)


def test_weights_come_back_exactly_from_any_memory_order(tmp_path: Path) -> None:
    saved = network()
    saved.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    digest = save_weights(tmp_path / "w.safetensors", saved)
    assert digest == sha256_of_file(tmp_path / "w.safetensors")
    loaded = nn.Sequential(nn.Conv2d(3, 3, 3), nn.BatchNorm2d(3))
    load_weights(tmp_path / "w.safetensors", loaded, digest)
    for key, value in saved.state_dict().items():
        assert torch.equal(value, loaded.state_dict()[key]), key


def test_one_flipped_bit_is_refused(tmp_path: Path) -> None:
    digest = save_weights(tmp_path / "w.safetensors", network())
    flip(tmp_path / "w.safetensors", at=0.9)
    with pytest.raises(ModelError, match=r"w\.safetensors.*changed or damaged"):
        load_weights(tmp_path / "w.safetensors", network(), digest)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"none\.safetensors: cannot be read"):
        load_weights(tmp_path / "none.safetensors", network(), "")


def poison(module: nn.Module) -> None:
    module.get_parameter("0.bias").data[1] = np.nan


@pytest.mark.parametrize(
    ("saved", "text"),
    [
        (network(width=4), r"0\.weight is 4 x 3 x 3 x 3, expected 3 x 3 x 3 x 3"),
        (nn.Sequential(nn.Conv2d(3, 3, 3)), r"missing 1\.weight, 1\.bias, 1\.running_mean and 2 more"),
        (nn.Sequential(*network().children(), nn.Linear(1, 1)), r"unknown 2\.bias, 2\.weight"),
    ],
)
def test_weights_of_another_network_are_refused_naming_the_difference(
    tmp_path: Path, saved: nn.Module, text: str
) -> None:
    digest = save_weights(tmp_path / "w.safetensors", saved)
    with pytest.raises(ModelError, match=text):
        load_weights(tmp_path / "w.safetensors", network(), digest)


def test_weights_that_are_not_finite_are_refused(tmp_path: Path) -> None:
    broken = network()
    poison(broken)
    digest = save_weights(tmp_path / "w.safetensors", broken)
    with pytest.raises(ModelError, match=r"not finite: 0\.bias"):
        load_weights(tmp_path / "w.safetensors", network(), digest)


def test_entries_that_are_no_tensors_are_named() -> None:
    assert differences({"weight": 3, "bias": 1}, nn.Linear(1, 1)) == ["no tensors: weight, bias"]


def test_states_come_back_exactly(tmp_path: Path) -> None:
    state = {"epoch": 3, "history": [{"loss": 0.1}], "weights": {"w": torch.arange(6.0).view(2, 3)}}
    digest = save_state(tmp_path / "state.pt", state)
    loaded = load_state(tmp_path / "state.pt", sha256=digest)
    assert loaded["epoch"] == 3
    assert loaded["history"] == [{"loss": 0.1}]
    assert torch.equal(loaded["weights"]["w"], torch.arange(6.0).view(2, 3))


def test_a_flipped_bit_in_a_state_is_noticed_without_its_hash(tmp_path: Path) -> None:
    path = tmp_path / "state.pt"
    save_state(path, {"w": torch.zeros(10_000)})
    flip(path, at=0.5)
    with pytest.raises(ModelError, match=r"state\.pt"):
        load_state(path)
    with pytest.raises(ModelError, match="changed or damaged"):
        load_state(path, sha256="0" * 64)


class Hostile:
    @override
    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return os.system, ("touch hostile-ran",)


@pytest.mark.parametrize("name", ["hostile.pt", "hostile.pkl.pth"])
def test_nothing_in_a_file_is_run(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / name
    if name.endswith("pth"):
        path.write_bytes(pickle.dumps(Hostile(), protocol=2))
    else:
        torch.save({"x": Hostile()}, path)
    with pytest.raises(ModelError, match="would run code"):
        read_weights(path)
    assert not (tmp_path / "hostile-ran").exists()


@pytest.mark.parametrize("suffix", [".safetensors", ".pt"])
@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.99])
def test_truncated_files_are_refused(tmp_path: Path, suffix: str, share: float) -> None:
    path = tmp_path / f"w{suffix}"
    if suffix == ".pt":
        save_state(path, dict(network().state_dict()))
    else:
        save_weights(path, network())
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(ModelError, match=r"w\."):
        read_weights(path)


def test_a_tensor_alone_is_no_state(tmp_path: Path) -> None:
    torch.save(torch.zeros(2), tmp_path / "t.pt")
    with pytest.raises(ModelError, match="holds a Tensor"):
        read_weights(tmp_path / "t.pt")
