import { translated } from '../../src/words/translated';

/** The words of the panel's frame. */
export const words = translated({
  dockHeight: 'Height of the views',
});
