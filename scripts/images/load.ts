import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

const SAMPLES = 'functions/frontend/assets/samples';

/** What is sent to a function, and which statuses are right. */
export interface Load {
  readonly send: (url: string, number: number) => Promise<Response>;
  readonly isRight: (status: number) => boolean;
}

/** Loads by function. `frontend` and `trainer` have no classifier here: they say so, once they have taken the picture in. */
export async function loadsByFunction(root: string): Promise<Readonly<Record<string, Load>>> {
  const pictures = await Promise.all([sample(root, 'castle'), sample(root, 'two-dogs'), phonePhoto()]);
  const picture = (number: number) => unique(pictures[number % pictures.length] ?? Buffer.alloc(0), number);
  const form = (number: number) => {
    const body = new FormData();
    body.append('image', new Blob([picture(number)]), 'photo.jpg');
    return body;
  };
  return {
    clip: {
      send: (url, number) => fetch(url, { method: 'POST', body: picture(number) }),
      isRight: (status) => status === 200 || status === 429,
    },
    frontend: {
      send: (url, number) =>
        number % 2 === 0 ? fetch(url) : fetch(`${url}/classify`, { method: 'POST', body: form(number) }),
      isRight: (status) => status === 200 || status === 429 || status === 502,
    },
    trainer: {
      send: (url, number) =>
        fetch(`${url}/heads/images/examples?label=any`, {
          method: 'POST',
          body: form(number),
          headers: { Authorization: 'Bearer images' },
        }),
      isRight: (status) => status === 200 || status === 429 || status === 502,
    },
  };
}

/**
 * Sends at a constant rate for a while, whether or not earlier requests are answered.
 * @returns how many were sent, and each wrong end in a line
 */
export async function sendFor(
  url: string,
  { send, isRight }: Load,
  { seconds, perSecond }: { seconds: number; perSecond: number },
): Promise<{ sent: number; wrong: readonly string[] }> {
  const wrong: string[] = [];
  const one = async (number: number): Promise<void> => {
    try {
      const response = await send(url, number);
      const text = await response.text();
      if (!isRight(response.status)) wrong.push(`${response.status} ${text.slice(0, 200)}`);
    } catch (error) {
      wrong.push(String(error));
    }
  };
  const answers: Promise<void>[] = [];
  for (let number = 0; number < seconds * perSecond; number += 1) {
    answers.push(one(number));
    await new Promise((resolve) => setTimeout(resolve, 1_000 / perSecond));
  }
  await Promise.all(answers);
  return { sent: answers.length, wrong };
}

function sample(root: string, name: string): Promise<Buffer> {
  return readFile(join(root, SAMPLES, `${name}.jpg`));
}

/** Twelve megapixels of noise: as large as a phone's, and hard to pack. */
function phonePhoto(): Promise<Buffer> {
  const noise = { type: 'gaussian', mean: 128, sigma: 24 } as const;
  return sharp({ create: { width: 4000, height: 3000, channels: 3, background: '#888', noise } })
    .jpeg({ quality: 80 })
    .toBuffer();
}

/** The same picture with bytes of its own: no cache knows it. */
function unique(jpeg: Buffer, number: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat([jpeg, Buffer.from(`${number}`)]));
}
