interface PictureRequest {
  body?: Buffer;
  headers?: Record<string, string>;
}
export function withComment(jpeg: Buffer): Buffer;
export function repeatedPicture(request: PictureRequest): Promise<void>;
export function uniquePicture(request: PictureRequest): Promise<void>;
export function uniqueForm(request: PictureRequest): Promise<void>;
