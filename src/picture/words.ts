/** Words that several pictures show, and the panel too. `{0}`, `{1}`, … stand for values: see `fill`. */
import type { NotRun } from '../model/network';
import { visible } from '../unroll/mermaid';
import { fill } from '../words/translate';
import { translated } from '../words/translated';

export { fill };

export const words = translated({
  level: 'level {0}',
  forward: 'forward',
  backward: 'backward',
  time: 't = {0}',
  none: '–',
  stepsFromOne: 'Steps are counted from 1.',
  unitsFromZero: 'Steps are counted from 1, units from 0.',
  timeFromZero: 't counts steps from 0.',
  quoted: '“{0}”',
  unit: 'unit {0}',
  output: 'output {0}',
  bias: 'bias',
  atStep: '{0} at step {1}',
  before: '{0} before',
  whatIf: 'what-if: {0}',
  max: 'max',
  min: 'min',
  saidOfGate: '{0} {1} %: {2}',
  saidOfValue: '{0}: {1}',
  nothing: 'nearly nothing',
  little: 'little',
  third: 'about a third',
  half: 'about half',
  twoThirds: 'about two thirds',
  most: 'most',
  all: 'nearly all',
  notRun: 'not run: {0} ({1}): {2}',
});

export function notRunInWords({ name, kind, reason }: NotRun): string {
  return fill(words.notRun, visible(name), visible(kind), visible(reason));
}
