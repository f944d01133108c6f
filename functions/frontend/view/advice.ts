/**
 * The plain next step after a problem, by its `code`, where the problem's own detail says only what happened. Those that
 * come from calling another function say what to do themselves.
 */
const ADVICE: Readonly<Record<string, string>> = {
  'bad-request': 'Check what was entered, then send it again.',
  'not-found': 'Start again from the first page.',
  'method-not-allowed': 'Start again from the first page.',
  'body-too-large': 'Make the picture smaller, or save it as JPEG, and send it again.',
  'unsupported-image': 'Choose another picture, or save this one as JPEG or PNG.',
  'undecodable-image': 'Open the picture in another program, save it anew, and send that.',
  'not-ready': 'The model is being loaded. Wait a few seconds, then send it again.',
  internal: 'Send it again. If it fails again, pass the call id on to whoever runs this service.',
};

/** @returns an empty text where the detail says it all */
export function adviceFor(code: string): string {
  return ADVICE[code] ?? '';
}

/** Whether the file itself is at fault: sent again, it would fail again. */
export function isAboutFile(code: string): boolean {
  return ['body-too-large', 'unsupported-image', 'undecodable-image'].includes(code);
}

/** Whether the very same request may succeed later. */
export function isWorthRepeating(code: string): boolean {
  return ['busy', 'not-ready', 'upstream-failed', 'upstream-timeout', 'internal', 'no-connection'].includes(
    code,
  );
}
