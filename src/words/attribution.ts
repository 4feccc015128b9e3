/** What is said of attributions, on the command line and in the panel. */
import type { AttributionFinding } from '../engine/attribution/findings';
import { INPUT } from '../model/network';

/** Every sentence. `{0}`, `{1}`, … stand for values. */
const words = {
  noTarget: 'The chosen output is not a finite number: nothing can be said to bring it.',
  targetMasked: 'At {0} the sequence is masked: the output there is that of a step before it, or zeros.',
  masked: '{0}{1}: masked, so that nothing is brought by {2}.',
  notFinite: '{0}{1}: the gradient is not a number, from {2} on. The other steps are as they are.',
  unreached: 'Nothing in the input changes this output: its gradient is 0 everywhere.',
  incomplete:
    '{0} of the difference to the baseline is missing with {1} points: more points come nearer, unless the gradient jumps in between.',
  firstOrder:
    'The gradient at the input alone misses {0} of the difference to the baseline, which is far away: integrated gradients look at the way between.',
  it: 'it',
  them: 'them',
  of: '{0}: ',
  one: '1 step',
  several: '{0} steps',
  andMore: '{0} and {1} more',
};

/** Steps that are named one by one. */
const NAMED = 5;

/** `named` says what a step is called; `step 4` by default, counted from 0. */
export function attributionInWords(
  findings: readonly AttributionFinding[],
  named: (step: number) => string = (step) => `step ${step}`,
): string[] {
  return findings.map((finding) => sentence(finding, named));
}

function sentence(finding: AttributionFinding, named: (step: number) => string): string {
  switch (finding.code) {
    case 'no-target':
      return words.noTarget;
    case 'target-masked':
      return filled(words.targetMasked, named(finding.step));
    case 'masked': {
      const { layer, steps } = finding;
      return filled(
        words.masked,
        inputNamed(layer),
        listed(steps, named),
        steps.length === 1 ? words.it : words.them,
      );
    }
    case 'not-finite': {
      const { layer, count, first } = finding;
      return filled(words.notFinite, inputNamed(layer), counted(count), named(first));
    }
    case 'unreached':
      return words.unreached;
    case 'incomplete':
      return filled(words.incomplete, percent(finding.share), finding.points);
    case 'first-order':
      return filled(words.firstOrder, percent(finding.share));
  }
}

/** A further input is named, the network's own need not be. */
function inputNamed(layer: string): string {
  return layer === INPUT ? '' : filled(words.of, layer);
}

function listed(steps: readonly number[], named: (step: number) => string): string {
  const shown = steps.slice(0, NAMED).map(named).join(', ');
  return steps.length > NAMED ? filled(words.andMore, shown, steps.length - NAMED) : shown;
}

function counted(count: number): string {
  return count === 1 ? words.one : filled(words.several, count);
}

function percent(share: number): string {
  const digits = Number((100 * share).toPrecision(2));
  return `${digits}%`;
}

function filled(text: string, ...values: readonly (string | number)[]): string {
  return text.replace(/\{(\d)\}/g, (_, k) => String(values[Number(k)]));
}
