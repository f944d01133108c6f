"""How the towers are stored, in one run: float16 weights against int8, for pictures static (QDQ, a scale for each channel).

Agreement with float32 (cosine), zero-shot top-1 on 1,000 held-out training pictures with CIFAR-100's labels, size, and time on one
thread. Of the image tower: cosine on 200 of the pictures, labels through the bundle's text tower, time of a single picture; int8 is
calibrated on 200 training pictures. Of the text tower: cosine on 200 prompts of these labels, pictures through the image tower in
float32, time of a single prompt.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from onnxruntime import InferenceSession
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

from concepts import NONE, prompts_of, read_head
from evaluate import Bundle
from export import export_image, export_text, load_towers, store_small
from image_tower import SIDE, ImageTower
from measure_speed import medians, open_session
from pictures import Pictures, unpack
from pixels import centre_square, to_input
from setup import arguments, read_setup
from text_tower import TextTower
from train_text import tokens

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


def embed(session: InferenceSession, inputs: np.ndarray) -> np.ndarray:
    """float32 [inputs, 512]."""
    name = session.get_inputs()[0].name
    return np.concatenate([session.run(None, {name: inputs[at : at + 20]})[0] for at in range(0, len(inputs), 20)])


def store_image(image: ImageTower, calibration: np.ndarray, folder: Path) -> dict[str, Path]:
    """The image tower in each way; calibration: float32 [pictures, 3, SIDE, SIDE]."""
    paths = {name: folder / f"image {name}.onnx" for name in ("float32", "float16 weights", "int8 QDQ")}
    for name in ("float32", "float16 weights"):
        export_image(image, paths[name])
    store_small(paths["float16 weights"], "float16")
    prepared = folder / "prepared.onnx"
    quant_pre_process(paths["float32"], prepared)
    quantize_static(prepared, paths["int8 QDQ"], Calibration(calibration), per_channel=True, quant_format=QuantFormat.QDQ,
                    activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8, reduce_range=True)
    return paths


def store_text(text: TextTower, folder: Path) -> dict[str, Path]:
    """The text tower in each way."""
    paths = {name: folder / f"text {name}.onnx" for name in ("float32", "float16 weights", "int8 weights")}
    for path in paths.values():
        export_text(text, path)
    store_small(paths["float16 weights"], "float16")
    store_small(paths["int8 weights"], "int8")
    return paths


def compare(paths: dict[str, Path], inputs: np.ndarray, hits: Callable[[np.ndarray], np.ndarray]) -> None:
    """A line for each way; hits: from a tower's embeddings of all inputs, which pictures are named rightly."""
    sessions = {name: open_session(path, 1) for name, path in paths.items()}
    feed = {next(iter(sessions.values())).get_inputs()[0].name: inputs[:1]}
    times = medians({name: lambda session=session: session.run(None, feed) for name, session in sessions.items()}, 30)
    embeddings = {name: embed(session, inputs) for name, session in sessions.items()}
    for name, path in paths.items():
        cosine = (embeddings[name] * embeddings["float32"]).sum(-1)[:AGREEMENT]
        right = hits(embeddings[name])
        print(f"{path.stem}: cosine {cosine.mean():.4f}, least {cosine.min():.4f} of {len(cosine)}; "
              f"top-1 {right.mean():.1%} of {len(right)}; {path.stat().st_size / 1e6:.1f} MB; {times[name]:.1f} ms", flush=True)


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--image", type=Path, help="default: <cache>/image-tower.pt")
    parser.add_argument("--text", type=Path, help="default: <cache>/text-tower.pt")
    options = parser.parse_args()
    setup = read_setup(options)
    image, text, _ = load_towers(setup, options.image or setup.cache / "image-tower.pt",
                                 options.text or setup.cache / "text-tower.pt")
    pictures, head, bundle = unpack(options.data, setup.cache), read_head(setup.heads, "cifar100"), Bundle(options.bundle)
    prompts = [[template.replace("{}", name) for name in prompts_of(label) for template in head["templates"]] for label in head["labels"]]
    ids = tokens(bundle.tokenizer, [prompt for of_label in prompts for prompt in of_label]).numpy()
    label_of = np.repeat(np.arange(len(prompts)), [len(of_label) for of_label in prompts])
    rows = np.flatnonzero(setup.held_out & (setup.targets[:, 0] != NONE))[:ACCURACY]
    truth, pixels = setup.targets[rows, 0], inputs(pictures, rows)
    chosen = np.random.default_rng(3).choice(np.flatnonzero(~setup.held_out), CALIBRATION, replace=False)

    def rightly(images: np.ndarray, texts: np.ndarray) -> np.ndarray:
        means = np.stack([texts[label_of == label].mean(0) for label in range(len(prompts))])
        return (images @ (means / np.linalg.norm(means, axis=1, keepdims=True)).T).argmax(-1) == truth

    with tempfile.TemporaryDirectory() as name:
        images, texts = store_image(image, inputs(pictures, chosen), Path(name)), store_text(text, Path(name))
        shipped = embed(bundle.text, ids)
        compare(images, pixels, lambda embeddings: rightly(embeddings, shipped))
        exact = embed(open_session(images["float32"], 1), pixels)
        compare(texts, ids, lambda embeddings: rightly(exact, embeddings))


if __name__ == "__main__":
    main()
