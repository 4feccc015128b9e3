/** What a unit of the output may be compared with. No DOM. */
import type { Network } from '../../../src/model/network';
import { featureName } from '../../../src/picture/output/forecast';
import type { Against } from '../../../src/protocol';
import { fill } from '../../shared/words';
import { words } from './words';

export interface Comparison {
  readonly value: string;
  readonly label: string;
  readonly against: Against;
}

const MOST_FEATURES = 24;

/** All that a unit may be compared with. */
export function choices(network: Network, canExpect: boolean): Comparison[] {
  const { input } = network;
  const features = input.kind === 'vector' ? Math.min(input.size, MOST_FEATURES) : 0;
  const of = (feature: number, ahead: 0 | 1): Comparison => ({
    ...{ value: `${feature} ${ahead}`, against: { kind: 'input', feature, ahead } },
    label: fill(ahead === 1 ? words.nextOf : words.sameOf, featureName(network, feature)),
  });
  return [
    { value: 'nothing', label: words.nothing, against: { kind: 'nothing' } },
    ...(canExpect
      ? [{ value: 'expected', label: words.expected, against: { kind: 'expected' } } as const]
      : []),
    ...Array.from({ length: features }, (_, feature) => of(feature, 1)),
    ...Array.from({ length: features }, (_, feature) => of(feature, 0)),
  ];
}

export function choiceOf(against: Against): string {
  return against.kind === 'input' ? `${against.feature} ${against.ahead}` : against.kind;
}
