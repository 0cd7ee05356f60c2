"""Where the ink masks come from."""

from gsal.reports.content import ReportContent
from gsal.reports.document import Block, Entry, Facts, Section, note, paragraph

__all__ = ["section"]


def section(content: ReportContent) -> Section:
    """Return the mask set and what made its masks."""
    masks = content.masks
    blocks: list[Block] = [paragraph(f"The audit rests on the mask set “{masks.mask_set}”.")]
    if masks.sources:
        blocks.append(Facts(tuple(Entry(fact.name, (fact.value,)) for fact in masks.sources)))
    blocks += [note(sentence) for sentence in masks.notes]
    return Section("masks", "Ink masks", tuple(blocks))
