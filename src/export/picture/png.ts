import type { PictureFormat } from '../format';
import { svgText } from '../../picture/svgText';
import { words } from '../words';
import { PICTURE_OPTIONS, pictureOf } from './picture';

/** The picture in pixels. */
export const png: PictureFormat = {
  name: 'png',
  label: 'PNG',
  about: words.png,
  endings: ['png'],
  of: 'picture',
  options: PICTURE_OPTIONS,
  async *write(subject, options, how) {
    if (!how.rasterise) throw new RangeError(how.translate(words.noPixels));
    yield await how.rasterise(svgText(await pictureOf(subject, options, how), options.scale));
  },
};
