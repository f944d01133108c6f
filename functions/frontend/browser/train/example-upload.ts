import type { SendError } from '../page/send-error.ts';

export type UploadState =
  | { readonly is: 'waiting' }
  | { readonly is: 'sending'; readonly share: number }
  | { readonly is: 'looking' }
  | { readonly is: 'kept' }
  | { readonly is: 'duplicate' }
  | { readonly is: 'failed'; readonly reason: string; readonly isRepeatable: boolean };

/** One file on its way to become an example. */
export class ExampleUpload {
  readonly file: File;
  readonly label: string;
  /** Times that it was tried and not taken. */
  attempts = 0;
  #state: UploadState = { is: 'waiting' };
  #onChange: () => void = () => undefined;

  constructor(file: File, label: string) {
    this.file = file;
    this.label = label;
  }

  get state(): UploadState {
    return this.#state;
  }

  set state(state: UploadState) {
    this.#state = state;
    this.#onChange();
  }

  get isOver(): boolean {
    return ['kept', 'duplicate', 'failed'].includes(this.#state.is);
  }

  /** @param onChange told of every change of the state */
  watch(onChange: () => void): void {
    this.#onChange = onChange;
  }

  fail(error: SendError, isRepeatable: boolean): void {
    this.state = { is: 'failed', reason: error.message, isRepeatable };
  }
}

/** A file's state in a few words. */
export function describeState(state: UploadState): string {
  switch (state.is) {
    case 'waiting':
      return 'waiting';
    case 'sending':
      return `sending, ${Math.floor(100 * state.share)}\u202F%`;
    case 'looking':
      return 'being looked at';
    case 'kept':
      return 'added';
    case 'duplicate':
      return 'there already';
    case 'failed':
      return `${state.isRepeatable ? 'not sent' : 'refused'}: ${state.reason}`;
  }
}
