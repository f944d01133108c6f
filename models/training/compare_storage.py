"""How the image tower is stored: float16 weights against static int8 (QDQ, a scale for each channel), in one run.

Agreement with float32 (cosine) on 200 held-out training pictures, zero-shot top-1 on 1,000 others with CIFAR-100's labels
through the bundle's text tower, size, and time of a single picture on one thread. int8 is calibrated on 200 training pictures.
"""

import tempfile
from pathlib import Path

import numpy as np
import torch
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

from concepts import NONE, prompts_of, read_head
from evaluate import Bundle
from export import SIDE, export_onnx, load_towers, store_small
from measure_speed import medians, open_session
from pictures import Pictures, unpack
from pixels import centre_square, to_input
from setup import arguments, read_setup

CALIBRATION, AGREEMENT, ACCURACY = 200, 200, 1000


class Calibration(CalibrationDataReader):
    """Pictures one by one."""

    def __init__(self, pixels: np.ndarray):
        self.rest = iter(pixels)

    def get_next(self) -> dict[str, np.ndarray] | None:
        pixels = next(self.rest, None)
        return None if pixels is None else {"pixel_values": pixels[None]}


def inputs(pictures: Pictures, rows: np.ndarray) -> np.ndarray:
    """float32 [rows, 3, SIDE, SIDE]."""
    squares = [to_input(torch.from_numpy(centre_square(pictures[i]).copy())[None], SIDE) for i in rows]
    return torch.cat(squares).contiguous().numpy()


def embed(session, pixels: np.ndarray) -> np.ndarray:
    return np.concatenate([session.run(None, {"pixel_values": pixels[at : at + 20]})[0] for at in range(0, len(pixels), 20)])


def main() -> None:
    options = arguments(__doc__).parse_args()
    setup = read_setup(options)
    image, _, _ = load_towers(setup, setup.cache / "image-tower.pt", setup.cache / "text-tower.pt")
    pictures, head = unpack(options.data, setup.cache), read_head(setup.heads, "cifar100")
    labels = Bundle(options.bundle).labels([prompts_of(label) for label in head["labels"]], head["templates"])
    has = np.flatnonzero(setup.held_out & (setup.targets[:, 0] != NONE))[:ACCURACY]
    calibration = np.random.default_rng(3).choice(np.flatnonzero(~setup.held_out), CALIBRATION, replace=False)
    pixels, sessions, sizes = inputs(pictures, has), {}, {}
    with tempfile.TemporaryDirectory() as folder:
        paths = {name: Path(folder) / f"{name}.onnx" for name in ("float32", "float16 weights", "int8 QDQ", "prepared")}
        for name in ("float32", "float16 weights"):
            export_onnx(image, torch.zeros(2, 3, SIDE, SIDE), ("pixel_values", "image_embeds"), {0: "batch"}, paths[name])
        store_small(paths["float16 weights"], "float16")
        quant_pre_process(paths["float32"], paths["prepared"])
        quantize_static(paths["prepared"], paths["int8 QDQ"], Calibration(inputs(pictures, calibration)), per_channel=True,
                        quant_format=QuantFormat.QDQ, activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8,
                        reduce_range=True)
        for name in ("float32", "float16 weights", "int8 QDQ"):
            sessions[name], sizes[name] = open_session(paths[name], 1), paths[name].stat().st_size
    one = pixels[:1]
    times = medians({name: lambda session=session: session.run(None, {"pixel_values": one})
                     for name, session in sessions.items()}, 30)
    reference = embed(sessions["float32"], pixels)
    for name, session in sessions.items():
        embeddings = embed(session, pixels)
        cosine = (embeddings * reference).sum(-1)[:AGREEMENT]
        hits = (embeddings @ labels.T).argmax(-1) == setup.targets[has, 0]
        print(f"{name}: cosine {cosine.mean():.4f}, least {cosine.min():.4f}; top-1 {hits.mean():.1%} of {len(has)}; "
              f"{sizes[name] / 1e6:.1f} MB; {times[name]:.1f} ms")


if __name__ == "__main__":
    main()
