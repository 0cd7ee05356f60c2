"""Which pictures belong to one patient, so that they must not be parted."""

from collections.abc import Iterable

__all__ = ["known_patient", "patient_groups", "patient_key"]


def patient_key(number: int, patient_id: str, lesion_id: str) -> str:
    """Return what a picture goes by on its own: its patient, else its lesion, else its number."""
    if patient_id:
        return patient_id
    return f"lesion:{lesion_id}" if lesion_id else f"image:{number}"


def known_patient(number: int, patient_id: str, lesion_id: str) -> str:
    """Return what a picture has in common with others; "" where neither patient nor lesion is known."""
    return patient_key(number, patient_id, lesion_id) if patient_id or lesion_id else ""


def patient_groups(pictures: Iterable[tuple[int, str, str]]) -> dict[int, str]:
    """Return by number what a picture shares with all those it must not be parted from.

    Pictures of one patient belong together. A picture without a patient id belongs with all pictures of its
    lesion, whoever's they are said to be, and with those patients' others.

    Args:
        pictures: (number, patient id, lesion id) of all pictures of a project; "" where unknown.

    >>> patient_groups([(1, "P1", "L1"), (2, "P1", ""), (3, "", "L1"), (4, "P2", "L2"), (5, "P3", "L2")])
    {1: 'P1', 2: 'P1', 3: 'P1', 4: 'P2', 5: 'P3'}
    """
    everything = list(pictures)
    of_nobody = {lesion for _, patient, lesion in everything if lesion and not patient}
    joined: dict[str, str] = {}

    def first_of(key: str) -> str:
        while (before := joined.get(key, key)) != key:
            # Shortening the way as it is gone keeps it short.
            joined[key] = joined.get(before, before)
            key = before
        return key

    for number, patient, lesion in everything:
        if patient and lesion in of_nobody:
            first, second = sorted((first_of(patient), first_of(patient_key(number, "", lesion))))
            if first != second:
                joined[second] = first
    return {number: first_of(patient_key(number, patient, lesion)) for number, patient, lesion in everything}
