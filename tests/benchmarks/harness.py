"""Rows of a benchmark, and timing that holds on a noisy machine: subjects in turn, medians, CPU seconds."""

import argparse
import json
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

__all__ = ["Row", "cpu_seconds", "main"]


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: `subject` is "ours" or the peer's name; both were measured in the same run."""

    case: str
    subject: str
    metric: str
    value: float
    unit: str


def cpu_seconds(subjects: Mapping[str, Callable[[], object]], *, rounds: int = 5) -> dict[str, list[float]]:
    """Return CPU seconds of this process per subject and round, the subjects taking turns after a warm-up."""
    for run in subjects.values():
        run()
    seconds: dict[str, list[float]] = {name: [] for name in subjects}
    for _ in range(rounds):
        for name, run in subjects.items():
            started = time.process_time()
            run()
            seconds[name].append(time.process_time() - started)
    return seconds


def rows(case: str, seconds: Mapping[str, list[float]], *, metric: str, per: int) -> list[Row]:
    """Return the median per item of each subject, and each peer's ratio to ours, pair by pair."""
    made = [Row(case, name, metric, statistics.median(s) / per, "s") for name, s in seconds.items()]
    for name, s in seconds.items():
        if name != "ours":
            ratios = [theirs / ours for theirs, ours in zip(s, seconds["ours"], strict=True)]
            made.append(Row(case, name, "ratio_to_ours", statistics.median(ratios), "1"))
    return made


def main(measure: Callable[[], list[Row]]) -> None:
    """Run one benchmark from the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", action="store_true", help="print the rows as JSON")
    arguments = parser.parse_args()
    measured = measure()
    if arguments.json:
        print(json.dumps([asdict(row) for row in measured], indent=2))
    else:
        show(measured)


def show(measured: list[Row]) -> None:
    """Print rows as a table."""
    for row in measured:
        print(f"{row.case:<42} {row.subject:<16} {row.metric:<18} {row.value:12.5g} {row.unit}")
