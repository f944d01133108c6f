import { NAMESPACE } from './requirements.ts';
import { must } from './program.ts';

/** What of a pod the tests read. */
export interface Pod {
  readonly metadata: {
    readonly name: string;
    readonly creationTimestamp: string;
    readonly deletionTimestamp?: string;
  };
  readonly spec: { readonly nodeName?: string };
  readonly status: {
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly lastTransitionTime: string;
    }[];
    readonly containerStatuses?: readonly {
      readonly restartCount: number;
      readonly imageID: string;
      readonly lastState: { readonly terminated?: { readonly reason: string; readonly exitCode: number } };
    }[];
  };
}

/** `kubectl ARGS` in the functions' namespace. @throws Error with what it said, unless it ended well */
export function kubectl(args: readonly string[], input = ''): Promise<string> {
  return must('kubectl', ['-n', NAMESPACE, ...args], { input });
}

export async function kubectlJson<T>(args: readonly string[]): Promise<T> {
  return JSON.parse(await kubectl([...args, '-o', 'json'])) as T;
}

export function isReady({ metadata, status }: Pod): boolean {
  const ready = status.conditions?.find(({ type }) => type === 'Ready');
  return ready?.status === 'True' && metadata.deletionTimestamp === undefined;
}

/** Pods of a function, those that are leaving included. */
export async function podsOf(name: string): Promise<readonly Pod[]> {
  return (await kubectlJson<{ items: Pod[] }>(['get', 'pods', '-l', `faas_function=${name}`])).items;
}

/** Until a function has just that many pods and all are ready. */
export async function settled(name: string, count: number): Promise<readonly Pod[]> {
  let pods: readonly Pod[] = [];
  await until(
    async () => {
      pods = await podsOf(name);
      return pods.length === count && pods.every(isReady);
    },
    { what: `${count} pods of ${name}, all ready`, maxMs: 180_000 },
  );
  return pods;
}

export async function scale(name: string, replicas: number): Promise<void> {
  await kubectl(['scale', `deployment/${name}`, `--replicas=${replicas}`]);
}

/** Names the function's own process, which of-watchdog has started, to what follows it. */
const FIND_PID = `
  const { readdirSync, readFileSync } = require('fs');
  const pid = Number(readdirSync('/proc').find((name) => {
    try { return readFileSync('/proc/' + name + '/cmdline', 'utf8').includes('dist/server.js') && name !== '1'; }
    catch { return false; }
  }));`;

/** Runs JavaScript in a pod that has the function's process as `pid`; what it does may end the pod's container, and with it this. */
export async function inFunctionsPod(pod: string, script: string): Promise<void> {
  await kubectl(['exec', pod, '--', 'node', '-e', FIND_PID + script]).catch(() => '');
}

/** Until a pod's container has been started once more than before `fault`. @returns how the one before ended */
export async function restarted(pod: string, fault: () => Promise<void>) {
  const status = async () => (await kubectlJson<Pod>(['get', 'pod', pod])).status.containerStatuses?.[0];
  const before = (await status())?.restartCount ?? 0;
  await fault();
  await until(async () => ((await status())?.restartCount ?? 0) > before, {
    what: `${pod} to be started again`,
  });
  return (await status())?.lastState.terminated;
}

/** A function's answer in just this pod, through the API server: works wherever kubectl does. */
export async function getFromPod<T>(pod: string, path: string): Promise<T> {
  const raw = `/api/v1/namespaces/${NAMESPACE}/pods/${pod}:8080/proxy${path}`;
  return JSON.parse(await must('kubectl', ['get', '--raw', raw])) as T;
}

/** @throws Error saying what did not come true in time */
export async function until(
  condition: () => boolean | Promise<boolean>,
  { what, maxMs = 60_000, everyMs = 500 }: { what: string; maxMs?: number; everyMs?: number },
): Promise<void> {
  const deadline = performance.now() + maxMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`Waited ${maxMs / 1_000} s in vain for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
