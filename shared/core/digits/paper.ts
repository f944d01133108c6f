/**
 * Visible pixels over white where they are dark on the whole, over black where they are light: a drawing without a
 * background, in ink of either kind, stays readable.
 * @param rgb   uint8 [pixels, 3]
 * @param alpha uint8 [pixels], 255 for opaque
 * @returns     uint8 [pixels, 3]
 * @example     one white pixel, one transparent: white, black
 */
export function layOnPaper(rgb: Uint8Array, alpha: Uint8Array): Uint8Array {
  let light = 0;
  let seen = 0;
  for (let at = 0; at < alpha.length; at++) {
    const visible = alpha[at] ?? 0;
    light += visible * ((rgb[3 * at] ?? 0) + (rgb[3 * at + 1] ?? 0) + (rgb[3 * at + 2] ?? 0));
    seen += visible;
  }
  const paper = seen > 0 && light / (3 * seen) > 127.5 ? 0 : 255;
  return rgb.map((value, at) => {
    const visible = (alpha[Math.floor(at / 3)] ?? 255) / 255;
    return Math.round(value * visible + paper * (1 - visible));
  });
}
