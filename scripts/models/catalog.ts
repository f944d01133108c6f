import type { BundleManifest } from '../../shared/core/bundle.ts';
import { modelFile, parseManifest } from '../../shared/core/bundle-manifest.ts';
import { JsonReader } from '../../shared/core/json-reader.ts';

/** A figure that others published about a bundle; ours stand in the evaluation reports. */
export interface PublishedAccuracy {
  readonly data: string;
  readonly kind: 'zero-shot' | 'linear';
  /** Top-1, 0…1. */
  readonly top1: number;
  readonly source: string;
}

/** A bundle that can be fetched: what its `bundle.json` will say, and where its files are. */
export interface CatalogEntry {
  readonly manifest: BundleManifest;
  /** Pinned to a revision; ends with `/`, and a file's URL is this and its path. */
  readonly baseUrl: string;
  readonly totalBytes: number;
  readonly published: readonly PublishedAccuracy[];
}

const KIND = { pattern: /^(zero-shot|linear)$/, expected: 'zero-shot or linear' };
const BASE_URL = {
  pattern: /^(https:\/\/[^\s/?#@]+|http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?)(\/[^\s?#]*)?\/$/,
  expected: 'an https URL that ends with /',
};

/**
 * Reads `models/catalog.json`: `{ "bundles": [ … ] }`, in the order of preference.
 * @throws FormatError naming what is wrong: in an entry, two of one id, or a total that is not the sum of its files
 */
export function parseCatalog(json: unknown): readonly CatalogEntry[] {
  const read = new JsonReader('catalog.json');
  const members = read.object(json, 'catalog.json');
  const entries = read
    .list(members.bundles, 'bundles', { min: 0, max: 100 })
    .map((entry, index) => readEntry(read, entry, `bundles[${index}]`));
  const ids = entries.map((entry) => entry.manifest.id);
  if (new Set(ids).size !== ids.length) read.reject('bundles', 'ids that differ', ids.join(', '));
  read.check();
  return entries;
}

function readEntry(read: JsonReader, value: unknown, field: string): CatalogEntry {
  const members = read.object(value, field);
  const manifest = parseManifest(value);
  modelFile(manifest, 'vision');
  modelFile(manifest, 'text');
  const sum = manifest.files.reduce((total, file) => total + file.bytes, 0);
  if (members.totalBytes !== sum) read.reject(`${field}.totalBytes`, String(sum), members.totalBytes);
  return {
    manifest,
    baseUrl: read.text(members.baseUrl, `${field}.baseUrl`, BASE_URL),
    totalBytes: sum,
    published: read
      .list(members.published ?? [], `${field}.published`, { min: 0, max: 50 })
      .map((figure, index) => readPublished(read, figure, `${field}.published[${index}]`)),
  };
}

function readPublished(read: JsonReader, value: unknown, field: string): PublishedAccuracy {
  const members = read.object(value, field);
  return {
    data: read.text(members.data, `${field}.data`),
    kind: read.text(members.kind, `${field}.kind`, KIND) as PublishedAccuracy['kind'],
    top1: read.number(members.top1, `${field}.top1`, { min: 0, max: 1 }),
    source: read.text(members.source, `${field}.source`),
  };
}
