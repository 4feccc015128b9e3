import { translated } from '../../../src/words/translated';

/** Every word that is shown here. `{0}`, `{1}`, … stand for values. */
export const words = translated({
  region: 'What if',
  title: 'What if',
  undo: 'Undo the last what-if',
  redo: 'Redo what was undone',
  copy: 'Copy the what-ifs as text',
  add: 'Another what-if…',
  clear: 'Clear',
  clearTitle: 'Show the run as it was',
  compared: 'compared with {0}',
  endCompare: 'End the comparison',
  remove: 'Take back {0}',
});
