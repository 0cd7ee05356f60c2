"""Real ink of one picture, laid on another."""

from collections.abc import Mapping
from hashlib import sha256

import cv2
import numpy as np

from gsal.arrays import Mask, RgbImage
from gsal.variants.margin import require_same_size

__all__ = ["choose_donor", "paste"]

_SOFTNESS = 0.001


def paste(image: RgbImage, donor: RgbImage, donor_mask: Mask) -> RgbImage:
    """Blend another picture's ink in, at the place where it was there.

    The edge of the strokes is soft over about 0.1 % of the long side. The donor's skin shows through its ink
    where that is thin; `gsal.synthetic.paste_ink` draws ink that lets the receiver's skin through instead.

    Args:
        image: (H, W, 3) uint8, which receives.
        donor: (H, W, 3) uint8.
        donor_mask: (H, W) bool, the ink to take.

    Returns:
        (H, W, 3) uint8, a new array.

    Raises:
        ValueError: The three differ in size.
    """
    require_same_size(image, donor_mask)
    require_same_size(donor, donor_mask)
    sigma = max(0.5, _SOFTNESS * max(donor_mask.shape))
    alpha = cv2.GaussianBlur(donor_mask.astype(np.float32), (0, 0), sigma)[:, :, None]
    return np.rint(alpha * donor + (1 - alpha) * image).clip(0, 255).astype(np.uint8)


def choose_donor(receiver: str, patient: str, donors: Mapping[str, str], *, seed: int) -> str | None:
    """Return whose ink a picture receives: any donor of another patient, each as likely.

    It depends on the seed, the receiver and the donors alone, and one donor more changes only the receivers
    that it is chosen for (the highest hash wins; Thaler and Ravishankar, 1998).

    Args:
        receiver: What tells the picture from all others, such as the hash of its file.
        patient: Of the receiver.
        donors: The patient of each donor, by what tells the donor from all others.
        seed: Another one gives other donors.

    Returns:
        None if all donors are of the receiver's patient.
    """
    others = [donor for donor, of in donors.items() if of != patient and donor != receiver]
    return max(others, key=lambda donor: sha256(f"{seed} {receiver} {donor}".encode()).digest(), default=None)
