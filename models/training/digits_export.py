"""The digits head as it is served: one ONNX file, and what head.json says of it."""

import hashlib
import json
from pathlib import Path

import onnx
import torch

from digits_augmentation import augment, not_digits
from digits_network import DigitsNetwork, SIDE, folded

KEPT = 0.99
"""Share of augmented held-out digits that the threshold lets pass as digits."""


def export(network: DigitsNetwork, held_out: tuple[torch.Tensor, torch.Tensor], out: Path) -> None:
    """Writes `model.onnx` and `head.json`; the temperature and the threshold are chosen on held-out digits."""
    out.mkdir(parents=True, exist_ok=True)
    served = folded(network.to(memory_format=torch.contiguous_format))
    path = out / "model.onnx"
    torch.onnx.export(served, (torch.zeros(2, 1, SIDE, SIDE),), path, input_names=["pixels"], output_names=["logits"],
                      dynamic_axes={"pixels": {0: "batch"}, "logits": {0: "batch"}}, dynamo=False)
    model = onnx.load(path)
    model.doc_string, model.producer_version = "", ""
    onnx.checker.check_model(model)
    onnx.save(model, path)
    content = path.read_bytes()
    head = {
        "id": "digits",
        "title": "Handwritten digits",
        "licence": "MIT",
        "labels": [str(digit) for digit in range(10)],
        **_scale(served, held_out),
        "files": [{"path": path.name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}],
    }
    (out / "head.json").write_text(json.dumps(head, indent=2) + "\n", encoding="utf-8")
    print(f"{path}: {len(content) / 1e3:.0f} kB")


@torch.no_grad()
def _scale(network: torch.nn.Module, held_out: tuple[torch.Tensor, torch.Tensor]) -> dict[str, float]:
    """Temperature of least loss, and the energy score that 99 of 100 digits reach at it, seen as photographs show them."""
    pictures, labels = held_out
    generator = torch.Generator().manual_seed(1)
    logits = network(augment(pictures, generator))
    steps = torch.logspace(-1, 1, 201)
    losses = torch.stack([torch.nn.functional.cross_entropy(logits / step, labels) for step in steps])
    temperature = round(steps[losses.argmin()].item(), 3)
    energy = lambda x: torch.logsumexp(network(x) / temperature, 1)
    threshold = torch.quantile(energy(augment(pictures, generator)), 1 - KEPT).item()
    others = (energy(not_digits(pictures, generator)) < threshold).float().mean().item()
    print(f"temperature {temperature}; below {threshold:.2f}: {1 - KEPT:.0%} of digits, {others:.0%} of what is none")
    return {"temperature": temperature, "noneThreshold": round(threshold, 3)}
