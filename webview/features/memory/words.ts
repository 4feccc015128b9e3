/** Every word that is shown here. `{0}`, `{1}`, … stand for values. */
export const words = {
  inWords: 'Memory in words',
  memory: 'Memory',
  memoryTitle: 'Show how far back the output at the playhead reaches: its gradient',
  memoryReach: 't = {1}: how far {0} reaches',
  outputUnit: 'y[{0}]',
  gradientNorm: '|∂y/∂{0}|',
  memoryChart: 'Size of the gradient, by step',
  computing: 'computing…',
  followed: 'followed back to t = {0} so far…',
  withoutWhatIf: 'without the what-if',
  compared: 'compared run',
  rails:
    'In the picture the lines that carry h and c on are as thick as this gradient: 6 px at the largest, 1 px less for each power of ten, dashed where it is 0.',
  ofRun: '{0}: {1}',
  more: 'More about this line',
  below: 'below 1e−300',
  measuringMemory: 'Following the gradient back…',
  memoryHint: 'Move the playhead on to see how far it reaches: End goes to the last step',
  closeMemory: 'Close the memory view',
};
