import type { PictureFormat } from '../format';
import { svgText } from '../../picture/svgText';
import { words } from '../words';
import { PICTURE_OPTIONS, pictureOf } from './picture';

/** A picture that can be set in print at any size. */
export const svg: PictureFormat = {
  name: 'svg',
  label: 'SVG',
  about: words.svg,
  endings: ['svg'],
  of: 'picture',
  options: PICTURE_OPTIONS,
  async *write(subject, options, how) {
    yield svgText(await pictureOf(subject, options, how), options.scale);
  },
};
