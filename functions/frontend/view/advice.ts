/**
 * What a person can do about a problem, by its `code`. The problem's own detail says what happened, and often more; this
 * is the plain next step beside it.
 */
const ADVICE: Readonly<Record<string, string>> = {
  'bad-request': 'Check what was entered, then send it again.',
  'not-found': 'Start again from the first page.',
  'method-not-allowed': 'Start again from the first page.',
  'body-too-large': 'Make the picture smaller, or save it as JPEG, and send it again.',
  'unsupported-image': 'Save the picture as JPEG or PNG and send that.',
  'undecodable-image': 'Open the picture in another program, save it anew, and send that.',
  busy: 'Wait a few seconds, then send it again.',
  'not-ready': 'The model is being loaded. Wait a few seconds, then send it again.',
  'upstream-failed': 'Wait a moment, then send it again.',
  'upstream-timeout': 'Send it again, or a smaller version of it.',
  internal: 'Send it again. If it fails again, pass the call id on to whoever runs this service.',
};

export function adviceFor(code: string): string {
  return ADVICE[code] ?? 'Send it again in a moment.';
}

/** Whether the very same request may succeed later. */
export function isWorthRepeating(code: string): boolean {
  return ['busy', 'not-ready', 'upstream-failed', 'upstream-timeout', 'internal', 'no-connection'].includes(
    code,
  );
}
