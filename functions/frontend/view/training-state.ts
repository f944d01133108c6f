import { html, type Html } from './html.ts';
import type { TrainingState } from './trainer-status.ts';

const ONE_MACHINE = 'npm start';
const CLUSTER = `npm run secrets
kubectl apply -f deploy/redis.yaml
faas-cli up -f stack.trainer.yml`;
const TOKEN = `TRAINER_TOKEN=a-token-of-yours npm start    # on one machine
npm run secrets                              # in a cluster, then: faas-cli up -f stack.trainer.yml`;

/** Why nothing can be trained, and which commands change that; nothing where it can. */
export function trainingExplanation(state: TrainingState): Html | undefined {
  switch (state) {
    case 'on':
      return undefined;
    case 'off':
      return card(
        'Training is switched off',
        html`<p>
            The function <code>trainer</code> runs, but no token is set. Without one nobody may add pictures
            or train. Whoever runs this service turns it on:
          </p>
          ${commands(TOKEN)}
          <p>Heads that were trained before go on answering, and their figures can be read.</p>`,
      );
    case 'absent':
      return card(
        'Training is not installed here',
        html`<p>
            This service runs without the function <code>trainer</code>. Whoever runs it adds it with the
            repository’s own commands. On one machine it comes with
          </p>
          ${commands(ONE_MACHINE)}
          <p>and in a cluster with</p>
          ${commands(CLUSTER)}`,
      );
    case 'away':
      return card(
        'The trainer does not answer',
        html`<p>It may be starting, or stopped. Load this page again in a moment.</p>
          <p>If it was never deployed, these commands do that:</p>
          ${commands(CLUSTER)}`,
      );
  }
}

function card(title: string, text: Html): Html {
  return html`<section class="card explanation" aria-labelledby="state-title">
    <h2 id="state-title">${title}</h2>
    ${text}
  </section>`;
}

function commands(text: string): Html {
  return html`<pre tabindex="0" role="region" aria-label="Commands"><code>${text}</code></pre>`;
}
