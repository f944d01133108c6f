import { AppError } from '../../../shared/core/errors.ts';
import { callIdOf } from '../../../shared/http/call-id.ts';
import { BUILT_IN_VERSION } from '../../../shared/io/heads/head-keys.ts';
import { HeadStore, trainedIds, type HeadState } from '../../../shared/io/heads/head-store.ts';
import { authorise } from '../access/authorise.ts';
import { parseHeadId } from '../access/names.ts';
import { optionsOf } from '../access/options.ts';
import { takeTrainingPlace } from '../access/training-place.ts';
import type { Caller } from '../classifier.ts';
import type { Services } from '../services.ts';

/** The heads of the bundle that clip serves now. */
export async function headsOf(
  { classifier, store, config }: Services,
  caller: Caller,
): Promise<{ heads: HeadStore; revision: string }> {
  const revision = await classifier.revision(caller);
  return { heads: new HeadStore(store, { revision, maxVersions: config.maxVersions }), revision };
}

/** `GET /heads`, `GET /heads/{head}`, `POST /heads/{head}/rollback`, `DELETE /heads/{head}`. */
export function headRoutes(services: Services) {
  const { examples, store, token } = services;
  const callerOf = (request: Request) => ({ callId: callIdOf(request), signal: request.signal });

  const describe = async (id: string, heads: HeadStore) => {
    const [state, isStale, exampleCount] = await Promise.all([
      heads.state(id),
      heads.isStale(id),
      examples.count(id),
    ]);
    return { state, isStale, exampleCount };
  };

  const listHeads = async () => {
    const [counts, trained] = await Promise.all([examples.heads(), trainedIds(store)]);
    const ids = [...new Set([...counts.keys(), ...trained])].sort();
    return ids.map((id) => ({ id, examples: counts.get(id) ?? 0 }));
  };
  let listing: ReturnType<typeof listHeads> | undefined;

  return {
    /** Ids of all heads that were trained or have examples. Looked for once for all who ask at a time: it is open. */
    async list(): Promise<Response> {
      listing ??= listHeads().finally(() => (listing = undefined));
      return Response.json({ heads: await listing });
    },

    async one(request: Request, id: string): Promise<Response> {
      const head = parseHeadId(id);
      const { heads, revision } = await headsOf(services, callerOf(request));
      const { state, isStale, exampleCount } = await describe(head, heads);
      if (state.current === undefined && !isStale && exampleCount === 0) throw noHead(head);
      return Response.json({
        id: head,
        builtIn: state.isBuiltIn,
        stale: isStale,
        revision,
        current: state.current ?? null,
        examples: exampleCount,
        versions: versionsOf(state),
      });
    },

    /** `version` of the query: `0` for the built-in head, or the hash of a trained one. */
    async rollBack(request: Request, id: string): Promise<Response> {
      authorise(request, token);
      const head = parseHeadId(id);
      const version = optionsOf(request, ['version']).get('version') ?? '';
      if (!/^(0|sha256:[0-9a-f]{64})$/.test(version)) {
        throw new AppError(
          'bad-request',
          'Expected 0 or a version such as sha256:… for `version`. GET of the head lists them.',
        );
      }
      const { heads } = await headsOf(services, callerOf(request));
      await heads.rollBack(head, version);
      return Response.json({ id: head, current: version });
    },

    /** Takes away all versions and all examples. A built-in head is then what it was. */
    async remove(request: Request, id: string): Promise<Response> {
      authorise(request, token);
      const head = parseHeadId(id);
      optionsOf(request, []);
      // A training that ends later would bring the head back.
      const leave = takeTrainingPlace(services.trainings);
      try {
        const { heads } = await headsOf(services, callerOf(request));
        const { state, isStale, exampleCount } = await describe(head, heads);
        const isTrained = state.records.length > 0 || isStale;
        if (!isTrained && exampleCount === 0) throw noHead(head);
        await heads.remove(head);
        const hashes = (await examples.list(head)).map(({ sha256 }) => sha256);
        return Response.json({ id: head, removedExamples: await examples.remove(head, hashes) });
      } finally {
        leave();
      }
    },
  };
}

/** The newest first; version 0 last, where the head is built in. */
function versionsOf({ current, records, isBuiltIn }: HeadState) {
  const trained = records.map((record) => ({ ...record, live: record.version === current }));
  const builtIn = { version: BUILT_IN_VERSION, live: current === BUILT_IN_VERSION };
  return isBuiltIn ? [...trained, builtIn] : trained;
}

function noHead(id: string): AppError {
  return new AppError('not-found', `There is no head ${id} that was trained, and no example of it.`);
}
