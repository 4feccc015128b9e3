/**
 * The activations of which a state dict says nothing: after linear layers, and where the numbers of a Sequential leave out
 * modules without parameters. None is taken; each can be chosen.
 */
import { say } from '../../../words/say';
import { quote } from '../../json/decode';
import { gapBetween, gapInWords } from '../../gaps';
import type { Activation, Layer } from '../../network';
import type { Choice } from '../dialect';

/** A layer after which an activation may stand. */
export interface Place {
  readonly after: string;
  /** The layer that comes next, if one does. */
  readonly before?: string;
  /** Why one may stand there, in words, where the names tell of a module without parameters. */
  readonly gap?: string;
  readonly ways: readonly (readonly [value: string, activation: Activation])[];
}

/** With PyTorch's own parameters. */
const HIDDEN: Place['ways'] = [
  ['none', 'none'],
  ['relu', 'relu'],
  ['tanh', 'tanh'],
  ['sigmoid', 'sigmoid'],
  ['leaky_relu', { kind: 'leaky_relu', alpha: 0.01 }],
  ['elu', { kind: 'elu', alpha: 1 }],
  ['selu', 'selu'],
  ['softplus', 'softplus'],
];
const LAST: Place['ways'] = [
  ['none', 'none'],
  ['softmax', 'softmax'],
  ['log_softmax', 'log_softmax'],
  ['sigmoid', 'sigmoid'],
  ['tanh', 'tanh'],
  ['relu', 'relu'],
];
/** Of a model with more, a choice each is no help. */
const MAX_PLACES = 12;

/** `taken` are the names of all modules of the file. */
export function placesOf(layers: readonly Layer[], taken: readonly string[]): Place[] {
  return layers.flatMap((layer, k): Place[] => {
    const next = layers[k + 1];
    const gap = next && gapBetween(layer.name, next.name, taken);
    if (layer.type === 'activation' || !(layer.type === 'linear' || gap)) return [];
    return [
      {
        after: layer.name,
        ...(next ? { before: next.name, ways: HIDDEN } : { ways: LAST }),
        ...(gap && { gap: gapInWords(gap) }),
      },
    ];
  });
}

export function activationChoices(places: readonly Place[]): Choice[] {
  if (places.length > MAX_PLACES) return [];
  return places.flatMap(({ after, before, ways }) =>
    ways.map(([name]) => ({
      kind: `activation ${after}` as const,
      value: `${after}=${name}`,
      label: labelOf(name === 'none' ? say`no activation` : name.replace('_', ' '), after, before),
    })),
  );
}

function labelOf(activation: string, after: string, before: string | undefined): string {
  return before === undefined
    ? say`${activation} after ${quote(after)}`
    : say`${activation} between ${quote(after)} and ${quote(before)}`;
}

/** The layers with the activations that were chosen: in linear layers, and as layers of their own behind others. */
export function withActivations(
  layers: readonly Layer[],
  places: readonly Place[],
  chosen: readonly string[],
): Layer[] {
  const result: Layer[] = [];
  const renamed = new Map<string, string>();
  for (const layer of layers) {
    const place = places.find(({ after }) => after === layer.name);
    const activation = place && chosenActivation(place, chosen);
    const inputs = layer.inputs.map((name) => renamed.get(name) ?? name);
    if (!activation || activation === 'none') result.push({ ...layer, inputs });
    else if (layer.type === 'linear') result.push({ ...layer, inputs, activation });
    else {
      const name = freeName(`${layer.name}.activation`, layers);
      renamed.set(layer.name, name);
      const { outputSize } = layer;
      result.push({ ...layer, inputs });
      result.push({
        ...{ name, type: 'activation', activation, inputs: [layer.name], inputSize: outputSize, outputSize },
      });
    }
  }
  return result;
}

function freeName(wanted: string, layers: readonly Layer[]): string {
  for (let count = 1; ; count++) {
    const name = count === 1 ? wanted : `${wanted}_${count}`;
    if (layers.every((layer) => layer.name !== name)) return name;
  }
}

function chosenActivation({ after, ways }: Place, chosen: readonly string[]): Activation | undefined {
  return ways.find(([name]) => chosen.includes(`${after}=${name}`))?.[1];
}

/** What is said of a gap of a Sequential, where nothing was chosen for it. */
export function gapLeftOpen(place: Place, chosen: readonly string[]): string | undefined {
  const { after, before, gap } = place;
  if (gap === undefined || chosenActivation(place, chosen) !== undefined) return undefined;
  const names = HIDDEN.slice(1).map(([name]) => name.replace('_', ' '));
  return say`${gap}, such as an activation (${names.join(', ')}, …) or dropout: none is put between ${quote(after)} and ${quote(before!)} unless it is chosen, as ${quote(`${after}=relu`)}`;
}

/** Whether nothing, neither a gap nor a choice, tells what stands behind a linear layer. */
export function isOpen(place: Place, chosen: readonly string[]): boolean {
  return place.gap === undefined && chosenActivation(place, chosen) === undefined;
}
