import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import type { CreateFunction, ServedFunction } from '../../shared/core/served-function.ts';
import { buildFunction } from '../../template/typescript/build.mjs';
import { silentLog } from '../fixtures/silent-log.ts';
import { LoopbackGateway } from '../functions/frontend/loopback-gateway.ts';

/** The frontend as it is built for the image, behind a gateway of the test's own with a FakeClip. */
export interface ServedPage {
  readonly gateway: LoopbackGateway;
  readonly url: string;
  readonly frontend: ServedFunction;
  close(): Promise<void>;
}

export async function servePage(env: Record<string, string> = {}): Promise<ServedPage> {
  const outDir = await mkdtemp(join(tmpdir(), 'frontend-'));
  const functionDir = fileURLToPath(new URL('../../functions/frontend', import.meta.url));
  await buildFunction({ functionDir, outDir });
  const handler = (await import(pathToFileURL(join(outDir, 'handler.js')).href)) as {
    createFunction: CreateFunction;
  };
  const gateway = await LoopbackGateway.start();
  const frontend = await handler.createFunction({ gateway_url: gateway.url, ...env }, silentLog);
  gateway.frontend = (request) => frontend.fetch(request);
  return {
    gateway,
    frontend,
    url: `${gateway.url}/function/frontend/`,
    close: async () => {
      await frontend.close();
      await gateway.close();
      await rm(outDir, { recursive: true, force: true });
    },
  };
}
