interface PictureRequest {
  body?: Buffer;
  headers?: Record<string, string>;
}
export function withComment(jpeg: Buffer): Buffer;
export function repeatedPicture(request: PictureRequest): Promise<void>;
export function uniquePicture(request: PictureRequest): Promise<void>;
export function uniqueForm(request: PictureRequest): Promise<void>;
interface Answer {
  statusCode: number;
  headers: Record<string, string | undefined>;
}
interface Events {
  emit: (kind: 'counter', name: string, value: number) => void;
}
// eslint-disable-next-line max-params -- Artillery calls it so
export function countRefusals(
  request: object,
  response: Answer,
  context: object,
  events: Events,
): Promise<void>;
