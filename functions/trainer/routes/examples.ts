import { AppError } from '../../../shared/core/errors.ts';
import { timeLimit } from '../../../shared/io/time-limit.ts';
import { authorise } from '../access/authorise.ts';
import { parseHeadId, parseLabel, parseSha256 } from '../access/names.ts';
import { optionsOf } from '../access/options.ts';
import type { Example } from '../examples/example-store.ts';
import { takeUpload } from '../examples/upload.ts';
import type { Services } from '../services.ts';

/** Share of an upload's time that it may wait for its turn; the rest is for its pictures. */
const WAITING_SHARE = 0.5;

/** `…/heads/{head}/examples[/{sha256}]`: people's pictures, so all of it asks for the token. */
export function exampleRoutes(services: Services) {
  const { config, examples, token, uploads } = services;

  /** Room for a request's worth of examples. @throws AppError `store-full` */
  const checkRoom = async (head: string): Promise<void> => {
    const count = await examples.count(head);
    if (count >= config.maxExamples) {
      throw new AppError(
        'store-full',
        `The head ${head} has its ${config.maxExamples} examples. Delete some first.`,
      );
    }
    // Only a new head takes a place: all of them are looked through for none else.
    if (count === 0 && (await examples.heads()).size >= config.maxHeads) {
      throw new AppError('store-full', `There are ${config.maxHeads} heads with examples. Delete one first.`);
    }
  };

  /**
   * A place for a request with pictures, in the order in which they come: two people who send many must both get on.
   * @throws AppError `busy`
   */
  const takeTurn = async (request: Request): Promise<() => void> => {
    const leave = await uploads.wait(timeLimit(WAITING_SHARE * config.uploadBudgetMs, request.signal));
    if (leave !== undefined) return leave;
    throw new AppError('busy', 'Other pictures are being taken in. Send these again in a moment.', {
      retryAfterSeconds: 5,
    });
  };

  return {
    async add(request: Request, id: string): Promise<Response> {
      const startMs = performance.now();
      authorise(request, token);
      const head = parseHeadId(id);
      const label = parseLabel(optionsOf(request, ['label']).getAll('label'));
      const leave = await takeTurn(request);
      try {
        // Only now: those before it may have taken the room.
        await checkRoom(head);
        const waitedMs = performance.now() - startMs;
        const pictures = await takeUpload(request, { head, label }, { services, waitedMs });
        return Response.json({ head, label, pictures });
      } finally {
        leave();
      }
    },

    async list(request: Request, id: string): Promise<Response> {
      authorise(request, token);
      const head = parseHeadId(id);
      const all = await examples.list(head);
      return Response.json({ head, labels: countLabels(all), examples: all });
    },

    async thumbnail(request: Request, id: string, hash: string): Promise<Response> {
      authorise(request, token);
      const head = parseHeadId(id);
      const bytes = await examples.thumbnail(head, parseSha256(hash));
      if (bytes === undefined) throw noExample(head);
      // Of one person, behind a token: no cache between may keep it.
      const headers = { 'Content-Type': 'image/jpeg', 'Cache-Control': 'private, max-age=3600' };
      return new Response(new Uint8Array(bytes), { headers });
    },

    async remove(request: Request, id: string, hash: string): Promise<Response> {
      authorise(request, token);
      const head = parseHeadId(id);
      const sha256 = parseSha256(hash);
      optionsOf(request, []);
      if ((await examples.get(head, sha256)) === undefined) throw noExample(head);
      return Response.json({ head, removed: await examples.remove(head, [sha256]) });
    },

    /** All of them, or those of the query's `label`. */
    async removeMany(request: Request, id: string): Promise<Response> {
      authorise(request, token);
      const head = parseHeadId(id);
      const wanted = optionsOf(request, ['label']).getAll('label');
      const label = wanted.length === 0 ? undefined : parseLabel(wanted);
      const all = (await examples.list(head)).filter((example) => (label ?? example.label) === example.label);
      return Response.json({
        head,
        removed: await examples.remove(
          head,
          all.map(({ sha256 }) => sha256),
        ),
      });
    },
  };
}

/** @example [{ label: 'cat' }, { label: 'cat' }] → { cat: 2 } */
export function countLabels(examples: readonly Pick<Example, 'label'>[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const { label } of examples) counts.set(label, (counts.get(label) ?? 0) + 1);
  return Object.fromEntries(counts);
}

function noExample(head: string): AppError {
  return new AppError('not-found', `The head ${head} has no example of that hash.`);
}
