/** What is said of a network's memory, on the command line and in the panel. */
import { SMALLEST } from '../engine/gradient';
import type { MemoryFinding } from '../engine/memory';

/** Every sentence. `{0}`, `{1}`, … stand for values. */
const words = {
  noTarget: 'The chosen output is not a finite number: it has no gradient.',
  unreached: 'No gradient reaches this layer from the chosen output.',
  noOtherStep: 'The gradient has no other step to reach.',
  notFinite: 'The gradient is not a number: the run holds values that are not finite.',
  notReached: 'The gradient from {0} does not reach {1}: {2}.',
  reach: 'The gradient from {0} reaches {1} at {2} of its size.',
  reachBut: 'The gradient from {0} reaches {1} at {2} of its size: {3}.',
  lessThan: 'less than {0}',
  vanished: 'this network cannot learn from it',
  'vanished-at-first':
    'with these untrained weights, at the start of training, the network would not learn from it',
  exploded: 'it explodes, and training needs gradient clipping',
  halfLife: 'It halves about every {0}.',
  uneven: 'It does not fall evenly: no half-life describes it.',
  gate: 'The {0} is open to {1} on average: {2}{3}.',
  keeps: 'by itself it keeps half of a memory for {0}',
  keepsAll: 'by itself it forgets nothing',
  longest: '; in the unit that keeps longest for {0}',
  oneKeepsAll: '; one unit forgets nothing',
  saturated: '{0}% of {1} is saturated: {2}.',
  answersLittle: 'there it hardly answers to what it reads; what it keeps is not touched by that',
  passesLittle: 'there its slope is small, and little gradient passes through it',
  deadUnit: 'One unit is 0 at every step: dead on this sequence.',
  deadUnits: '{0} units are 0 at every step: dead on this sequence.',
  step: '1 step',
  steps: '{0} steps',
};

export const NOT_FINITE = words.noTarget;

/** `named` says what a step is called; `step 4` by default, counted from 0. */
export function memoryInWords(
  findings: readonly MemoryFinding[],
  named: (step: number) => string = (step) => `step ${step}`,
): string[] {
  return findings.map((finding) => sentence(finding, named));
}

function sentence(finding: MemoryFinding, named: (step: number) => string): string {
  switch (finding.code) {
    case 'no-target':
      return words.noTarget;
    case 'unreached':
      return words.unreached;
    case 'no-other-step':
      return words.noOtherStep;
    case 'not-finite':
      return words.notFinite;
    case 'reach': {
      const { share, tiny, verdict } = finding;
      const [from, to] = [named(finding.from), named(finding.to)];
      if (share === 0) return filled(words.notReached, from, to, words[verdict!]);
      const size = tiny ? filled(words.lessThan, SMALLEST) : short(share);
      return verdict
        ? filled(words.reachBut, from, to, size, words[verdict])
        : filled(words.reach, from, to, size);
    }
    case 'half-life':
      return filled(words.halfLife, steps(finding.steps));
    case 'uneven':
      return words.uneven;
    case 'gate': {
      const { gate, mean, halfLife, longest } = finding;
      const kept = Number.isFinite(halfLife) ? filled(words.keeps, steps(halfLife)) : words.keepsAll;
      const beyond = Number.isFinite(longest) ? filled(words.longest, steps(longest!)) : words.oneKeepsAll;
      return filled(words.gate, gate, short(mean), kept, longest === null ? '' : beyond);
    }
    case 'saturated': {
      const consequence = finding.keeps ? words.answersLittle : words.passesLittle;
      return filled(words.saturated, Math.round(100 * finding.share), finding.signal, consequence);
    }
    case 'dead':
      return finding.units === 1 ? words.deadUnit : filled(words.deadUnits, finding.units);
  }
}

function filled(text: string, ...values: readonly (string | number)[]): string {
  return text.replace(/\{(\d)\}/g, (_, k) => String(values[Number(k)]));
}

function steps(count: number): string {
  return count < 0.95 || count >= 1.05 ? filled(words.steps, short(count)) : words.step;
}

function short(value: number): string {
  return String(Number(value.toPrecision(2)));
}
