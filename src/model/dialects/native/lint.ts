/** Mistakes that people make in recurrent networks, of which the network runs all the same. */
import { say } from '../../../words/say';
import { removedKey, set, type Fix } from '../../fix';
import { pathOf, quote, type Fields } from '../../json/decode';
import { LOGITS, PROBABILITIES, activationOf, lossFault, picks, type Expectation } from '../../lossFault';
import { maskedInputs, startsMask } from '../../masks';
import { isRecurrent, type Direction, type Layer, type Network, type RecurrentLayer } from '../../network';
import type { Report } from '../../report';
import { signalsReadBy } from '../../states';

/** What the weights were trained with, by PyTorch's names. */
export const LOSSES = ['cross_entropy', 'nll', 'bce', 'bce_with_logits', 'mse', 'l1'] as const;
export type Loss = (typeof LOSSES)[number];

/** The keys of each layer, by its name. */
export type FieldsOf = (layer: string) => Fields | undefined;

/** Warns of what is likely not meant. */
export function lint(network: Network, fieldsOf: FieldsOf, report: Report): void {
  const find = byName(network.layers);
  for (const layer of network.layers) {
    const fields = fieldsOf(layer.name);
    if (!fields) continue;
    warnOfSoftmaxTwice(layer, { find, fieldsOf, report });
    warnOfMask(layer, network, { find, fieldsOf, report });
    if (layer.type === 'select') warnOfOneStep(layer, network, { find, fieldsOf, report });
    if (isRecurrent(layer)) warnOfUnread(layer, network, fields, report);
  }
}

interface Around {
  readonly find: (name: string) => Layer | undefined;
  readonly fieldsOf: FieldsOf;
  readonly report: Report;
}

function byName(layers: readonly Layer[]): (name: string) => Layer | undefined {
  const found = new Map(layers.map((layer) => [layer.name, layer]));
  return (name) => found.get(name);
}

/** Softmax, or its logarithm. */
function isSoftmax(layer: Layer): boolean {
  return ['softmax', 'log_softmax'].includes(activationOf(layer) ?? '');
}

/** What a layer reads, past those that leave the numbers as they are. */
function sourceOf(layer: Layer, find: Around['find']): Layer | undefined {
  let source = find(layer.inputs[0]);
  while (source && picks(source)) source = find(source.inputs[0]);
  return source;
}

function warnOfSoftmaxTwice(layer: Layer, { find, fieldsOf, report }: Around): void {
  if (layer.type !== 'activation' || !isSoftmax(layer)) return;
  const source = sourceOf(layer, find);
  if (!source || !isSoftmax(source)) return;
  const [fields, before] = [fieldsOf(layer.name)!, fieldsOf(source.name)];
  const message = say`layer ${quote(layer.name)}: ${activationOf(layer)} of what ${activationOf(source)} gives in ${quote(source.name)}; it expects logits`;
  const fixes = before ? [set(before.node, 'activation', 'none')] : [];
  report.warning(fields.at('activation'), 'softmax-twice', message, source.type === 'linear' ? fixes : []);
}

/** Layers that work across steps of a sequence, and that a mask would matter to behind them. */
const HEEDS_MASK = new Set<Layer['type']>(['global_pool', 'attention']);
const NEEDS_NO_MASK = new Set<Layer['type']>([
  'embedding',
  'flatten',
  'global_pool',
  'select',
  'final_state',
]);

/** Where steps are masked, and the layer hands a sequence on in which none are, to one that would heed it. */
function warnOfMask(layer: Layer, network: Network, { find, fieldsOf, report }: Around): void {
  if (isRecurrent(layer) || NEEDS_NO_MASK.has(layer.type)) return;
  const handedOn = maskedInputs(layer);
  const dropped = layer.inputs.filter((name) => !handedOn.includes(name) && isMasked(name, find));
  // A merge says so itself, and an attention heeds the masks of its values.
  const isMeant = layer.type === 'merge' || layer.type === 'attention' || startsMask(layer);
  if (dropped.length === 0 || isMeant) return;
  const heeding = behind(layer, network).find((one) => isRecurrent(one) || HEEDS_MASK.has(one.type));
  if (!heeding) return;
  const fields = fieldsOf(layer.name)!;
  const message = say`layer ${quote(layer.name)}: the mask of ${quote(dropped[0])} ends here, since a layer of type "${layer.type}" hands none on; ${quote(heeding.name)} takes masked steps for real ones`;
  report.warning(fields.at('type'), 'mask-dropped', message);
}

/** Whether any step of what a layer hands on may be masked. */
function isMasked(name: string, find: Around['find'], seen = new Set<string>()): boolean {
  const layer = find(name);
  if (!layer || seen.has(name)) return false;
  seen.add(name);
  return startsMask(layer) || maskedInputs(layer).some((source) => isMasked(source, find, seen));
}

/** Every layer that depends on this one, in the network's order. */
function behind(layer: Layer, { layers }: Network): Layer[] {
  const reached = new Set([layer.name]);
  return layers.filter((one) => {
    if (one === layer || !readsOf(one).some((name) => reached.has(name))) return false;
    reached.add(one.name);
    return true;
  });
}

function readsOf(layer: Layer): readonly string[] {
  return [...layer.inputs, ...signalsReadBy(layer).map((signal) => signal.layer)];
}

/** One step's row of a recurrent layer, of which a direction has read that step alone. */
function warnOfOneStep(
  layer: Extract<Layer, { readonly type: 'select' }>,
  { layers }: Network,
  { find, fieldsOf, report }: Around,
): void {
  let source = find(layer.inputs[0]);
  while (source && ['dropout', 'activation', 'layer_norm', 'linear'].includes(source.type))
    source = find(source.inputs[0]);
  if (!source || !isRecurrent(source) || source.reverseOutput || !source.returnSequences) return;
  const { name } = source;
  if (layers.filter((one) => readsOf(one).includes(name)).length > 1) return;
  const early: Direction | undefined = ({ '0': 'forward', '-1': 'backward' } as const)[
    String(layer.step) as '0' | '-1'
  ];
  if (!early || !source.directions.includes(early)) return;
  const [here, end] = early === 'forward' ? [say`the first`, say`the last`] : [say`the last`, say`the first`];
  const at = fieldsOf(layer.name)!.at('step');
  const message = say`layer ${quote(layer.name)} takes ${here} step of ${quote(name)}, where its ${early} direction has read that step alone: what it ends in stands at ${end} step, and nothing reads it ("return_sequences": false hands on what every direction ends in)`;
  report.warning(at, 'unread-state', message);
}

/** A hidden state that nothing reads on the way to the output. */
function warnOfUnread(layer: RecurrentLayer, network: Network, fields: Fields, report: Report): void {
  const output = network.layers[network.layers.length - 1];
  if (layer === output) return;
  if (!behind(layer, network).includes(output)) {
    const message = say`layer ${quote(layer.name)}: its hidden state is never read on the way to the output, ${quote(output.name)}`;
    report.warning(fields.at('type'), 'unread-state', message);
    return;
  }
  const asRows = network.layers.some((one) => one.type !== 'final_state' && one.inputs.includes(layer.name));
  if (asRows) return;
  const read = network.layers.flatMap(signalsReadBy).filter((signal) => signal.layer === layer.name);
  const top = layer.levels - 1;
  const unread = layer.directions.filter(
    (direction) => !read.some((one) => one.level === top && one.direction === direction),
  );
  if (unread.length === 0) return;
  const direction = layer.directions.length === 1 ? [] : [say`its ${unread.join(say` and `)} direction`];
  const level = layer.levels === 1 ? [] : [say`level ${top}`];
  const where = [...direction, ...level].join(say` of `);
  const message = say`layer ${quote(layer.name)}: the hidden state${where && say` of ${where}`} is never read`;
  report.warning(fields.at('type'), 'unread-state', message);
}

/** What each loss expects of the last layer, and the activation that gives it. */
const EXPECTS: Readonly<Record<Loss, (Expectation & { readonly meant: string }) | undefined>> = {
  cross_entropy: { ...LOGITS, meant: 'none' },
  bce_with_logits: { ...LOGITS, meant: 'none' },
  nll: {
    what: say`the logarithms of probabilities`,
    fits: (one) => one === 'log_softmax',
    meant: 'log_softmax',
  },
  bce: { ...PROBABILITIES, meant: 'sigmoid' },
  mse: undefined,
  l1: undefined,
};

/** Warns where the last layer gives something else than the loss expects; `model` has the key `loss`. */
export function lintLoss(
  network: Network,
  loss: Loss,
  model: Fields,
  fieldsOf: FieldsOf,
  report: Report,
): void {
  const expected = EXPECTS[loss];
  const fault = expected && lossFault(network, loss, expected);
  if (!fault) return;
  const node = model.at('loss');
  const fields = fieldsOf(fault.layer);
  const mended: Fix[] = fields ? [set(fields.node, 'activation', expected.meant)] : [];
  const fixes = [...mended, removedKey(node, 'loss')];
  report.warning(node, 'loss-mismatch', `${pathOf(node)}: ${fault.message}`, fixes);
}
