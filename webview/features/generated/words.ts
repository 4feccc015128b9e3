import { translated } from '../../../src/words/translated';

/** Every word that is shown here. `{0}`, `{1}`, … stand for values. */
export const words = translated({
  text: 'Generated text',
  token: '{0}, step {1}, {2}',
  promptToken: '{0}, step {1}, of the prompt',
  probability: 'probability:',
  legend: 'How probable the network held each token that it went on with; the prompt is grey',
  unknown: 'probability not known yet',
});
