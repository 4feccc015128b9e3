/** What is said of a layer where the text names it, as Markdown. All that stands in the file is escaped. */
import type { LastValues } from '../../host/lastValues';
import { cellFacts } from '../../cells';
import { quote } from '../../model/json/decode';
import { INPUT, inputWidth, isRecurrent, type Layer, type Network } from '../../model/network';
import { countParameters } from '../../model/parameters';
import { optionsInWords } from '../../model/dialects/native/options';
import { figure, type Translate } from '../../words/translate';
import { translated } from '../../words/translated';
import { parameterSum } from './parameterSum';

const words = translated({
  in: 'in: {0}',
  out: 'out: {0}',
  aStep: '{0} a step',
  oneRow: '{0}, one row',
  from: '{0} from {1}',
  ids: 'token ids, of {0} tokens',
  none: 'no parameters',
  parameters: '{0} parameters',
  sum: '{0} parameters = {1}',
  options: 'also: {0}',
  run: 'At the last step of {0} (step {1}):',
  signal: 'signal',
  mean: 'mean',
  range: 'from … to',
});

const DIGITS = 3;

export function layerHover(
  network: Network,
  layer: Layer,
  { translate, values }: { readonly translate: Translate; readonly values?: LastValues },
): string {
  const kind = isRecurrent(layer) ? cellFacts(layer).title : layer.type;
  const lines = [
    `**${escaped(layer.name)}** · ${escaped(kind)}`,
    translate(words.in, inputsInWords(network, layer, translate)),
    translate(words.out, widthInWords(layer, translate)),
    parametersInWords(layer, translate),
  ];
  const options = optionsInWords(layer, network.layers);
  if (options.length > 0) lines.push(translate(words.options, options.map(escaped).join(', ')));
  return [lines.join('  \n'), ...(values ? [valuesInWords(values, translate)] : [])].join('\n\n');
}

function inputsInWords(network: Network, layer: Layer, translate: Translate): string {
  if (layer.inputs.length === 0) return widthInWords(layer, translate);
  return layer.inputs
    .map((name) => {
      const source = network.layers.find((one) => one.name === name);
      const { input } = network;
      const width = source
        ? widthInWords(source, translate)
        : name === INPUT && input.kind === 'token' && input.encoding === 'index'
          ? translate(words.ids, input.vocabulary.length)
          : translate(words.aStep, inputWidth(input));
      return translate(words.from, width, escaped(name));
    })
    .join('; ');
}

function widthInWords(layer: Layer, translate: Translate): string {
  const alone = ('returnSequences' in layer && !layer.returnSequences) || ONE_ROW.has(layer.type);
  return translate(alone ? words.oneRow : words.aStep, layer.outputSize);
}

const ONE_ROW = new Set(['flatten', 'global_pool', 'select', 'final_state']);

function parametersInWords(layer: Layer, translate: Translate): string {
  const count = countParameters({ layers: [layer] });
  if (count === 0) return translate(words.none);
  const sum = parameterSum(layer);
  const number = count.toLocaleString('en');
  return /[×+]/.test(sum) ? translate(words.sum, number, sum) : translate(words.parameters, number);
}

function valuesInWords({ title, steps, signals }: LastValues, translate: Translate): string {
  const rows = signals.map(
    ({ signal, direction, mean, min, max }) =>
      `| ${escaped(signal)}${direction === 'backward' ? ' ←' : ''} | ${figure(mean, DIGITS)} | ${figure(min, DIGITS)} … ${figure(max, DIGITS)} |`,
  );
  const head = `| ${translate(words.signal)} | ${translate(words.mean)} | ${translate(words.range)} |`;
  return [translate(words.run, escaped(quote(title)), steps), '', head, '| --- | ---: | --- |', ...rows].join(
    '\n',
  );
}

/** Text from a file, in which nothing is Markdown or HTML. */
export function escaped(text: string): string {
  return text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replace(/[\\`*_{}[\]()#+\-.!|~<>&$:@/^="']/g, (sign) => `&#${sign.codePointAt(0)};`);
}
