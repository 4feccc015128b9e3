/** What is said of a network's memory, on the command line and in the panel. */
import { SMALLEST } from '../engine/gradient';
import type { MemoryFinding } from '../engine/memory';
import { type Translate, inEnglish, short } from './translate';
import { translated } from './translated';

/** Every sentence. `{0}`, `{1}`, … stand for values. */
const words = translated({
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
  atStep: 'step {0}',
  step: '1 step',
  steps: '{0} steps',
});

export const NOT_FINITE = words.noTarget;

export interface MemoryWords {
  readonly translate?: Translate;
  /** What a step is called, `{0}` being its number from 0. */
  readonly step?: string;
}

export function memoryInWords(
  findings: readonly MemoryFinding[],
  { translate = inEnglish, step = words.atStep }: MemoryWords = {},
): string[] {
  return findings.map((finding) => sentence(finding, translate, step));
}

function sentence(finding: MemoryFinding, translate: Translate, step: string): string {
  switch (finding.code) {
    case 'no-target':
      return translate(words.noTarget);
    case 'unreached':
      return translate(words.unreached);
    case 'no-other-step':
      return translate(words.noOtherStep);
    case 'not-finite':
      return translate(words.notFinite);
    case 'reach': {
      const { share, tiny, verdict } = finding;
      const [from, to] = [translate(step, finding.from), translate(step, finding.to)];
      if (share === 0) return translate(words.notReached, from, to, translate(words[verdict!]));
      const size = tiny ? translate(words.lessThan, SMALLEST) : short(share);
      return verdict
        ? translate(words.reachBut, from, to, size, translate(words[verdict]))
        : translate(words.reach, from, to, size);
    }
    case 'half-life':
      return translate(words.halfLife, steps(finding.steps, translate));
    case 'uneven':
      return translate(words.uneven);
    case 'gate': {
      const { gate, mean, halfLife, longest } = finding;
      const kept = Number.isFinite(halfLife)
        ? translate(words.keeps, steps(halfLife, translate))
        : translate(words.keepsAll);
      const beyond = Number.isFinite(longest)
        ? translate(words.longest, steps(longest!, translate))
        : translate(words.oneKeepsAll);
      return translate(words.gate, gate, short(mean), kept, longest === null ? '' : beyond);
    }
    case 'saturated': {
      const consequence = translate(finding.keeps ? words.answersLittle : words.passesLittle);
      return translate(words.saturated, Math.round(100 * finding.share), finding.signal, consequence);
    }
    case 'dead':
      return finding.units === 1 ? translate(words.deadUnit) : translate(words.deadUnits, finding.units);
  }
}

function steps(count: number, translate: Translate): string {
  return count < 0.95 || count >= 1.05 ? translate(words.steps, short(count)) : translate(words.step);
}
