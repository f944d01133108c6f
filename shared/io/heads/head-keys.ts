/**
 * Where the store keeps heads. What all replicas look at every second stands under `heads/` and is small; what it names
 * is written before it and never changes.
 *
 *   heads/<id>/<revision>/current             the version that is live: sha256:…, or 0 for the built-in one
 *   versions/<id>/<revision>/<version>        the head, as serialiseHead writes it
 *   records/<id>/<revision>/<version>         when and from what it was trained, JSON
 *   built-in/<id>/<revision>                  version 0, as the classifier serves it
 *   built-in-heads/<revision>                 ids of all of them, JSON, written last
 */
export const headKeys = {
  pointers: 'heads/',
  pointersOf: (id: string) => `heads/${id}/`,
  pointer: (id: string, revision: string) => `heads/${id}/${revision}/current`,
  versionsOf: (id: string) => `versions/${id}/`,
  version: (id: string, revision: string, version: string) => `versions/${id}/${revision}/${version}`,
  recordsOf: (id: string, revision?: string) =>
    `records/${id}/${revision === undefined ? '' : `${revision}/`}`,
  record: (id: string, revision: string, version: string) => `records/${id}/${revision}/${version}`,
  builtIn: (id: string, revision: string) => `built-in/${id}/${revision}`,
  builtInList: (revision: string) => `built-in-heads/${revision}`,
};

/** What a pointer says of the built-in head. */
export const BUILT_IN_VERSION = '0';

/** @returns undefined for a key that is no pointer */
export function parsePointerKey(key: string): { id: string; revision: string } | undefined {
  const match = /^heads\/([a-z0-9-]{1,40})\/(sha256:[0-9a-f]{64})\/current$/.exec(key);
  return match === null ? undefined : { id: match[1] ?? '', revision: match[2] ?? '' };
}
