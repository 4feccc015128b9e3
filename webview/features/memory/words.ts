import { translated } from '../../../src/words/translated';

/** Every word that is shown here. `{0}`, `{1}`, … stand for values. */
export const words = translated({
  inWords: 'Memory in words',
  memory: 'Memory',
  memoryTitle: 'Show how far back the output at the playhead reaches: its gradient',
  memoryChart: 'Size of the gradient, by step',
  computing: 'computing…',
  followed: 'followed back to t = {0} so far…',
  withoutWhatIf: 'without the what-if',
  compared: 'compared run',
  shown: 'What the lines are of',
  allUnits: 'All units',
  oneUnit: 'One unit',
  matrix: 'Every output',
  matrixLabel: 'Every output, from top to bottom, against every state, from left to right',
  matrixSpot: 'output at t = {0} from the state at t = {1}: {2}',
  matrixInitial: 'output at t = {0} from the initial state: {1}',
  matrixLines:
    'Each line is the largest output at one step; each column a state. What stands far from the diagonal was remembered for long. Click a line to go to its step; arrows read numbers.',
  matrixPart: 'Of steps {0} to {1}, about the playhead: the sequence has {2}.',
  matrixDone: '{0} of {1} outputs…',
  matrixState: 'The state',
  stop: 'Stop',
  goOn: 'Go on',
  noUnit: 'Choose a unit of a recurrent layer: in the heat map, or in a card',
  unitEnds: '{0} at t = {1}, {2} at t = {3}',
  notKept: 'The gradients of single units are not kept so far from the target',
  rails:
    'In the picture the lines that carry {0} on are as thick as this gradient: 6 px at the largest, 1 px less for each power of ten, dashed where it is 0.',
  both: '{0} and {1}',
  ofRun: '{0}: {1}',
  more: 'More about this line',
  below: 'below 1e−300',
  measuringMemory: 'Following the gradient back…',
  memoryHint: 'Move the playhead on to see how far it reaches: End goes to the last step',
  closeMemory: 'Close the memory view',
});
