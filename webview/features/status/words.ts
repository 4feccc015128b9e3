import { translated } from '../../../src/words/translated';

/** Every word that is shown here. `{0}`, `{1}`, … stand for values. */
export const words = translated({
  readingModel: 'Reading the model…',
  drawingNetwork: 'Drawing the network…',
  reasons: 'Reasons',
  cannotDraw: 'This file cannot be shown as a network',
  openAsText: 'Open as Text',
  notRun: 'Not run yet; this would take {0}.',
  run: 'Run',
  runTitle: 'It takes too long to begin by itself',
  moment: 'less than a second',
  seconds: 'about {0} s',
  minutes: 'about {0} min',
  samplesUnread: 'No sample of this model can be read.',
  noSequence: 'This model comes with no samples.',
  typeOrChoose: 'Type or Choose a Sequence…',
});
