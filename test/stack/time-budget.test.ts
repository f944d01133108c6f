import { expect } from 'chai';
import { parseConfig as parseClip } from '../../functions/clip/config.ts';
import { parseConfig as parseFrontend } from '../../functions/frontend/config.ts';
import { parseServerSettings } from '../../template/typescript/server/settings.ts';
import { readStack, type StackFile } from './read-stack.ts';

const GATEWAY_MS = 60_000;
const KUBERNETES_GRACE_MS = 30_000;

/** of-watchdog reads durations as Go writes them; the stack file uses whole seconds. */
function seconds(text: string | undefined): number {
  const match = /^(\d+)s$/.exec(text ?? '');
  if (match === null) throw new Error(`Expected whole seconds but received ${String(text)}.`);
  return Number(match[1]) * 1_000;
}

function timesOf(stack: StackFile, name: string) {
  const { exec_timeout, write_timeout, read_timeout, healthcheck_interval } =
    stack.functions[name]?.environment ?? {};
  return {
    exec: seconds(exec_timeout),
    write: seconds(write_timeout),
    read: seconds(read_timeout),
    healthcheck: seconds(healthcheck_interval),
  };
}

describe('the budget of time in stack.yml', () => {
  const stack = readStack();
  const frontend = timesOf(stack, 'frontend');
  const clip = timesOf(stack, 'clip');
  const clipCallMs = parseFrontend(stack.functions.frontend?.environment ?? {}).clipTimeoutMs;
  const clipConfig = parseClip(stack.functions.clip?.environment ?? {});

  it('shrinks from the gateway down to the queue', () => {
    const chain = [
      GATEWAY_MS,
      frontend.write,
      frontend.exec,
      clipCallMs,
      clip.write,
      clip.exec,
      clipConfig.queueWaitMs,
    ];
    expect(chain).to.deep.equal([60_000, 25_000, 24_000, 12_000, 11_000, 10_000, 4_000]);
    const isShrinking = chain.every((ms, i) => i === 0 || ms < (chain[i - 1] ?? 0));
    expect(isShrinking).to.equal(true);
  });

  it('leaves time to decode and encode after the longest wait in the queue', () => {
    expect(clipConfig.queueWaitMs + clipConfig.decodeTimeoutMs).to.be.lessThan(clip.exec);
  });

  it('ends the wait for a function that loads before its caller gives up', () => {
    for (const [name, { exec }] of [
      ['frontend', frontend],
      ['clip', clip],
    ] as const) {
      const { loadWaitMs } = parseServerSettings(stack.functions[name]?.environment ?? {});
      expect(loadWaitMs).to.be.lessThan(exec);
    }
    expect(clipConfig.loadWaitMs).to.be.lessThan(clip.exec);
  });

  it('lets a slow phone’s upload take as long as its answer may, and leaves time to tell that it was too slow', () => {
    // of-watchdog answers nobody whose request it still reads: first that must be over, and then writing still allowed.
    for (const times of [frontend, clip]) {
      expect(times.read).to.equal(times.exec);
      expect(times.read).to.be.lessThan(times.write);
    }
  });

  it('ends all of it within the grace period of Kubernetes', () => {
    for (const times of [frontend, clip]) {
      expect(times.healthcheck).to.equal(3_000);
      expect(times.healthcheck + times.write).to.be.at.most(KUBERNETES_GRACE_MS);
    }
  });
});

describe('the sizes in stack.yml', () => {
  it('agree between what a function reads and what its server lets through', () => {
    const { functions } = readStack();
    const settings = parseServerSettings(functions.clip?.environment ?? {});
    const clip = parseClip(functions.clip?.environment ?? {});
    const frontend = parseFrontend(functions.frontend?.environment ?? {});
    expect(settings.maxRequestBytes).to.equal(clip.maxRequestBytes);
    expect(frontend.maxRequestBytes).to.equal(
      parseServerSettings(functions.frontend?.environment ?? {}).maxRequestBytes,
    );
    expect(clip.maxUploadBytes).to.equal(10 * 2 ** 20);
    expect(frontend.maxUploadBytes).to.be.at.most(clip.maxUploadBytes);
    // A form around the largest picture fits.
    expect(clip.maxUploadBytes).to.be.lessThan(clip.maxRequestBytes);
  });
});
