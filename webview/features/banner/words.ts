import { translated } from '../../../src/words/translated';

/** Every word that is shown here. `{0}`, `{1}`, … stand for values. */
export const words = translated({
  lastGoodPicture: 'The picture shows the last version that could be read.',
  drawFailed: 'The picture could not be drawn: {0}',
  dismiss: 'Dismiss',
});
