import { countParameters } from '../model/parameters';
import type { Network } from '../model/network';
import { shapeOf } from '../model/shapes';
import type { Detail } from '../protocol';
import { unroll } from '../unroll/graph';
import { fenced, toMermaid, visible } from '../unroll/mermaid';
import type { Translate } from '../words/translate';
import { ChoiceError, type ModelFormat } from './format';
import { words } from './words';

const COLUMNS = 8;
/** Beyond it no Markdown viewer draws the diagram. */
const MOST_COLUMNS = 1000;

/** A document with the layers as a table and the unrolled graph as a diagram, which GitHub and VS Code draw. */
export const markdown: ModelFormat = {
  name: 'md',
  label: 'Markdown',
  about: words.md,
  endings: ['md'],
  of: 'model',
  options: ['steps', 'detail'],
  async *write({ network }, { range, detail = 'gates' }, { translate }) {
    const columns = range?.steps ?? COLUMNS;
    if (columns > MOST_COLUMNS) throw new ChoiceError(translate(words.tooManyColumns, MOST_COLUMNS, columns));
    yield markdownOf(network, columns, detail, translate);
  },
};

/** A title, a table of the layers, the graph unrolled over so many columns. */
export function markdownOf(network: Network, columns: number, detail: Detail, translate: Translate): string {
  const heads = [words.layer, words.type, words.shapes, words.parameters].map((head) => translate(head));
  const rows = network.layers.map((layer) => {
    const [before, after] = (['in', 'out'] as const).map((end) =>
      shapeOf(network, layer, end)
        .map((size) => size ?? translate(words.steps))
        .join(' × '),
    );
    const parameters = countParameters({ layers: [layer] });
    return [cell(layer.name), cell(layer.type), `${before} → ${after}`, parameters.toLocaleString('en')];
  });
  const table = [heads, heads.map((_, k) => (k === 3 ? '--:' : '---')), ...rows];
  return [
    `# ${plain(network.name)}\n`,
    ...(network.description === undefined ? [] : [`${plain(network.description)}\n`]),
    ...table.map((cells) => `| ${cells.join(' | ')} |`),
    '',
    fenced(toMermaid(unroll(network, { columns, detail }))),
  ].join('\n');
}

/** A heading, a quotation, a list or a line, at the beginning of a text. */
const BLOCK = /^\s*(?=#{1,6}(\s|$)|>|[-+](\s|$)|-{2,}|={2,})|^\s*\d{1,9}(?=[.)](\s|$))/;
/** Signs that mean something within a line, where they stand. */
const INLINE = [
  /\\(?=[!-/:-@[-`{-~])/,
  /[`*[<~$]/,
  /(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/u,
  // Entities, links and GitHub's emoji.
  /&(?=#?\w+;)|:(?=\/\/|\w+:)|(?<=www)\./,
];
const SIGNS = new RegExp(INLINE.map(({ source }) => source).join('|'), 'gu');

/** Text of which nothing is Markdown or HTML, as CommonMark, GitHub and VS Code read them. */
function plain(text: string): string {
  return visible(text).replace(SIGNS, '\\$&').replace(BLOCK, '$&\\');
}

/** The same within a table. */
function cell(text: string): string {
  return plain(text).replaceAll('|', '\\|');
}
