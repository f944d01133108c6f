import { cancelled, noConnection, readReply, tooSlow, type SendError } from './send-error.ts';
import { watchForSilence } from './silence.ts';

export interface Sending {
  /** Relative to the page's base. */
  readonly path: string;
  readonly body: FormData | Blob;
  readonly headers?: Readonly<Record<string, string>>;
  /** @param share of the upload that is done, 0…1 */
  readonly onProgress: (share: number) => void;
  readonly signal: AbortSignal;
}

/**
 * Posts what may take long to upload. It is done with XMLHttpRequest: `fetch` does not tell how far an upload is.
 * @returns the JSON that was answered
 * @throws  SendError for everything that goes wrong, `code: 'cancelled'` after the signal
 */
export function sendBody(sending: Sending): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const cancel = (): void => request.abort();
    const silence = watchForSilence(() => {
      fail(tooSlow());
      request.abort();
    });
    const end = (): void => {
      silence.stop();
      sending.signal.removeEventListener('abort', cancel);
    };
    const fail = (error: SendError): void => {
      end();
      reject(error);
    };
    request.upload.onprogress = (event) => {
      silence.restart();
      if (event.lengthComputable) sending.onProgress(event.loaded / event.total);
    };
    request.upload.onload = () => sending.onProgress(1);
    request.onload = () => {
      end();
      // A gateway may add the header that the function gave already: the browser joins the two.
      const callId = request.getResponseHeader('X-Call-Id')?.split(',')[0] ?? '';
      try {
        resolve(readReply({ status: request.status, text: request.responseText, callId }));
      } catch (error) {
        reject(error instanceof Error ? error : noConnection());
      }
    };
    request.onerror = () => fail(noConnection());
    request.onabort = () => fail(cancelled());
    request.open('POST', new URL(sending.path, document.baseURI));
    request.setRequestHeader('Accept', 'application/json');
    for (const [name, value] of Object.entries(sending.headers ?? {})) request.setRequestHeader(name, value);
    request.send(sending.body);
    if (sending.signal.aborted) cancel();
    else sending.signal.addEventListener('abort', cancel, { once: true });
  });
}
