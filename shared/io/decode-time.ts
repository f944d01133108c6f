import type { ImageFormat } from '../core/image-format.ts';
import { tooSlow, undecodable } from './undecodable-image.ts';

/**
 * What a decoder makes of a picture, for as long as the answer waits: libvips looks at its own timeout between two strips
 * of pixels only, and not at all while it reads a header.
 * @throws AppError undecodable-image, whatever the decoder threw
 */
export async function withinTime<T>(result: Promise<T>, format: ImageFormat, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooSlow(format, timeoutMs)), timeoutMs);
  });
  try {
    return await Promise.race([result, deadline]);
  } catch (error) {
    const isTimeout = error instanceof Error && error.message.startsWith('timeout:');
    throw isTimeout ? tooSlow(format, timeoutMs) : undecodable(error, format);
  } finally {
    clearTimeout(timer);
  }
}
