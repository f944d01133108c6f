import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { ROOT } from './program.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** The gateway that these tests talk to. */
export function gateway(): string {
  return (process.env.OPENFAAS_URL ?? '').replace(/\/+$/, '');
}

const NAMES = ['two-dogs', 'castle', 'orange', 'tractor'] as const;

/** One of the page's own samples. */
export async function photo(name: string): Promise<Bytes> {
  return new Uint8Array(await readFile(join(ROOT, 'functions/frontend/assets/samples', `${name}.jpg`)));
}

/** A sample's middle, turned a little: a picture with bytes of its own for every `number`. */
export async function variant(name: string, number: number): Promise<Bytes> {
  const jpeg = sharp(await photo(name)).rotate(number - 3, { background: '#888' });
  return new Uint8Array(await jpeg.resize(256, 256).jpeg().toBuffer());
}

/** A few pictures in turn; each replica encodes each once and knows it from then on. */
export async function photosInTurn(): Promise<(number: number) => Bytes> {
  const photos = await Promise.all(NAMES.map(photo));
  return (number) => photos[number % photos.length] ?? new Uint8Array();
}

/** A picture posted as raw bytes. */
export function classify(picture: Bytes, query = ''): Promise<Response> {
  return fetch(`${gateway()}/function/clip${query}`, {
    method: 'POST',
    body: picture,
    headers: { 'Content-Type': 'image/jpeg' },
  });
}

export interface Answer {
  readonly head: string;
  readonly version: string;
  readonly model: { readonly id: string };
  readonly predictions: readonly { readonly label: string; readonly score: number }[];
}

/** @throws Error with what came instead of an answer */
export async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  if (response.status !== 200) throw new Error(`Expected 200 but received ${response.status}: ${text}`);
  return JSON.parse(text) as Answer;
}
