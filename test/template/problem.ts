import { expect } from 'chai';

export interface ReceivedProblem {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly code: string;
  readonly callId?: string;
}

/** Expects a response to be a whole RFC 9457 problem that tells nothing of the inside. */
export async function expectProblem(response: Response, status: number): Promise<ReceivedProblem> {
  expect(response.status).to.equal(status);
  expect(response.headers.get('content-type')).to.equal('application/problem+json');
  const text = await response.text();
  expectNoInsides(text);
  const problem = JSON.parse(text) as ReceivedProblem;
  expect(problem).to.include({ type: 'about:blank', status });
  expect(problem.callId).to.equal(response.headers.get('x-call-id'));
  return problem;
}

/** No stack frame, no path, no message of an error that was not meant for callers. */
export function expectNoInsides(text: string): void {
  expect(text).not.to.match(/\bat .+:\d+|node:internal|\.[jt]s\b|\/server\/|Error:|secret/);
}
