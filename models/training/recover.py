"""Checkpoints again from the committed bundle: `image-tower.pt` and `text-tower.pt`, to export or to train on from.

The ONNX files keep the weights by name; prototypes are what the text tower answers for each concept's names.
"""

import json
import math

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper
from tokenizers import Tokenizer

from backbone import empty_backbone
from image_tower import ImageTower
from joint_space import JointSpace
from setup import arguments, read_setup
from text_tower import TextTower
from train_text import tokens

PRODUCTS = ("qkv", "out", "up", "down")
"""A layer's linear maps in the order in which the graph multiplies by them; only there the export loses their names."""


def stored_weights(path) -> dict[str, torch.Tensor]:
    """Initialisers of a bundle's ONNX file as float32, under the names that the graph uses."""
    graph = onnx.load(path).graph
    values = {tensor.name: numpy_helper.to_array(tensor).astype(np.float32) for tensor in graph.initializer}
    weights = {}
    for name, value in values.items():
        if name.endswith(".stored"):
            plain = name.removesuffix(".stored")
            weights[plain] = value * values.get(f"{plain}.scale", np.float32(1))
        elif not name.endswith(".scale"):
            weights[name] = value
    products = [name for node in graph.node if node.op_type == "MatMul" for name in node.input if name in weights]
    for at, name in enumerate(products):
        weights[f"layers.{at // len(PRODUCTS)}.{PRODUCTS[at % len(PRODUCTS)]}.weight"] = weights.pop(name).T.copy()
    return {name: torch.from_numpy(np.array(value)) for name, value in weights.items()}


def only(model: torch.nn.Module, weights: dict[str, torch.Tensor]) -> torch.nn.Module:
    """Loads what the model has; an error names what is missing."""
    model.load_state_dict({name: weights[name] for name in model.state_dict()})
    return model


@torch.no_grad()
def main() -> None:
    setup = read_setup(arguments(__doc__).parse_args())
    tokenizer = Tokenizer.from_file(str(setup.bundle / "tokenizer.json"))
    image = only(ImageTower(empty_backbone()), stored_weights(setup.bundle / "onnx" / "vision_model.onnx"))
    text = only(TextTower(tokenizer.get_vocab_size()), stored_weights(setup.bundle / "onnx" / "text_model.onnx")).eval()
    space = JointSpace(len(setup.concepts.all))
    space.project.load_state_dict(image.project.state_dict())
    for index, concept in enumerate(setup.concepts.all):
        answers = text(tokens(tokenizer, [f"a photo of a {name}" for name in concept.texts]))
        space.prototypes[index] = F.normalize(answers.mean(0), dim=-1)
    scale = json.loads((setup.bundle / "bundle.json").read_text(encoding="utf-8"))["logitScale"]
    space.log_scale.fill_(math.log(scale))
    setup.cache.mkdir(parents=True, exist_ok=True)
    torch.save({"backbone": image.backbone.state_dict(), "space": space.state_dict()}, setup.cache / "image-tower.pt")
    torch.save(text.state_dict(), setup.cache / "text-tower.pt")
    (setup.cache / "text-tower.seconds").unlink(missing_ok=True)
    print(f"wrote image-tower.pt and text-tower.pt to {setup.cache}")


if __name__ == "__main__":
    main()
