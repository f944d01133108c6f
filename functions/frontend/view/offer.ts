import type { HeadSummary } from './head-summary.ts';

/** What a page offers to choose from. */
export interface Offer {
  /** Of the chosen model. */
  readonly heads: readonly HeadSummary[];
  /** Ids of all models, the default one first; empty where nobody said. */
  readonly models: readonly string[];
}
