import subprocess
import sys

MODULES = (
    "gsal.images.source, gsal.images.geometry, gsal.masks.ink_rules, gsal.masks.pick, gsal.masks.soften, "
    "gsal.masks.codec, gsal.masks.evaluation, gsal.masks.interchange"
)


def test_pictures_and_masks_need_no_torch() -> None:
    code = f"import sys, {MODULES}; sys.exit('torch' in sys.modules or 'sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
