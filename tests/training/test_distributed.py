"""Two processes at one training, and what they agree on."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from gsal.distributed import Ranks, gathered, joined, on_first, ranks, total
from gsal.errors import GsalError
from gsal.models.checkpoints import read_weights

REPOSITORY = Path(__file__).parents[2]
TORCHRUN = ("-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2")


def start(*arguments: str) -> None:
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(REPOSITORY)}
    ended = subprocess.run(
        [sys.executable, *arguments],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-3000:]


def test_two_processes_come_to_the_weights_of_one_with_the_doubled_batch(tmp_path: Path) -> None:
    """Each takes its part of batches of seven and eight pictures; one alone takes them whole."""
    alone, together = tmp_path / "alone", tmp_path / "together"
    for folder, how in ((alone, ()), (together, TORCHRUN)):
        folder.mkdir()
        start(*how, "-m", "tests.training.two_processes", str(folder))
    first, second = (read_weights(folder / "weights.safetensors") for folder in (alone, together))
    assert first.keys() == second.keys()
    moved = read_weights(alone / "weights.safetensors")["classifier.weight"]
    assert moved.abs().max() > 0
    for name, value in first.items():
        torch.testing.assert_close(second[name], value, rtol=1e-4, atol=1e-5, msg=name)
    (n_alone, loss_alone), (n_together, loss_together) = (
        (folder / "result.txt").read_text().split() for folder in (alone, together)
    )
    assert (n_alone, n_together) == ("1", "2")
    assert float(loss_together) == pytest.approx(float(loss_alone), rel=1e-5)


def test_one_process_is_the_first_and_asks_nobody() -> None:
    with joined() as here:
        assert here == ranks() == Ranks(0, 1, 0)
        assert here.is_first
        assert on_first(lambda: 3) == 3
        assert gathered("a") == ["a"]
        assert total(1.5) == 1.5


def test_a_damaged_environment_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORLD_SIZE", "many")
    with pytest.raises(GsalError, match="many"):
        ranks()
