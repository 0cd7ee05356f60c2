"""Which pictures train a classifier and which judge it, with ink and label co-occurring as asked."""

from gsal.cohorts.association import Association, associate
from gsal.cohorts.co_occurrence import CoOccurrence, table
from gsal.cohorts.filters import PictureFilter
from gsal.cohorts.picture import Picture
from gsal.cohorts.selection import Selection

__all__ = [
    "Association",
    "CoOccurrence",
    "Picture",
    "PictureFilter",
    "Selection",
    "associate",
    "table",
]
