"""Token vectors that treat all words alike: what the sentence encoder's word pieces are, and what it says of the token alone.

vector = mean of the token's word pieces' vectors + M · (the sentence encoder's answer to the token as a text), M learned. So a word
that never occurs in training is understood as far as the sentence encoder understands it. Late in training each token may add a
little of its own (`own`), which stays zero for tokens that never occur. After training the sum is folded into one table.
"""

import torch
from tokenizers import Tokenizer
from torch import nn

from sentence_encoder import SentenceEncoder
from text_tower import WIDTH
from vocabulary import END, START, SUFFIX


class TokenVectors(nn.Module):
    """`input_ids` → vectors [batch, length, 384]; `weight` is the folded table."""

    def __init__(self, tokenizer: Tokenizer, encoder: SentenceEncoder):
        super().__init__()
        words = [_text(entry) for entry, _ in sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])]
        pieces = encoder.bert.embeddings.word_embeddings.weight.detach()
        self.register_buffer("pieces", torch.stack([_mean_of_pieces(word, pieces, encoder.pieces) for word in words]))
        self.register_buffer("answers", torch.from_numpy(encoder(words)))
        self.map = nn.Linear(WIDTH, WIDTH)
        nn.init.zeros_(self.map.weight)
        nn.init.zeros_(self.map.bias)
        self.own = nn.Embedding(len(words), WIDTH)
        nn.init.zeros_(self.own.weight)

    def forward(self, input_ids: torch.Tensor) -> torch.Tensor:
        return self.pieces[input_ids] + self.map(self.answers[input_ids]) + self.own(input_ids)

    @property
    @torch.no_grad()
    def weight(self) -> torch.Tensor:
        return self.pieces + self.map(self.answers) + self.own.weight

    @torch.no_grad()
    def unfold(self, weight: torch.Tensor) -> None:
        """From a folded table: M by least squares, what is left over to the tokens' own."""
        answers = torch.cat([self.answers, torch.ones(len(weight), 1)], 1)
        solution = torch.linalg.lstsq(answers, weight - self.pieces).solution
        self.map.weight.copy_(solution[:-1].T)
        self.map.bias.copy_(solution[-1])
        self.own.weight.copy_(weight - self.pieces - self.map(self.answers))


def _text(entry: str) -> str:
    """What a vocabulary entry writes; the special ones as they are."""
    if entry in (START, END):
        return entry
    return bytes(_byte(byte) for byte in entry.removesuffix(SUFFIX)).decode("utf-8", "replace")


def _mean_of_pieces(word: str, pieces: torch.Tensor, tokenizer: Tokenizer) -> torch.Tensor:
    ids = {START: [tokenizer.token_to_id("[CLS]")], END: [tokenizer.token_to_id("[SEP]")]}.get(
        word, tokenizer.encode(word, add_special_tokens=False).ids)
    return pieces[ids].mean(0) if ids else torch.zeros(WIDTH)


def _byte(character: str) -> int:
    """The byte behind one of byte-level BPE's printable characters. @see openai/gpt-2, encoder.py"""
    code = ord(character)
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    if code in printable:
        return code
    return [byte for byte in range(256) if byte not in printable][code - 256]
