"""The sheet that is exported: what stands where."""

import numpy as np
import pytest

from gsal.saliency.colours import table
from gsal.saliency.overlay import Look
from gsal.saliency.sheet import INK_LINE, PEAK_LINE, SheetMap, compose, file_name, panel_shape, sheet_width

GAP = 24


def a_map(title: str = "biased · Grad-CAM · MEL") -> SheetMap:
    saliency = np.zeros((16, 16))
    saliency[:4, :4] = 1.0
    return SheetMap(title, saliency, 1.0, ("Mean on ink, m: 1", "A longer line that has to be wrapped " * 3))


@pytest.mark.parametrize(("height", "width"), [(480, 640), (300, 100), (1200, 1600), (64, 80)])
@pytest.mark.parametrize("maps", [1, 2])
@pytest.mark.parametrize("has_mask", [True, False])
def test_its_size(height: int, width: int, maps: int, has_mask: bool) -> None:
    picture = np.full((height, width, 3), 90, np.uint8)
    mask = np.zeros((height, width), bool) if has_mask else None
    sheet = compose(
        picture, mask, [a_map()] * maps, Look(), about_picture=("p.jpg",), about_mask=("Ink mask",)
    )
    down, across = panel_shape(height, width)
    assert sheet.shape[1] == sheet_width(1 + has_mask + maps, across)
    assert sheet.shape[0] > down + 2 * GAP
    assert (sheet[GAP : GAP + down, GAP : GAP + across] == 90).all()


def test_mask_map_and_outlines_stand_beside_the_picture() -> None:
    picture = np.full((512, 512, 3), 90, np.uint8)
    mask = np.zeros((512, 512), bool)
    mask[300:400, 300:400] = True
    look = Look(opacity=1.0, is_clear=False)
    sheet = compose(picture, mask, [a_map()], look, about_picture=("p.jpg",), about_mask=("Ink mask",))
    panels = [sheet[GAP : GAP + 512, GAP + n * (512 + GAP) :][:, :512] for n in range(3)]
    assert (panels[1][..., 0] == np.where(mask, 255, 0)).all()
    assert (panels[2][50, 50] == table(look.colours)[255]).all()
    assert (panels[2][350, 350] == table(look.colours)[128]).all()
    assert (panels[2] == INK_LINE).all(axis=-1).any()
    plain = compose(
        picture,
        mask,
        [a_map()],
        Look(shows_ink=False, shows_peak=False),
        about_picture=("p.jpg",),
        about_mask=("Ink mask",),
    )
    shown = plain[GAP : GAP + 512, GAP + 2 * (512 + GAP) :]
    assert not (shown == PEAK_LINE).all(axis=-1).any()


def test_names_have_nothing_that_a_file_cannot_have() -> None:
    name = file_name('PAT 1/"x".png', ["a:b", "c"], "grad-cam", "MEL/SK")
    assert name == "x_a-b_c_grad-cam_MEL-SK.png"
    assert len(file_name("p" * 500 + ".jpg", ["m"], "grad-cam", "MEL")) < 150
