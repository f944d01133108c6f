"""Writes `test/golden/pixels/`: pictures drawn here, and beside each, as lossless WebP, the 224 × 224 pixels that the
reference makes of it.

    python models/training/pixel_goldens.py

The reference: Pillow's `exif_transpose`, the profile's colours to sRGB by ImageCms, alpha laid on white, RGB, then as
Hugging Face's CLIPImageProcessor does: bicubic with antialias to the shortest edge, centre crop.
"""

import argparse
import io
import json
from pathlib import Path

import numpy as np
import PIL
from PIL import Image, ImageCms, ImageOps

from golden_pictures import golden_pictures

SIDE = 224
TARGET = Path(__file__).parents[2] / "test" / "golden" / "pixels"


def reference_pixels(encoded: bytes, side: int = SIDE) -> Image.Image:
    """Encoded bytes → RGB picture [side, side]."""
    picture = ImageOps.exif_transpose(Image.open(io.BytesIO(encoded)))
    return centre_crop(resize_shortest_edge(to_rgb(picture), side), side)


def to_rgb(picture: Image.Image) -> Image.Image:
    """Any Pillow picture in sRGB without alpha; what is transparent becomes white."""
    if picture.mode.startswith("I;16"):
        return Image.fromarray(np.round(np.asarray(picture) / 257).astype(np.uint8), "L").convert("RGB")
    if "icc_profile" in picture.info:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(picture.info["icc_profile"]))
        picture = ImageCms.profileToProfile(picture, profile, ImageCms.createProfile("sRGB"), outputMode="RGB")
    if picture.has_transparency_data:
        opaque = Image.new("RGBA", picture.size, "white")
        return Image.alpha_composite(opaque, picture.convert("RGBA")).convert("RGB")
    return picture.convert("RGB")


def resize_shortest_edge(picture: Image.Image, edge: int) -> Image.Image:
    """The longer side keeps the proportion, rounded down. See transformers, get_resize_output_image_size."""
    shorter = min(picture.size)
    width, height = (int(edge * side / shorter) for side in picture.size)
    return picture.resize((width, height), Image.Resampling.BICUBIC)


def centre_crop(picture: Image.Image, side: int) -> Image.Image:
    left, top = (picture.width - side) // 2, (picture.height - side) // 2
    return picture.crop((left, top, left + side, top + side))


def main() -> None:
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    TARGET.mkdir(parents=True, exist_ok=True)
    for old in TARGET.iterdir():
        old.unlink()
    index = []
    for name, encoded, tolerance in golden_pictures():
        reference = f"{name}.reference.webp"
        (TARGET / name).write_bytes(encoded)
        reference_pixels(encoded).save(TARGET / reference, lossless=True, method=6, exact=True)
        index.append({"file": name, "reference": reference, "tolerance": tolerance})
    report = {
        "madeBy": "models/training/pixel_goldens.py",
        "versions": {"pillow": PIL.__version__, "numpy": np.__version__},
        "shortestEdge": SIDE, "cropSize": SIDE, "resample": "bicubic",
        "pictures": index,
    }
    (TARGET / "index.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    total = sum(file.stat().st_size for file in TARGET.iterdir())
    print(f"{len(index)} pictures, {total / 1e6:.2f} MB with their references")


if __name__ == "__main__":
    main()
