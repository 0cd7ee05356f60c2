"""Made-up pictures for the tests of cohorts."""

from collections.abc import Callable, Mapping

import pytest

from gsal.cohorts import Picture


@pytest.fixture
def make() -> Callable[[Mapping[str, tuple[int, int]]], list[Picture]]:
    """Pictures of lone patients with (inked, uninked) counts per class."""

    def pictures(counts: Mapping[str, tuple[int, int]]) -> list[Picture]:
        made: list[Picture] = []
        for label, (inked, uninked) in counts.items():
            for index in range(inked + uninked):
                made.append(Picture(len(made) + 1, label, f"p{len(made) + 1}", "", index < inked))
        return made

    return pictures


@pytest.fixture
def twins() -> Callable[[Mapping[str, int]], list[Picture]]:
    """Scenes per class, each an ink-free and an inked picture of one lesion."""

    def pictures(scenes: Mapping[str, int]) -> list[Picture]:
        made: list[Picture] = []
        for label, n in scenes.items():
            for _ in range(n):
                scene = len(made) // 2
                for inked in (False, True):
                    made.append(Picture(len(made) + 1, label, f"p{scene}", f"S{scene}", inked))
        return made

    return pictures
