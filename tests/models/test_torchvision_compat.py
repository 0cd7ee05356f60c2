import subprocess
import sys

DECLARE = """
import torch
lib = torch.library.Library("torchvision", "FRAGMENT")
for name in {names}:
    lib.define(name + "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
"""


def run(script: str) -> str:
    command = [sys.executable, "-W", "error", "-c", script]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_torchvision_imports_after_any_module_of_the_package() -> None:
    script = (
        "import gsal.models.preprocessing, torchvision.models; print(torchvision.models.resnet18.__name__)"
    )
    assert run(script) == "resnet18"


def test_only_the_missing_operator_is_declared() -> None:
    script = (
        DECLARE.format(names=["nms"])
        + """
import torch
from gsal.models import torchvision_compat as compat
print(compat.DECLARED)
"""
    )
    assert run(script) == "('qnms',)"
