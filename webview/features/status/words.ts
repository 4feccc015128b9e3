/** Every word that is shown here. `{0}`, `{1}`, … stand for values. */
export const words = {
  readingModel: 'Reading the model…',
  drawingNetwork: 'Drawing the network…',
  cannotDraw: 'This file cannot be shown as a network',
  openAsText: 'Open as Text',
  noSequence: 'This model comes with no samples.',
  typeOrChoose: 'Type or Choose a Sequence…',
};
