import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Intel Macs have no binary of onnxruntime-node 1.30. */
export function platformWarning(platform: NodeJS.Platform, arch: string): string | undefined {
  if (platform !== 'darwin' || arch !== 'x64') return undefined;
  return 'onnxruntime-node has no binary for Intel Macs: clip cannot run here. Use Linux, Windows or Apple silicon.';
}

export function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/**
 * What is running, and the URL to open.
 *
 * @example
 * runningText('http://127.0.0.1:8080', ['frontend', 'clip']);
 */
export function runningText(url: string, names: readonly string[]): string {
  const page = names.includes('frontend') ? `Open ${url}/function/frontend/ in a browser.` : undefined;
  const width = Math.max(...names.map((name) => name.length));
  const lines = names.map((name) => `  ${name.padEnd(width)}  ${url}/function/${name}`);
  return ['Running:', ...lines, ...(page === undefined ? [] : [page]), 'Ctrl-C stops all of it.'].join('\n');
}

/** Of the gateway's own questions, which are not worth a line at the terminal. Nobody else can guess it. */
export const OWN_CALL_ID = `npm-start-${randomUUID()}`;

/**
 * Asks `clip` which model it has loaded, until it says so.
 * @returns the line to print; undefined when `signal` ends the asking
 */
export async function modelText(url: string, signal: AbortSignal): Promise<string | undefined> {
  while (!signal.aborted) {
    const id = await modelId(url, signal);
    if (id !== undefined) return `Model: ${id}.${id === 'mini-clip' ? BETTER : ''}`;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return undefined;
}

const BETTER = ' `npm run models -- list` shows better ones to fetch.';

async function modelId(url: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    const init = { signal, headers: { 'X-Call-Id': OWN_CALL_ID } };
    const ready = await fetch(`${url}/function/clip/ready`, init);
    await ready.body?.cancel();
    if (!ready.ok) return undefined;
    const response = await fetch(`${url}/function/clip/status`, init);
    const status = (await response.json()) as { model?: { id?: unknown } };
    return typeof status.model?.id === 'string' ? status.model.id : undefined;
  } catch {
    return undefined;
  }
}
