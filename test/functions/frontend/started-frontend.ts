import { createFunction } from '../../../functions/frontend/handler.ts';
import type { ServedFunction } from '../../../shared/core/served-function.ts';
import { LoopbackGateway } from './loopback-gateway.ts';
import { RecordedLog } from '../../fixtures/recorded-log.ts';

/** The function from its sources, beside a gateway with a FakeClip. Requests are handed over without a socket. */
export interface StartedFrontend {
  readonly gateway: LoopbackGateway;
  readonly log: RecordedLog;
  readonly frontend: ServedFunction;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  /** Posts a form to `classify`. */
  post(
    fields: readonly (readonly [string, string | Blob])[],
    headers?: Record<string, string>,
    query?: string,
  ): Promise<Response>;
  close(): Promise<void>;
}

export const HTML = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

/** A PNG's first bytes: enough for whoever does not decode it. */
export const PICTURE = new Blob([new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3])]);

export async function startFrontend(env: Record<string, string> = {}): Promise<StartedFrontend> {
  const gateway = await LoopbackGateway.start();
  const log = new RecordedLog();
  const frontend = await createFunction({ gateway_url: gateway.url, ...env }, log);
  return {
    gateway,
    log,
    frontend,
    get: (path, headers = {}) => frontend.fetch(new Request(`http://frontend${path}`, { headers })),
    post: (fields, headers = {}, query = '') => {
      const body = new FormData();
      for (const [name, value] of fields) {
        if (typeof value === 'string') body.append(name, value);
        else body.append(name, value, value instanceof File ? value.name : 'photo.png');
      }
      return frontend.fetch(
        new Request(`http://frontend/classify${query}`, { method: 'POST', body, headers }),
      );
    },
    close: async () => {
      await frontend.close();
      await gateway.close();
    },
  };
}
