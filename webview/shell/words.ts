import { translated } from '../../src/words/translated';

/** The words of the panel's frame. */
export const words = translated({
  nothingToDraw: 'There is nothing to see in {0}.',
  tooManyPixels: 'The picture would have {0} × {1} pixels, too many: take a smaller scale, or SVG.',
  notCopied: 'The clipboard did not take the picture: {0}',
  dockHeight: 'Height of the views',
});
