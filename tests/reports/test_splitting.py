"""Tables in parts: together they say what the whole one says."""

from hypothesis import given
from hypothesis import strategies as st

from app.tables.reading import ShownTable, _shown
from gsal.reports.document import Cell, Column, Group, Table
from gsal.reports.splitting import in_parts

spans = st.lists(st.integers(1, 4), min_size=1, max_size=9)


def table(of_groups: list[int], *, is_grouped: bool) -> Table:
    """Return a table with a column of names and groups of so many columns; every cell is another."""
    columns = 1 + sum(of_groups)
    groups = (Group("", 1), *(Group(f"group {number}", span) for number, span in enumerate(of_groups)))
    return Table(
        tuple(Column(f"column {number}", align="right" if number else "left") for number in range(columns)),
        tuple(tuple(Cell(f"{row}.{column}") for column in range(columns)) for row in range(3)),
        "Cells",
        groups if is_grouped else (),
    )


@given(of_groups=spans, most=st.integers(1, 12), is_grouped=st.booleans())
def test_parts_together_are_the_whole_and_none_is_wider_than_need_be(
    of_groups: list[int], most: int, is_grouped: bool
) -> None:
    whole = table(of_groups, is_grouped=is_grouped)
    parts = in_parts(whole, most=most)
    assert [column for part in parts for column in part.columns[1:]] == list(whole.columns[1:])
    assert all(part.columns[0] == whole.columns[0] for part in parts)
    for row in range(3):
        assert [cell for part in parts for cell in part.rows[row][1:]] == list(whole.rows[row][1:])
    widest = max(of_groups) if is_grouped else 1
    assert all(len(part.columns) - 1 <= max(most, widest) for part in parts)
    assert [group for part in parts for group in part.groups[1:]] == list(whole.groups[1:]), "none is divided"
    if sum(of_groups) <= most:
        assert parts == [whole]


def test_the_window_shows_parts_and_keeps_the_whole() -> None:
    shown: ShownTable = _shown("Global saliency", "", table([3] * 6, is_grouped=True))
    assert [len(part.heads) for part in shown.parts] == [10, 10]
    assert len(shown.columns) == len(shown.rows[0]) == 19
    assert shown.columns[1] == "group 0: column 1"
    assert shown.parts[1].heads[:2] == ("column 0", "group 3\ncolumn 10")
    assert shown.parts[1].rows[0][:2] == ("0.0", "0.10")
