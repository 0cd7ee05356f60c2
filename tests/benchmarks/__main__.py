"""All benchmarks that need nothing but the program, in turn: `./run bench`."""

import importlib
import pkgutil
from pathlib import Path

from tests.benchmarks.harness import show

_NOT_SUBJECTS = {"harness", "__main__", "photographs", "real_cohorts", "unseen_patients"}

for module in sorted(m.name for m in pkgutil.iter_modules([str(Path(__file__).parent)])):
    if module not in _NOT_SUBJECTS:
        print(f"\n{module}")
        show(importlib.import_module(f"tests.benchmarks.{module}").measure())
