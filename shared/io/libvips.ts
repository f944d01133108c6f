import sharp from 'sharp';

/**
 * sharp, set up for pictures that strangers send: every loader is off but those of the formats that we decode, so that
 * a file which is two things at once never reaches another one (SVG, PDF and ImageMagick's above all), and nothing of
 * a picture is kept in memory.
 * @see https://sharp.pixelplumbing.com/api-utility#block
 */
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: [
    'VipsForeignLoadJpegBuffer',
    'VipsForeignLoadPngBuffer',
    'VipsForeignLoadWebpBuffer',
    'VipsForeignLoadNsgifBuffer',
    'VipsForeignLoadHeifBuffer',
    'VipsForeignLoadTiffBuffer',
  ],
});
sharp.cache(false);

export { default as sharp } from 'sharp';
