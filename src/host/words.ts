import { translated } from '../words/translated';

/** Every sentence that the host itself makes for people. `{0}`, `{1}`, … stand for values: see `Translate`. */
export const words = translated({
  hasErrors: '{0} has errors: see the Problems view.',
  noSample: 'The model has no sample to run.',
  noWeights: 'The weights could not be read.',
  tooLarge:
    'The run would take {0} MB for {1} steps; the limit is {2} MB (setting gatescope.memoryLimit), in which {3} fit. "Run Sample Sequence…" offers to run a part.',
  notRun: 'The model has not run yet: run it first.',
  runFailed: 'The run failed: {0}',
  outputNotKept:
    'Of {0} steps the output is not kept whole: it is shown at the playhead, and all of it in the heat map.',
  attributionTooLarge:
    'What mattered would take {0} MB to find for {1} steps; the limit is {2} MB (setting gatescope.memoryLimit).',
  attributedFrom: 'Only the {0} steps before it were looked at; what came before {1} is held as it was.',
  /** A step, where people see steps counted from 1. */
  time: 't = {0}',
  notCompared: 'It cannot be compared with {0}: {1}',
  noRowsThere: '{0} of {1} has no number at these steps: choose some up to step {2}',
  searchTooLarge: 'it would take {0} MB; the limit is {1} MB (setting gatescope.memoryLimit)',
  searchTooLong: 'it would run for about {0} s',
  noOutputHere: 'The output has no finite number at these steps',
  runGone: 'the run is no longer there',
  panelGone: 'The panel was closed or reloaded before it had drawn the picture.',
  notUnderstood: 'The panel sent a message that the extension does not understand.',
  notChosen: 'it was not chosen for this model in this workspace',
  notRecalled: '“{0}”, which was shown here before, cannot be read again: {1}',
} as const);
