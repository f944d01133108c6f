"""Small pictures, drawn here and nowhere else, in every format and odd shape that the decoder must get right.

`golden_pictures()` gives (file name, encoded bytes, tolerance): the tolerance is the mean absolute difference, in 1/255,
that a decoder may be off from the reference pixels: 1.5, and 4 where colours are converted (CMYK, ICC profiles).
"""

import io
from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageDraw

from golden_profile import display_p3_profile

EXACT, CONVERTED = 1.5, 4.0
ORIENTATION_TAG = 0x0112

GoldenPicture = tuple[str, bytes, float]


def draw(width: int, height: int, seed: int = 7) -> Image.Image:
    """A gradient with shapes, and a patch of noise: RGB, no symmetry, so that every turn and mirror image differs."""
    x, y = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    noise = np.random.default_rng(seed).normal(0, 30, (height, width, 1))
    noise[(x < 0.7) | (x > 0.9) | (y < 0.5) | (y > 0.8)] = 0
    channels = np.stack([230 * x + 15, 200 * y + 30, 220 * (1 - x * y) + 10], axis=-1)
    picture = Image.fromarray(np.clip(channels + noise, 0, 255).astype(np.uint8), "RGB")
    pen = ImageDraw.Draw(picture)
    pen.ellipse([width * 0.08, height * 0.1, width * 0.4, height * 0.5], fill=(220, 40, 60))
    pen.rectangle([width * 0.55, height * 0.15, width * 0.9, height * 0.35], fill=(30, 160, 80), outline=(255, 255, 255))
    pen.polygon([(width * 0.2, height * 0.9), (width * 0.5, height * 0.55), (width * 0.7, height * 0.95)], fill=(40, 60, 200))
    pen.line([0, height - 1, width - 1, 0], fill=(250, 220, 20), width=max(1, width // 60))
    return picture


def draw_transparent(width: int, height: int) -> Image.Image:
    """The same, RGBA: opaque on the left, fading out to the right, with loud colours under the invisible part."""
    picture = draw(width, height).convert("RGBA")
    alpha = np.clip(np.linspace(510, -100, width), 0, 255).astype(np.uint8)
    picture.putalpha(Image.fromarray(np.tile(alpha, (height, 1)), "L"))
    return picture


def golden_pictures() -> Iterator[GoldenPicture]:
    """Every golden picture, in the order of the index."""
    yield from _jpegs()
    yield from _pngs()
    yield from _odd_sizes()
    yield from _other_formats()
    yield from _converted_colours()


def _encode(picture: Image.Image, form: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, form, **options)
    return buffer.getvalue()


def _commonest(palette: Image.Image) -> int:
    """The palette's entry that most pixels have: where it is transparent, that shows."""
    return max(palette.getcolors())[1]


def _jpegs() -> Iterator[GoldenPicture]:
    picture = draw(320, 240)
    yield "baseline.jpg", _encode(picture, "JPEG", quality=90), EXACT
    yield "progressive.jpg", _encode(picture, "JPEG", quality=90, progressive=True), EXACT
    yield "no-subsampling.jpg", _encode(picture, "JPEG", quality=90, subsampling=0), EXACT
    yield "grey.jpg", _encode(picture.convert("L"), "JPEG", quality=90), EXACT
    yield "large.jpg", _encode(draw(1280, 960), "JPEG", quality=35), EXACT
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[ORIENTATION_TAG] = orientation
        yield f"exif-{orientation}.jpg", _encode(draw(240, 160), "JPEG", quality=85, exif=exif), EXACT


def _pngs() -> Iterator[GoldenPicture]:
    picture, transparent = draw(256, 192), draw_transparent(200, 160)
    palette = picture.quantize(64)
    grey = picture.convert("L")
    ramp = np.linspace(0, 65535, 240 * 230).reshape(230, 240).astype(np.uint16)
    yield "rgb.png", _encode(draw(160, 120), "PNG", optimize=True), EXACT
    yield "rgba.png", _encode(transparent, "PNG", optimize=True), EXACT
    yield "palette.png", _encode(palette, "PNG"), EXACT
    yield "palette-transparent.png", _encode(palette, "PNG", transparency=_commonest(palette)), EXACT
    yield "grey.png", _encode(grey, "PNG", optimize=True), EXACT
    yield "grey-alpha.png", _encode(transparent.convert("LA"), "PNG", optimize=True), EXACT
    yield "grey-16-bit.png", _encode(Image.fromarray(ramp), "PNG"), EXACT
    yield "bilevel.png", _encode(grey.convert("1", dither=Image.Dither.NONE), "PNG"), EXACT


def _odd_sizes() -> Iterator[GoldenPicture]:
    for width, height in [(1, 1), (3, 2), (32, 32), (225, 223), (900, 60), (40, 600)]:
        yield f"{width}x{height}.png", _encode(draw(width, height), "PNG", optimize=True), EXACT
    yield "panorama.jpg", _encode(draw(1800, 120), "JPEG", quality=80), EXACT


def _other_formats() -> Iterator[GoldenPicture]:
    picture, small = draw(320, 240), draw(120, 90)
    yield "lossy.webp", _encode(picture, "WEBP", quality=85), EXACT
    yield "lossless-alpha.webp", _encode(draw_transparent(120, 90), "WEBP", lossless=True), EXACT
    yield "palette.gif", _encode(picture.quantize(64), "GIF"), EXACT
    yield "two-frames.gif", _encode(small.quantize(32), "GIF", save_all=True, append_images=[draw(120, 90, 8).quantize(32)]), EXACT
    yield "deflate.tiff", _encode(small, "TIFF", compression="tiff_adobe_deflate"), EXACT
    yield "rgb.bmp", _encode(small, "BMP"), EXACT
    yield "palette.bmp", _encode(small.quantize(64), "BMP"), EXACT
    yield "lossy.avif", _encode(picture, "AVIF", quality=80), EXACT


def _converted_colours() -> Iterator[GoldenPicture]:
    picture = draw(320, 240)
    profile = display_p3_profile()
    yield "cmyk.jpg", _encode(picture.convert("CMYK"), "JPEG", quality=90), CONVERTED
    yield "display-p3.jpg", _encode(picture, "JPEG", quality=90, icc_profile=profile), CONVERTED
    yield "display-p3.png", _encode(draw(160, 120), "PNG", optimize=True, icc_profile=profile), CONVERTED
