/** What is said of attributions, on the command line and in the panel. */
import type { AttributionFinding } from '../engine/attribution/findings';
import { MOST_NODES } from '../engine/attribution/quadrature';
import { INPUT } from '../model/network';
import { type Translate, inEnglish, short } from './translate';
import { translated } from './translated';

/** Every sentence. `{0}`, `{1}`, … stand for values. */
const words = translated({
  noTarget: 'The chosen output is not a finite number: nothing can be said to bring it.',
  targetMasked: 'At {0} the sequence is masked: the output there is that of a step before it, or zeros.',
  maskedOne: '{0} is masked and brings nothing.',
  masked: '{0} are masked and bring nothing.',
  notFiniteOne: 'At {0} the gradient is not a number; the other steps are as they are.',
  notFinite:
    'At {0} steps the gradient is not a number, the first of them {1}; the other steps are as they are.',
  unreached: 'Nothing in the input changes this output: its gradient is 0 everywhere.',
  incomplete: '{0}% of the difference to the baseline is missing: take more than {1} points.',
  incompleteAtMost: '{0}% of the difference to the baseline is missing, with as many points as there may be.',
  lost: 'These numbers say nothing: on the way from the baseline the output changes faster than points can follow, and more than the whole difference is missing. Another baseline, or the gradient at the input alone, may do better.',
  firstOrder:
    'The gradient at the input alone misses {0}% of the difference to the baseline, which is far away: integrated gradients look at the way between.',
  ofInput: '{0}: {1}',
  andMore: '{0} and {1} more',
  atStep: 'step {0}',
});

export interface AttributionWords {
  readonly translate?: Translate;
  /** What a step is called, `{0}` being its number from 0. */
  readonly step?: string;
}

export function attributionInWords(
  findings: readonly AttributionFinding[],
  { translate = inEnglish, step = words.atStep }: AttributionWords = {},
): string[] {
  return findings.map((finding) => {
    const said = sentence(finding, translate, step);
    const ofFurther = 'layer' in finding && finding.layer !== INPUT;
    return ofFurther ? translate(words.ofInput, finding.layer, said) : said;
  });
}

/** Steps that are named one by one. */
const NAMED = 5;

function sentence(finding: AttributionFinding, translate: Translate, step: string): string {
  switch (finding.code) {
    case 'no-target':
      return translate(words.noTarget);
    case 'target-masked':
      return translate(words.targetMasked, translate(step, finding.step));
    case 'masked': {
      const { steps } = finding;
      const named = steps.slice(0, NAMED).map((one) => translate(step, one));
      if (steps.length === 1) return translate(words.maskedOne, named[0]);
      const listed = named.join(', ');
      const rest = steps.length - NAMED;
      return translate(words.masked, rest > 0 ? translate(words.andMore, listed, rest) : listed);
    }
    case 'not-finite': {
      const { count, first } = finding;
      const at = translate(step, first);
      return count === 1 ? translate(words.notFiniteOne, at) : translate(words.notFinite, count, at);
    }
    case 'unreached':
      return translate(words.unreached);
    case 'incomplete': {
      const { share, points } = finding;
      if (share > 1) return translate(words.lost);
      const percent = short(100 * share);
      return points < MOST_NODES
        ? translate(words.incomplete, percent, points)
        : translate(words.incompleteAtMost, percent);
    }
    case 'first-order':
      return translate(words.firstOrder, short(100 * finding.share));
  }
}
