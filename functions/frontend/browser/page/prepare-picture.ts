import { detectFormat } from '../../../../shared/core/image-signature.ts';
import { IMAGE_FORMATS } from '../../../../shared/core/image-format.ts';
import { MAX_SENT_PIXELS } from '../../view/snippets.ts';

export interface PreparedPicture {
  /** What is sent. */
  readonly body: Blob;
  readonly width: number | undefined;
  readonly height: number | undefined;
  /** Why it differs from the file; undefined where it is the file itself. */
  readonly change: 'shrunk' | 'converted' | undefined;
}

const JPEG_QUALITY = 0.9;

/**
 * A file as it is best sent: small enough for slow networks, and of a kind that the service reads. A picture that the
 * browser cannot decode goes as it is, and the service says what it makes of it.
 */
export async function preparePicture(file: Blob, maxUploadBytes: number): Promise<PreparedPicture> {
  const asItIs = { body: file, width: undefined, height: undefined, change: undefined };
  const bitmap = await decode(file);
  if (bitmap === undefined) return asItIs;
  const { width, height } = bitmap;
  try {
    const isRead = await isReadByService(file);
    if (isRead && width * height <= MAX_SENT_PIXELS && file.size <= maxUploadBytes)
      return { ...asItIs, width, height };
    const body = await toJpeg(bitmap, Math.min(1, Math.sqrt(MAX_SENT_PIXELS / (width * height))));
    const isSmaller = body.size < file.size;
    // A huge but simple drawing may be smaller as it is than as JPEG.
    if (isRead && !isSmaller && file.size <= maxUploadBytes && width * height <= 4 * MAX_SENT_PIXELS) {
      return { ...asItIs, width, height };
    }
    return { body, width, height, change: isRead ? 'shrunk' : 'converted' };
  } finally {
    bitmap.close();
  }
}

async function decode(file: Blob): Promise<ImageBitmap | undefined> {
  try {
    return await createImageBitmap(file, { imageOrientation: 'from-image' });
  } catch {
    return undefined;
  }
}

async function isReadByService(file: Blob): Promise<boolean> {
  const format = detectFormat(new Uint8Array(await file.slice(0, 4_096).arrayBuffer()));
  return IMAGE_FORMATS.some((known) => known === format);
}

/** Transparent parts become white, as the service does it. */
async function toJpeg(bitmap: ImageBitmap, scale: number): Promise<Blob> {
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('The browser gives no canvas.');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob === null ? reject(new Error('The browser could not write a JPEG.')) : resolve(blob)),
      'image/jpeg',
      JPEG_QUALITY,
    );
  });
}

/** A small picture of a picture, as a `data:` URL, for the list of past ones. Empty where the browser cannot decode it. */
export async function thumbnail(file: Blob, side = 96): Promise<string> {
  const bitmap = await decode(file);
  if (bitmap === undefined) return '';
  const canvas = document.createElement('canvas');
  canvas.width = side;
  canvas.height = side;
  const scale = Math.max(side / bitmap.width, side / bitmap.height);
  const [width, height] = [bitmap.width * scale, bitmap.height * scale];
  const context = canvas.getContext('2d');
  if (context !== null) {
    context.fillStyle = '#fff';
    context.fillRect(0, 0, side, side);
    context.drawImage(bitmap, (side - width) / 2, (side - height) / 2, width, height);
  }
  bitmap.close();
  return canvas.toDataURL('image/jpeg', 0.7);
}
