import type { z } from '@hono/zod-openapi';
import { AppError } from '../../../shared/core/errors.ts';
import { readEvaluation } from '../../../shared/io/evaluation-report.ts';
import { modelRef } from '../answer/head-answer.ts';
import type { HeadDetail, HeadList, HeadSummary } from '../api/schemas.ts';
import type { Model } from '../models/model.ts';
import { readModelOption } from '../request/model-option.ts';
import { fromPairs } from '../request/raw-options.ts';
import type { Services } from '../services.ts';

/** `GET /heads`, `GET /heads/{head}`, `GET /heads/{head}/evaluation`. */
export function headRoutes({ pool }: Services) {
  const withModel = (request: Request, respond: (model: Model) => Promise<object> | object) => {
    const id = readModelOption(fromPairs(new URL(request.url).searchParams));
    return pool.use({ id, signal: request.signal }, async (model) => Response.json(await respond(model)));
  };
  return {
    list: (request: Request) =>
      withModel(request, (model): z.infer<typeof HeadList> => ({
        model: modelRef(model.encoder.bundle),
        heads: [
          ...model.heads.ids.map((id) => summary(model, id)),
          ...model.heads.staleIds.map(staleSummary),
        ],
      })),
    one: (request: Request, id: string) => withModel(request, (model) => detail(model, id)),
    evaluation: (request: Request, id: string) =>
      withModel(request, async (model) => {
        model.heads.definition(id);
        const report = await readEvaluation(model.encoder.bundle, id);
        if (report !== undefined) return report;
        throw new AppError('not-found', `The head ${id} has not been evaluated with this model.`);
      }),
  };
}

/** Of a head for another bundle nothing is known here but its name. */
function staleSummary(id: string): z.infer<typeof HeadSummary> {
  return { id, title: id, kind: 'linear', labelCount: 0, stale: true };
}

function summary({ heads }: Model, id: string): z.infer<typeof HeadSummary> {
  const { title, labels } = heads.definition(id);
  const served = heads.now(id);
  if (served === undefined) return { id, title, kind: 'zero-shot', labelCount: labels.length };
  const { head, costMs, accuracy } = served;
  return {
    id,
    title: head.title,
    kind: head.kind,
    labelCount: head.labels.length,
    ...(accuracy === undefined ? {} : { accuracy }),
    costMs: Math.round(costMs * 1_000) / 1_000,
    version: head.version,
  };
}

function detail(model: Model, id: string): z.infer<typeof HeadDetail> {
  const { bundle } = model.encoder;
  const labels =
    model.heads.now(id)?.head.labels ?? model.heads.definition(id).labels.map(({ label }) => label);
  const isSeen = (label: string) =>
    bundle.seenLabels.size === 0 ? {} : { seen: bundle.seenLabels.has(label.toLowerCase()) };
  return {
    ...summary(model, id),
    model: modelRef(bundle),
    labels: labels.map((label) => ({ label, ...isSeen(label) })),
  };
}
