/** Longer than any server on the way takes: the gateway 60 s. */
const SILENCE_MS = 65_000;

/** Calls `act` when nothing was heard for longer than any answer takes. */
export function watchForSilence(act: () => void): { restart: () => void; stop: () => void } {
  let timer = setTimeout(act, SILENCE_MS);
  return {
    restart: () => {
      clearTimeout(timer);
      timer = setTimeout(act, SILENCE_MS);
    },
    stop: () => clearTimeout(timer),
  };
}
