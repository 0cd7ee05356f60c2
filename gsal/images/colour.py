"""From whatever a file holds (16 bit, palette, alpha, CMYK, a colour profile) to 8-bit sRGB."""

import io

import numpy as np
from PIL import Image, ImageCms

__all__ = ["to_srgb"]

_PROFILE_SPACES = {"RGB": "RGB", "L": "GRAY", "CMYK": "CMYK"}


def to_srgb(picture: Image.Image) -> tuple[Image.Image, list[str]]:
    """Convert a decoded picture to mode RGB in sRGB.

    16-bit grey is value / 257, rounded (so 65535 is 255); of 16-bit colour the decoder gives the high byte.
    Transparent parts are laid on white: they are paper, not ink. A colour profile that is no use is ignored.

    Args:
        picture: Decoded; any mode Pillow gives for a picture file.

    Returns:
        The picture in mode RGB, and notes for the user about what was changed.

    Raises:
        ValueError: A kind of pixel that has no stated conversion (32-bit, floating point, Lab).
    """
    notes: list[str] = []
    profile = picture.info.get("icc_profile")
    opaque, alpha = _split_alpha(_to_eight_bits(picture, notes))
    rgb = _apply_profile(opaque, profile, notes) if isinstance(profile, bytes) and profile else opaque
    if rgb.mode != "RGB":
        rgb = rgb.convert("RGB")
    if alpha is None or alpha.getextrema() == (255, 255):
        return rgb, notes
    notes.append("transparent parts were laid on white")
    paper = Image.new("RGB", rgb.size, (255, 255, 255))
    paper.paste(rgb, mask=alpha)
    return paper, notes


def _to_eight_bits(picture: Image.Image, notes: list[str]) -> Image.Image:
    if picture.mode.startswith("I;16"):
        notes.append("16-bit grey was scaled to 8 bits")
        values = np.asarray(picture).astype(np.uint32)
        return Image.fromarray(((values + 128) // 257).astype(np.uint8))
    if picture.mode in {"I", "F"}:
        kind = "32-bit integers" if picture.mode == "I" else "floating-point numbers"
        raise ValueError(f"its pixels are {kind}, which have no agreed brightness")
    return picture


def _split_alpha(picture: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """Part a picture into an opaque one of mode L, RGB or CMYK and its alpha."""
    if picture.mode in {"1", "L", "RGB", "CMYK"} and "transparency" not in picture.info:
        return (picture.convert("L") if picture.mode == "1" else picture), None
    if picture.mode in {"LA", "La"}:
        grey, alpha = picture.convert("LA").split()
        return grey, alpha
    if picture.mode in {"RGBA", "RGBa", "PA"} or "transparency" in picture.info:
        layers = picture.convert("RGBA")
        return layers.convert("RGB"), layers.getchannel("A")
    if picture.mode in {"P", "RGBX", "YCbCr"}:
        return picture.convert("RGB"), None
    raise ValueError(f"its colour mode {picture.mode} is not supported")


def _apply_profile(picture: Image.Image, profile: bytes, notes: list[str]) -> Image.Image:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        name = ImageCms.getProfileDescription(source).strip()
        if source.profile.xcolor_space.strip() != _PROFILE_SPACES[picture.mode]:
            notes.append("its colour profile does not fit its pixels and was ignored")
            return picture
        if picture.mode == "RGB" and name.startswith("sRGB"):
            return picture
        target = ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(picture, source, target, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        notes.append("its colour profile is damaged and was ignored")
        return picture
    if converted is None:
        return picture
    notes.append(f"colours were converted from the profile {name!r} to sRGB")
    return converted
