"""Times of the bundle's towers against CLIP ViT-B/32's of random weights: ratios in one run, same threads, float32.

Medians in ONNX Runtime of single inputs, and of 16 texts at once, turn and turn about, so that other load on the machine meets
both alike. The text is "a photo of a dog"; CLIP's own tokenizer pads it to 77 tokens, and both lengths are measured.
With `--keep` it only writes CLIP's two towers, for `scripts/bench/towers.ts`, which measures in the product's own runtime.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from tokenizers import Tokenizer

from export import export_onnx
from setup import HERE


def open_session(path: Path, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(path, options)


def export_clip(folder: Path) -> tuple[Path, Path]:
    """ViT-B/32 and its text tower with random weights, float32: `image.onnx` and `text.onnx`."""
    from transformers import CLIPConfig, CLIPTextModelWithProjection, CLIPVisionModelWithProjection

    class Image(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.model = CLIPVisionModelWithProjection(CLIPConfig().vision_config)

        def forward(self, pixel_values):
            return self.model(pixel_values=pixel_values).image_embeds

    class Text(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.model = CLIPTextModelWithProjection(CLIPConfig().text_config)

        def forward(self, input_ids):
            return self.model(input_ids=input_ids).text_embeds

    image, text = folder / "image.onnx", folder / "text.onnx"
    export_onnx(Image(), torch.zeros(1, 3, 224, 224), ("pixel_values", "image_embeds"), {0: "batch"}, image)
    example = torch.full((1, 77), 49407)
    export_onnx(Text(), example, ("input_ids", "text_embeds"), {0: "batch", 1: "length"}, text)
    return image, text


def medians(calls: dict[str, callable], repeats: int) -> dict[str, float]:
    """Milliseconds a call, each called in turn."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    for call in calls.values():
        call()
    for _ in range(repeats):
        for name, call in calls.items():
            begun = time.perf_counter()
            call()
            times[name].append((time.perf_counter() - begun) * 1000)
    return {name: statistics.median(values) for name, values in times.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bundle", type=Path, default=HERE.parent / "mini-clip")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=40)
    parser.add_argument("--keep", type=Path, metavar="DIR", help="write CLIP's towers there and measure nothing")
    options = parser.parse_args()
    if options.keep:
        export_clip(options.keep)
        return
    with tempfile.TemporaryDirectory() as folder:
        image, text = export_clip(Path(folder))
        clip_image, clip_text = open_session(image, options.threads), open_session(text, options.threads)
    begun = time.perf_counter()
    ours_image = open_session(options.bundle / "onnx" / "vision_model.onnx", options.threads)
    ours_text = open_session(options.bundle / "onnx" / "text_model.onnx", options.threads)
    loaded = (time.perf_counter() - begun) * 1000
    side = ours_image.get_inputs()[0].shape[2]
    ids = Tokenizer.from_file(str(options.bundle / "tokenizer.json")).encode("a photo of a dog").ids
    pixels = {size: np.zeros((1, 3, size, size), np.float32) for size in (side, 224)}
    theirs = {length: np.array([[49406, *[320] * (length - 2), 49407]]) for length in (len(ids), 77)}
    found = medians({
        "image": lambda: ours_image.run(None, {"pixel_values": pixels[side]}),
        "CLIP image": lambda: clip_image.run(None, {"pixel_values": pixels[224]}),
        "text": lambda: ours_text.run(None, {"input_ids": np.array([ids])}),
        "CLIP text": lambda: clip_text.run(None, {"input_ids": theirs[len(ids)]}),
        "16 texts": lambda: ours_text.run(None, {"input_ids": np.array([ids] * 16)}),
        "16 CLIP texts": lambda: clip_text.run(None, {"input_ids": np.repeat(theirs[len(ids)], 16, 0)}),
        "CLIP text of 77": lambda: clip_text.run(None, {"input_ids": theirs[77]}),
    }, options.repeats)
    for name, value in found.items():
        print(f"{name}: {value:.2f} ms")
    print(f"image {found['CLIP image'] / found['image']:.1f} times as fast; text {found['CLIP text'] / found['text']:.1f} "
          f"({len(ids)} tokens each), {found['16 CLIP texts'] / found['16 texts']:.1f} in batches of 16, "
          f"{found['CLIP text of 77'] / found['text']:.1f} against CLIP's 77 tokens")
    print(f"both towers load in {loaded:.0f} ms, {loaded / found['image']:.0f} image encodes")


if __name__ == "__main__":
    main()
