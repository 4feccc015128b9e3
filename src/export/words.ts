import { translated } from '../words/translated';

/** Every sentence that an export makes for people. `{0}`, `{1}`, … stand for values: see `Translate`. */
export const words = translated({
  npz: 'arrays for numpy.load',
  csv: 'a table, a line a number',
  json: 'every number, as the command line prints it',
  svg: 'the picture, to be set in print at any size',
  png: 'the picture in pixels',
  html: 'the panel as one file that opens anywhere, with no network',
  md: 'the layers and the diagram as Mermaid text',
  tooLargeForZip:
    'The arrays would take {0} GB, more than the 4 GB that a .npz file holds: choose fewer steps or signals, or CSV.',
  tooLargeForPage:
    'A web page holds up to {0} MB of weights and sequence, found {1} MB: choose a shorter sequence, or a picture (SVG, PNG).',
  noPage: 'Web pages cannot be written here: the file that they are made of is missing.',
  noPrintedPage:
    'A web page is dark or light, with high contrast or without, or as the browser says: it has no theme "print".',
  ownSequence: 'own sequence',
  needs: 'This page needs a browser of 2023 or newer',
  noScript: 'This page shows a recurrent network with a script of its own, which the browser does not run.',
  tooManyColumns: 'A diagram has up to {0} steps, found {1}.',
  oneSignal: 'A heat map shows one signal of one layer: choose it, such as lstm.c.',
  oneState: 'The matrix is of one state: choose it, of {0}.',
  oneStateOfLstm:
    'The matrix is of one state: choose it, of {0}. h of an LSTM has none: what it remembers is in c.',
  tooManyOutputs: 'The matrix has up to {0} steps, found {1}: choose fewer.',
  noOutputs: 'There is no output at these steps.',
  noRows: 'The signal has no row at these steps.',
  needsValues: 'Only the diagram can be drawn without values.',
  nothingToDraw: 'There is nothing to see in {0}.',
  outputNotHeld: 'So long a run is not held whole: its output cannot be drawn.',
  noPixels: 'PNG cannot be made here: choose SVG.',
  layer: 'Layer',
  type: 'Type',
  shapes: 'In → out',
  parameters: 'Parameters',
  steps: 'steps',
} as const);
