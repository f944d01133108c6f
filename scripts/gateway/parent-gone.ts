import type { Environment } from '../../shared/core/settings.ts';

const LOOK_EVERY_MS = 500;

/**
 * Resolves when the shell is gone that npm runs a script in; never where npm did not start this process. npm passes a
 * SIGTERM on to that shell, which may end alone and leave what it ran behind.
 */
export function parentGone(env: Environment): Promise<void> {
  const parent = process.ppid;
  return new Promise((resolve) => {
    if (env.npm_lifecycle_event === undefined) return;
    const timer = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(timer);
      resolve();
    }, LOOK_EVERY_MS);
    timer.unref();
  });
}
