import { join } from 'node:path';
import { Container } from './container.ts';

/** What `faas-cli deploy` sends, in the names of the provider's API. */
export interface DeploymentRequest {
  readonly service: string;
  readonly image: string;
  readonly envProcess?: string;
  readonly envVars?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly limits?: object;
  readonly requests?: object;
  readonly readOnlyRootFilesystem?: boolean;
}

export interface LogLine {
  readonly instance: string;
  readonly timestamp: string;
  readonly text: string;
}

/** One container of a deployment. It gets requests while it is ready. */
export interface Replica {
  readonly instance: string;
  readonly container: Container;
  isReady: boolean;
  isLeaving: boolean;
}

export interface DeploymentOptions {
  readonly request: DeploymentRequest;
  /** The image's working directory. */
  readonly image: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: string;
}

/** Where a function says whether it wants requests; of-watchdog's own health where it names no such path. */
const READY_PATH = 'com.openfaas.ready.http.path';

/** As faas-netes does by default: first asked 2 s after the start, then often. */
const FIRST_PROBE_MS = 2_000;
const PROBE_MS = 500;
const GRACE_MS = 30_000;

let instances = 0;

/** Keeps as many containers of a function as are wanted: starts again what ended, and asks each whether it is well. */
export class Deployment {
  readonly createdAt = new Date().toISOString();
  readonly logs: LogLine[] = [];
  request: DeploymentRequest;
  #options: DeploymentOptions;
  #wanted: number;
  #next = 0;
  #isRemoved = false;
  readonly #replicas = new Set<Replica>();

  constructor(options: DeploymentOptions) {
    this.#options = options;
    this.request = options.request;
    this.#wanted = Number(options.request.labels?.['com.openfaas.scale.min'] ?? 1);
  }

  get wanted(): number {
    return this.#wanted;
  }

  get replicas(): readonly Replica[] {
    return [...this.#replicas];
  }

  get ready(): readonly Replica[] {
    return this.replicas.filter((replica) => replica.isReady);
  }

  async start(): Promise<void> {
    await Promise.all(Array.from({ length: this.#wanted }, () => this.#add()));
  }

  /** The next container in turn; undefined while none is ready. */
  pick(): Replica | undefined {
    const { ready } = this;
    this.#next += 1;
    return ready[this.#next % ready.length];
  }

  async scale(wanted: number): Promise<void> {
    this.#wanted = wanted;
    const staying = this.replicas.filter((replica) => !replica.isLeaving);
    for (const replica of staying.slice(wanted)) void this.#retire(replica);
    await Promise.all(Array.from({ length: wanted - staying.length }, () => this.#add()));
  }

  /** A rolling update: the old containers leave once as many new ones are ready. */
  async update(options: DeploymentOptions): Promise<void> {
    const old = this.replicas;
    this.#options = options;
    this.request = options.request;
    this.#wanted = Number(options.request.labels?.['com.openfaas.scale.min'] ?? 1);
    const added = await Promise.all(Array.from({ length: this.#wanted }, () => this.#add()));
    while (!this.#isRemoved && added.some((replica) => !replica.isReady)) await pause(50);
    for (const replica of old) void this.#retire(replica);
  }

  async remove(): Promise<void> {
    this.#isRemoved = true;
    await Promise.all(this.replicas.map(({ container }) => container.kill()));
  }

  /** No more requests, SIGTERM, and the time that Kubernetes gives. */
  async #retire(replica: Replica): Promise<void> {
    replica.isLeaving = true;
    replica.isReady = false;
    await replica.container.signal('SIGTERM').catch(() => undefined);
    await Promise.race([replica.container.ended, pause(GRACE_MS)]);
    await replica.container.kill();
  }

  async #add(): Promise<Replica> {
    instances += 1;
    const instance = `${this.request.service}-${instances}`;
    const { image, environment, folder } = this.#options;
    const container = await Container.start({
      image,
      environment,
      folder: join(folder, instance),
      onLine: (text) => this.logs.push({ instance, timestamp: new Date().toISOString(), text }),
    });
    const replica = { instance, container, isReady: false, isLeaving: false };
    // Removed while this one was being started: nobody else knows of it.
    if (this.#isRemoved) await container.kill();
    else this.#replicas.add(replica);
    void this.#probe(replica);
    void container.ended.then(() => this.#ended(replica));
    return replica;
  }

  async #probe(replica: Replica): Promise<void> {
    await pause(FIRST_PROBE_MS);
    while (!replica.container.hasEnded && !replica.isLeaving) {
      // Its own path only until it is ready: from then on a replica that leaves must be noticed at once.
      const path = replica.isReady ? undefined : this.request.annotations?.[READY_PATH];
      const isReady =
        (await replica.container.isWell('/_/health')) &&
        (path === undefined || (await replica.container.isWell(path)));
      replica.isReady = isReady && !replica.isLeaving;
      await pause(PROBE_MS);
    }
  }

  async #ended(replica: Replica): Promise<void> {
    replica.isReady = false;
    this.#replicas.delete(replica);
    const staying = this.replicas.filter(({ isLeaving }) => !isLeaving);
    if (!this.#isRemoved && staying.length < this.#wanted) await this.#add();
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
