"""Writes a linear head of a bundle as the product reads it: safetensors, its version a hash of all that changes an answer.

The layout is that of shared/core/head-file.ts, the version that of shared/core/head-version.ts.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

FORMAT = "clip-functions head 1"


@dataclass(frozen=True)
class LinearHead:
    """softmax(scale · W·x): `weights` float32 [labels, size], rows of length 1, so that W·x are cosines."""

    id: str
    title: str
    labels: list[str]
    weights: np.ndarray
    scale: float
    none_threshold: float


def bundle_revision(bundle: Path) -> str:
    """A hash of all its files, as shared/io/bundle-directory.ts computes it."""
    files = json.loads((bundle / "bundle.json").read_text(encoding="utf-8"))["files"]
    return _sha256("".join(sorted(f"{file['sha256']}  {file['path']}\n" for file in files)).encode())


def write_head(bundle: Path, head: LinearHead) -> None:
    """`<bundle>/heads/<id>.safetensors`, for this revision of the bundle alone."""
    revision, temperature = bundle_revision(bundle), 1
    weights, bias = np.ascontiguousarray(head.weights, "<f4"), np.zeros(len(head.labels), "<f4")
    content = _json([head.id, "linear", revision, head.labels, head.scale, temperature, head.none_threshold, "cosines"])
    path = bundle / "heads" / f"{head.id}.safetensors"
    save_file({"weights": weights, "bias": bias}, path.with_suffix(".part"), {
        "format": FORMAT, "id": head.id, "title": head.title, "kind": "linear", "cosines": "true",
        "version": _sha256(f"{content}\n".encode() + weights.tobytes() + bias.tobytes()), "bundleRevision": revision,
        "labels": _json(head.labels), "scale": _json(head.scale), "temperature": str(temperature),
        "noneThreshold": _json(head.none_threshold),
    })
    path.with_suffix(".part").chmod(0o644)
    path.with_suffix(".part").replace(path)


def _json(value: object) -> str:
    """As JSON.stringify writes it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _sha256(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"
