"""Keeping a 12-MP mask: our codec against a 1-bit PNG by Pillow, CPU seconds and bytes."""

import io

import cv2
import numpy as np
from PIL import Image

from gsal.arrays import Mask
from gsal.masks import codec
from tests.benchmarks.harness import Row, cpu_seconds, main, rows


def _strokes(height: int, width: int, seed: int = 0) -> Mask:
    rng = np.random.default_rng(seed)
    drawn = np.zeros((height, width), np.uint8)
    for _ in range(12):
        points = np.cumsum(rng.normal(0, 60, (40, 2)), axis=0) + rng.uniform(
            (500, 500), (width - 500, height - 500)
        )
        cv2.polylines(
            drawn, [points.astype(np.int32)], isClosed=False, color=1, thickness=int(rng.integers(10, 40))
        )
    return drawn.astype(bool)


def _png(mask: Mask) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(mask).save(buffer, "PNG")
    return buffer.getvalue()


def measure() -> list[Row]:
    """Encode and decode one mask of twelve megapixels by both."""
    mask = _strokes(3000, 4000)
    encoded, png = codec.encode(mask), _png(mask)
    write = cpu_seconds({"ours": lambda: codec.encode(mask), "pillow-png": lambda: _png(mask)})
    read = cpu_seconds(
        {"ours": lambda: codec.decode(encoded), "pillow-png": lambda: np.asarray(Image.open(io.BytesIO(png)))}
    )
    return [
        *rows("encode 12 MP", write, metric="cpu_s", per=1),
        *rows("decode 12 MP", read, metric="cpu_s", per=1),
        Row("size 12 MP", "ours", "bytes", len(encoded.data), "B"),
        Row("size 12 MP", "pillow-png", "bytes", len(png), "B"),
    ]


if __name__ == "__main__":
    main(measure)
