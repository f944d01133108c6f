import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

const SAMPLES = 'functions/frontend/assets/samples';

const MIB = 2 ** 20;
/** What `max_upload_bytes` lets through, but for the few bytes that make a picture unlike the others. */
const LARGEST_BYTES = 10 * MIB - 16;
/** The largest that a page shows again (functions/frontend/pages/inline-picture.ts). */
const SHOWN_BYTES = 2 * MIB - 16;

/** What is sent to a function. */
export interface Load {
  readonly send: (url: string, number: number) => Promise<Response>;
  /** At least one answer has it, or the load is not what it is meant to be. */
  readonly shows: RegExp;
}

export interface Sent {
  readonly sent: number;
  /** How many were told to come back later (429). */
  readonly turnedAway: number;
  /** Each wrong end in a line. */
  readonly wrong: readonly string[];
}

/** Loads by function; every picture in them is a new one. */
export async function loadsByFunction(root: string): Promise<Readonly<Record<string, Load>>> {
  const [castle, dogs] = [await sample(root, 'castle'), await sample(root, 'two-dogs')];
  const photo = await phonePhoto();
  const [shown, largest] = [padded(castle, SHOWN_BYTES), padded(photo, LARGEST_BYTES)];
  const mixed = [castle, dogs, photo, castle, dogs, largest];
  const turn = <T>(list: readonly T[], number: number): T => list[number % list.length] as T;
  const html = { Accept: 'text/html' };
  return {
    clip: {
      send: (url, number) => post(url, unique(turn(mixed, number), number)),
      shows: /"predictions":/,
    },
    // The page, what its script sends, and forms of a browser without JavaScript, whose answer shows a picture that is not too large.
    frontend: {
      send: (url, number) => {
        if (number % 4 === 0) return fetch(url, { headers: html });
        const headers = number % 4 === 1 ? {} : html;
        return post(`${url}/classify`, form(turn([largest, photo, shown, largest], number), number), headers);
      },
      shows: /<img class="preview" src="data:image\/jpeg;base64,/,
    },
    trainer: {
      send: (url, number) =>
        post(`${url}/heads/images/examples?label=any`, form(turn(mixed, number), number), {
          Authorization: 'Bearer images',
        }),
      shows: /"kept"/,
    },
  };
}

export interface Rate {
  readonly seconds: number;
  readonly perSecond: number;
  /** Ends it early. */
  readonly signal?: AbortSignal;
}

/**
 * Sends at a constant rate for a while, whether or not earlier requests are answered.
 * @returns what came of it; right are 200, and 429 where there is too much to do
 * @throws what the signal says, once it does
 */
export async function sendFor(
  url: string,
  { send, shows }: Load,
  { seconds, perSecond, signal }: Rate,
): Promise<Sent> {
  const wrong: string[] = [];
  let [turnedAway, isShown] = [0, false];
  const one = async (number: number): Promise<void> => {
    try {
      const response = await send(url, number);
      const text = await response.text();
      isShown ||= shows.test(text);
      if (response.status === 429) turnedAway += 1;
      else if (response.status !== 200) wrong.push(`${response.status} ${text.slice(0, 200)}`);
    } catch (error) {
      wrong.push(String(error));
    }
  };
  const answers: Promise<void>[] = [];
  for (let number = 0; number < seconds * perSecond; number += 1) {
    signal?.throwIfAborted();
    answers.push(one(number));
    await new Promise((resolve) => setTimeout(resolve, 1_000 / perSecond));
  }
  await Promise.all(answers);
  if (!isShown) wrong.push(`no answer has ${shows.source}`);
  return { sent: answers.length, turnedAway, wrong };
}

function post(
  url: string,
  body: FormData | Uint8Array<ArrayBuffer>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return fetch(url, { method: 'POST', body, headers });
}

function form(jpeg: Buffer, number: number): FormData {
  const body = new FormData();
  body.append('image', new Blob([unique(jpeg, number)]), 'photo.jpg');
  return body;
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

/** The same picture in a file of a given size: readers of JPEG stop at its end. */
function padded(jpeg: Buffer, bytes: number): Buffer {
  return Buffer.concat([jpeg], bytes);
}

/** The same picture with bytes of its own: no cache knows it. */
function unique(jpeg: Buffer, number: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat([jpeg, Buffer.from(`${number}`)]));
}
