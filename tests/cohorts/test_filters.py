"""Filters: what meets them, that they combine and commute, and that slips of the pen are refused."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsal.cohorts import Picture, PictureFilter
from gsal.cohorts.selection import baseline, ink_only
from gsal.errors import CohortError

_CLASSES = ("MEL", "NV", "BCC")
_SOURCES = ("photos/clinical", "photos/dermoscopic", "photos/dermoscopic/2017")
_SITES = ("arm", "leg", "")

_pictures = st.lists(
    st.tuples(
        st.sampled_from(_CLASSES),
        st.sampled_from(("p1", "p2", "p3", "p4")),
        st.booleans(),
        st.sampled_from(_SOURCES),
        st.sampled_from(_SITES),
    ),
    max_size=40,
).map(
    lambda rows: [
        Picture(7 * i, label, patient, "", inked, source, {"site": site})
        for i, (label, patient, inked, source, site) in enumerate(rows)
    ]
)
_filters = st.builds(
    PictureFilter,
    classes=st.sets(st.sampled_from(_CLASSES)),
    sources=st.sets(st.sampled_from(("photos", "clinical", "dermoscopic", "dermoscopic/2017"))),
    columns=st.one_of(
        st.just({}), st.fixed_dictionaries({"site": st.sets(st.sampled_from(_SITES), min_size=1)})
    ),
    inked=st.sampled_from((None, True, False)),
    patients=st.sets(st.sampled_from(("p1", "p2"))),
    without_patients=st.sets(st.sampled_from(("p3", "p4"))),
)


def _parts(whole: PictureFilter) -> Iterator[PictureFilter]:
    yield PictureFilter(classes=whole.classes)
    yield PictureFilter(sources=whole.sources)
    yield PictureFilter(columns=whole.columns)
    yield PictureFilter(inked=whole.inked)
    yield PictureFilter(patients=whole.patients)
    yield PictureFilter(without_patients=whole.without_patients)


@given(_pictures, _filters, _filters)
def test_filters_commute_and_a_filter_is_all_its_conditions_together(
    pictures: list[Picture], first: PictureFilter, second: PictureFilter
) -> None:
    assert second.choose(first.choose(pictures)) == first.choose(second.choose(pictures))
    one_by_one = pictures
    for part in _parts(first):
        one_by_one = part.choose(one_by_one)
    assert first.choose(pictures) == one_by_one
    assert first.choose(pictures) == first.choose(first.choose(reversed(pictures)))
    assert PictureFilter().choose(pictures) == pictures


@given(_pictures, _filters)
def test_filtering_commutes_with_membership_where_nothing_is_drawn(
    pictures: list[Picture], chosen: PictureFilter
) -> None:
    by_id = {picture.image_id: picture for picture in pictures}
    for rule in (baseline, ink_only):
        try:
            before = rule(chosen.choose(pictures), _CLASSES, minimum_pictures=1)
            after = rule(pictures, _CLASSES, minimum_pictures=1)
        except CohortError:
            continue
        assert before.image_ids == tuple(i for i in after.image_ids if chosen.matches(by_id[i]))


def test_a_folder_is_whole_names_in_a_row() -> None:
    pictures = [Picture(i, "MEL", "p", "", True, source) for i, source in enumerate(_SOURCES)]

    def found(folder: str) -> list[int]:
        return [p.image_id for p in PictureFilter(sources=[folder]).choose(pictures)]

    assert found("photos") == [0, 1, 2]
    assert found("dermoscopic") == [1, 2]
    assert found("dermoscopic/2017/") == [2]
    assert found("derm") == []


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        (PictureFilter(classes=["XY"]), "no class XY .* there are BCC, MEL, NV"),
        (PictureFilter(sources=["derm"]), "lies in derm. The folders are photos/clinical"),
        (PictureFilter(columns={"colour": ["red"]}), "no column colour .* there are site"),
        (PictureFilter(columns={"site": ["hand"]}), "no value of site hand .* there are empty, arm"),
        (PictureFilter(patients=["p9"]), "no patient p9"),
        (PictureFilter(without_patients=["p9"]), "no patient p9"),
    ],
)
def test_names_that_fit_no_picture_are_refused(chosen: PictureFilter, message: str) -> None:
    pictures = [
        Picture(0, "MEL", "p1", "", True, "photos/clinical", {"site": "arm"}),
        Picture(1, "NV", "p2", "", False, "photos/clinical", {"site": ""}),
    ]
    with pytest.raises(CohortError, match=message):
        chosen.require_known(pictures, _CLASSES)


def test_the_conditions_in_words() -> None:
    words = PictureFilter(
        sources=["dermoscopic"], columns={"site": ["arm", ""]}, inked=True, without_patients=["p1"]
    ).words
    assert words == "in dermoscopic, with site arm or empty, with ink, without 1 of the patients"
    assert PictureFilter(classes=["MEL"]).words == ""
