import type { LinearHead } from './head.ts';

/** What a version is computed over: all that changes an answer, and nothing that does not (title, accuracy). */
export type HeadContent = Omit<LinearHead, 'version' | 'title' | 'accuracy'>;

/**
 * `sha256:…` over a canonical form of the head: a line of JSON, then weights and bias as little-endian float32.
 * Two heads that answer alike have one version, whoever computed it. WebCrypto, since core imports nothing of Node.
 */
export async function headVersion(head: HeadContent): Promise<string> {
  const { id, kind, bundleRevision, labels, scale, temperature, noneThreshold = null, hasCosines } = head;
  const content = [id, kind, bundleRevision, labels, scale, temperature, noneThreshold];
  const line = JSON.stringify(hasCosines === true ? [...content, 'cosines'] : content) + '\n';
  const text = new TextEncoder().encode(line);
  const bytes = new Uint8Array(text.length + 4 * (head.weights.length + head.bias.length));
  bytes.set(text);
  const view = new DataView(bytes.buffer, text.length);
  head.weights.forEach((value, index) => view.setFloat32(index * 4, value, true));
  head.bias.forEach((value, index) => view.setFloat32((head.weights.length + index) * 4, value, true));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return `sha256:${Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
