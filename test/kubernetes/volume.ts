import { kubectl, kubectlJson, until } from './cluster.ts';
import { NAMESPACE } from './requirements.ts';

const NAME = 'clip-functions-test';
const FOLDER = '/var/tmp/clip-functions-test';
const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';

interface StorageClass {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
}

/**
 * A volume for Redis on a cluster that makes none by itself (no default StorageClass): a folder of one node.
 * @param image one with `sh`, to make the folder with
 */
export async function makeVolume(image: string): Promise<void> {
  const { items } = await kubectlJson<{ items: StorageClass[] }>(['get', 'storageclass']);
  if (items.some(({ metadata }) => metadata.annotations?.[DEFAULT_CLASS] === 'true')) return;
  const [node] = (await kubectlJson<{ items: { metadata: { name: string } }[] }>(['get', 'nodes'])).items;
  const nodeName = node?.metadata.name ?? '';
  await runOnNode(image, `mkdir -p ${FOLDER} && chmod 0777 ${FOLDER}`, nodeName);
  await kubectl(
    ['apply', '-f', '-'],
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: NAME, annotations: { image, node: nodeName } },
      spec: {
        capacity: { storage: '4Gi' },
        accessModes: ['ReadWriteOnce'],
        persistentVolumeReclaimPolicy: 'Retain',
        storageClassName: '',
        hostPath: { path: FOLDER },
        claimRef: { namespace: NAMESPACE, name: 'data-redis-0' },
      },
    }),
  );
}

/** Takes the volume and its folder away, where there is one. */
export async function removeVolume(): Promise<void> {
  const text = await kubectl(['get', 'pv', NAME, '--ignore-not-found', '-o', 'json']);
  if (text.trim() === '') return;
  const { metadata } = JSON.parse(text) as { metadata: { annotations: { image: string; node: string } } };
  await kubectl(['delete', 'pv', NAME, '--timeout=60s']);
  await runOnNode(metadata.annotations.image, `rm -rf ${FOLDER}`, metadata.annotations.node);
}

/** A line of shell as root with the node's /var/tmp, in a pod that is gone after it. */
async function runOnNode(image: string, line: string, nodeName: string): Promise<void> {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: NAME },
    spec: {
      nodeName,
      restartPolicy: 'Never',
      automountServiceAccountToken: false,
      containers: [
        {
          name: 'sh',
          image: process.env.REDIS_IMAGE ?? image,
          command: ['sh', '-c', line],
          volumeMounts: [{ name: 'folder', mountPath: '/var/tmp' }],
        },
      ],
      volumes: [{ name: 'folder', hostPath: { path: '/var/tmp' } }],
    },
  };
  await kubectl(['apply', '-f', '-'], JSON.stringify(pod));
  const phase = () => kubectl(['get', 'pod', NAME, '-o', 'jsonpath={.status.phase}']);
  await until(async () => (await phase()) === 'Succeeded', { what: `\`${line}\` on the node` });
  await kubectl(['delete', 'pod', NAME, '--grace-period=0', '--force']);
}
