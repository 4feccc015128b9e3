/** The terms as text, for a table: tabs between columns, numbers unrounded. */
import type { Network } from '../../../src/model/network';
import type { Why } from '../../../src/protocol';
import { termName } from '../../../src/picture/why/termNames';
import { fill } from '../../shared/words';
import { words as sumWords } from '../../../src/picture/why/words';

export function copied(network: Network, why: Why, title: string, equation: string): string {
  const { terms, rest, sum } = why;
  const rows = terms.map((term) =>
    [termName(network, why.at, term), term.value, term.weight, term.product].join('\t'),
  );
  const others = rest.count > 0 ? [[fill(sumWords.others, rest.count), '', '', rest.product].join('\t')] : [];
  return [title, equation, ...rows, ...others, [sumWords.sum, '', '', sum].join('\t')].join('\n');
}
