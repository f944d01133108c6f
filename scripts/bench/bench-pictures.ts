import sharp from 'sharp';

const WIDTH = 640;
const HEIGHT = 480;
/** Pictures that are drawn; more are told apart by a comment, so that no cache knows them. */
const DRAWN = 8;

/** 640×480 JPEGs drawn by formula: waves of colour with grain, about as hard to decode as a photograph. */
export class BenchPictures {
  readonly #drawn: readonly Uint8Array[];
  #count = 0;

  private constructor(drawn: readonly Uint8Array[]) {
    this.#drawn = drawn;
  }

  static async draw(): Promise<BenchPictures> {
    return new BenchPictures(
      await Promise.all(Array.from({ length: DRAWN }, (_, seed) => drawPicture(seed))),
    );
  }

  /** A picture whose bytes nobody has seen. */
  next(): Uint8Array {
    const picture = this.#drawn[this.#count % DRAWN] ?? new Uint8Array();
    return withComment(picture, `picture ${this.#count++}`);
  }
}

async function drawPicture(seed: number): Promise<Uint8Array> {
  const rgb = new Uint8Array(WIDTH * HEIGHT * 3);
  let grain = seed + 1;
  for (let at = 0; at < rgb.length; at++) {
    const x = Math.floor(at / 3) % WIDTH;
    const y = Math.floor(at / 3 / WIDTH);
    grain = (grain * 1_664_525 + 1_013_904_223) % 2 ** 32;
    const wave = Math.sin((x * (seed + 2)) / 70 + (at % 3)) * Math.cos((y * (seed + 3)) / 90);
    rgb[at] = 128 + 90 * wave + 24 * (grain / 2 ** 32 - 0.5);
  }
  return sharp(rgb, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .jpeg({ quality: 85 })
    .toBuffer();
}

/**
 * The JPEG with a comment segment (marker FFFE, length, text) after its start: other bytes, the same picture.
 * @see ITU-T T.81, B.2.4.5
 */
export function withComment(jpeg: Uint8Array, comment: string): Uint8Array {
  const text = new TextEncoder().encode(comment);
  const length = text.length + 2;
  const segment = [0xff, 0xfe, length >> 8, length & 0xff, ...text];
  return Uint8Array.from([...jpeg.subarray(0, 2), ...segment, ...jpeg.subarray(2)]);
}
