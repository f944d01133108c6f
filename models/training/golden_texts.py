"""Texts that a tokenizer can get wrong: golden tests compare the ids of every one of them.

`golden_texts()` is a fixed list: words and sentences, then scripts, emoji, accents, entities, spaces, control
characters and very long texts, then random mixtures of all of them from one seed.
"""

import random
import re

SEED = 20
MIXTURES = 330

# A capital sigma at a word's end is left out. Rust lowers it letter by letter, to σ; JavaScript and Python (so OpenAI's
# own tokenizer as well) see the end of the word and write ς.
FINAL_CAPITAL_SIGMA = re.compile(r"Σ(?!\w)")

LABELS = """cat|dog|aquarium fish|maple tree|lawn mower|pickup truck|sweet pepper|willow tree|German shepherd dog
crane (bird)|jack-o'-lantern|black-and-tan coonhound|pay-phone|4x4|hot dog|Bouvier des Flandres|shih-Tzu|CD player
T-shirt|pot-au-feu|ice cream, icecream|great white shark, Carcharodon carcharias|iPod|A.D. 1492|U.S.A.|rock 'n' roll
X-ray|snow-leopard|co-operate|e-mail|24/7|mother-in-law|vis-à-vis|O'Neill|don't|I'll|we've|you're|it's|he'd|I'm|'tis
dog's bowl|dogs' bowls|DON'T SHOUT|Y'ALL'VE|'s|'S|''s|n't|'|''|'''|"|""|`|-|--|---|—|…|...|.|,|!|?!|?!?!?!|#|##|@|&|*|**|/|\\|_|__"""

SENTENCES = """a photo of a cat.
A Photo Of A CAT!
a photo of a cat, sitting on a mat; it's purring.
an origami of a pig
a blurry, low-resolution picture of the large wolf (Canis lupus)
The quick brown fox jumps over the lazy dog.
Two dogs & one cat > three hamsters?
price: $12.50 (–20 %), €10, £8, ¥1000
see https://example.org/a?b=c&d=%20e#f or write to someone@example.org
2026-11-25T00:00:00Z, 12:30, 1,000,000 and 3.14159
snake_case camelCase kebab-case SCREAMING_SNAKE
#hashtag @mention ~tilde ^caret |pipe| {brace} [bracket] <angle>
C++ and C# and F♯ and a+b=c
No. 5 №5 ½ ¼ ⅓ ² ³ ₂ Ⅷ ⅷ ①②③ ٣٤٥ १२३ １２３"""

SCRIPTS = """naïve café résumé|Ångström Åse Øre æther œuvre|ÀÉÎÕÜ àéîõü|Straße STRASSE ẞ ß|łódź Żółć|İstanbul ısı I i|ﬁ ﬂ ﬀ ligature
cafe\u0301 (decomposed)|e\u0301\u0323|A\u030a|\u1112\u1161\u11ab|ñ n\u0303|Ω Ω (ohm sign)|K K (kelvin sign)|Å Å (angstrom sign)
кошка и собака|КОШКА|Γάτα και σκύλος|ΣΊΣΥΦΟΙ|חתול|قطة وكلب|بِلّی|बिल्ली का फोटो|แมวและหมา|ไม่|고양이 사진|猫の写真|ネコ ﾈｺ|一张猫的照片|貓
𝒞𝒶𝓉|ｆｕｌｌ　ｗｉｄｔｈ|ᎠᎵ|ქართული|հայերեն|தமிழ்|မြန်မာ|ខ្មែរ|𐍈𐌰𐌿|𠀀𠀁|tiếng Việt|Ελληνικά|Қазақ тілі"""

EMOJI = """😀|🐱|🐶🐱|a 🐱 and a 🐶|👍🏽|👩‍👩‍👧‍👦|🏳️‍🌈|🇩🇪🇫🇷|❤️|❤|☎|☎️|1️⃣|©®™|🧑🏿‍🚀 in space|🫠|→ ← ⇒|★☆|♠♣♥♦|✓ ✗|°C|µm|½ cup"""

ENTITIES = """cats &amp; dogs|&lt;b&gt;bold&lt;/b&gt;|&quot;quoted&quot;|&#39;|&#x27;|&nbsp;|&eacute;|&amp;amp;|&unknown;|AT&T|a&b|&|&&|&;
<b>bold</b>|<script>alert(1)</script>|<!-- -->|<|endoftext|>|<|startoftext|>|</w>|cat</w>|%3Cb%3E|\\u00e9|{}|a photo of a {}|%s"""

SPACES = [
    "", " ", "  ", "\t", "\n", "\r\n", " cat", "cat ", "  cat  ", "a  cat", "a\tcat", "a\ncat", "a\r\ncat", "a \t\n cat",
    "a\u00a0cat", "a\u2003cat", "a\u3000cat", "a\u2009cat", "a\u200bcat", "a\u200dcat", "a\u2060cat", "\ufeffcat", "a\u00adcat",
    "a\u2028cat", "a\u2029cat", "a\x0bcat", "a\x0ccat", "a\x85cat", "a\u1680cat", "a\u180ecat", "a\u202fcat", "a\u205fcat",
]

CONTROLS = ["a\x00cat", "\x01", "\x07bell", "\x1b[31mred", "a\x7fcat", "a\x1fcat", "\u202ereversed", "\ufffd", "\ufffe", "\ue000", "\U0010ffff"]

LONG = [
    "cat " * 100, "a photo of a cat, " * 40, "x" * 300, "ab" * 500, "🐱" * 90, "猫" * 200, "1234567890" * 20, "!" * 150,
    "supercalifragilisticexpialidocious " * 10, "pneumonoultramicroscopicsilicovolcanoconiosis", "a-" * 120, "é" * 130,
    " " * 500 + "cat", "Donaudampfschifffahrtsgesellschaftskapitän" * 5, "AbC" * 70,
]


def golden_texts() -> list[str]:
    """All texts, each once, in a fixed order."""
    lines = "|".join([LABELS, SCRIPTS, EMOJI]).replace("\n", "|").split("|")
    entities = ENTITIES.replace("<|endoftext|>", "<\0endoftext\0>").replace("<|startoftext|>", "<\0startoftext\0>")
    lines += [entity.replace("\0", "|") for entity in entities.replace("\n", "|").split("|")]
    written = lines + SENTENCES.split("\n") + SPACES + CONTROLS + LONG
    texts = dict.fromkeys(written + _mixtures(written))
    return [text for text in texts if not FINAL_CAPITAL_SIGMA.search(text)]


def _mixtures(written: list[str]) -> list[str]:
    chance = random.Random(SEED)
    short = [text for text in written if len(text) < 60]
    glue = [" ", "", ", ", " - ", "\n", "'s ", " & ", "  ", "/"]
    return [
        chance.choice(glue).join(_recased(chance.choice(short), chance) for _ in range(chance.randint(2, 5)))
        for _ in range(MIXTURES)
    ]


def _recased(text: str, chance: random.Random) -> str:
    return chance.choice([text, text, text.upper(), text.title(), text.swapcase()])


if __name__ == "__main__":
    print(len(golden_texts()), "texts")
