import type { z } from '@hono/zod-openapi';
import type { Bundle } from '../../../shared/core/bundle.ts';
import { AppError } from '../../../shared/core/errors.ts';
import { isSeen, isSeenOf } from '../../../shared/core/seen-labels.ts';
import { readEvaluation } from '../../../shared/io/evaluation-report.ts';
import { modelOf, modelRef } from '../answer/head-answer.ts';
import type { HeadDetail, HeadList, HeadSummary } from '../api/schemas.ts';
import type { HeadCatalogue } from '../models/head-catalogue.ts';
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
          ...model.heads.ids.map((id) => summary(model.heads, id, model.encoder.bundle)),
          ...model.heads.staleIds.map(staleSummary),
        ],
      })),
    one: (request: Request, id: string) => withModel(request, (model) => detail(model, id)),
    evaluation: (request: Request, id: string) =>
      withModel(request, async (model) => {
        model.heads.definition(id);
        const own = model.heads.pixelHeads.find(({ head }) => head.id === id);
        const report = await readEvaluation(own ?? model.encoder.bundle, id);
        if (report !== undefined) return report;
        throw new AppError('not-found', `The head ${id} has not been evaluated with this model.`);
      }),
  };
}

/** Of a head for another bundle nothing is known here but its name. */
function staleSummary(id: string): z.infer<typeof HeadSummary> {
  return { id, title: id, kind: 'linear', labelCount: 0, stale: true };
}

function summary(heads: HeadCatalogue, id: string, bundle: Bundle): z.infer<typeof HeadSummary> {
  const { title, labels } = heads.definition(id);
  const served = heads.now(id);
  if (served === undefined) return { id, title, kind: 'zero-shot', labelCount: labels.length };
  const { head, costMs, accuracy } = served;
  const unseen = head.labels.filter((label) => isSeenOf(head, label, bundle.seenLabels) === false).length;
  return {
    id,
    title: head.title,
    kind: head.kind,
    labelCount: head.labels.length,
    ...(head.kind !== 'onnx' && bundle.seenLabels.size > 0 && { unseenLabelCount: unseen }),
    ...(accuracy === undefined ? {} : { accuracy }),
    costMs: Math.round(costMs * 1_000) / 1_000,
    version: head.version,
  };
}

function detail({ heads, encoder: { bundle } }: Model, id: string): z.infer<typeof HeadDetail> {
  const head = heads.now(id)?.head;
  const labels = head?.labels ?? heads.definition(id).labels.map(({ label }) => label);
  const seenOf = (label: string) => {
    const seen = head ? isSeenOf(head, label, bundle.seenLabels) : isSeen(label, bundle.seenLabels);
    return seen === undefined ? {} : { seen };
  };
  return {
    ...summary(heads, id, bundle),
    model: head === undefined ? modelRef(bundle) : modelOf(head, bundle),
    labels: labels.map((label) => ({ label, ...seenOf(label) })),
  };
}
