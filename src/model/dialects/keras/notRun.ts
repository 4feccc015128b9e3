/** Layers of the file that cannot be run here: they stand in the network with the reason, and what needs them waits. */
import { say } from '../../../words/say';
import { quote } from '../../json/decode';
import type { Layer, NotRunLayer } from '../../network';
import { layerParameters } from '../../parameters';
import { MAX_SIZE } from './config';
import { guessOf, tensorOf, type Site, type Sized, type Value } from './site';

/** What a call is taken to give whose layer has faults. `from` is how many layers the network had before it. */
export function notRunAs(site: Site, values: readonly Value[] | undefined, from: number): readonly Value[] {
  const reason = [...new Set(site.faults)].join('; ');
  if (values && site.network.layers.length > from) {
    stopped(site, from, reason);
    return values;
  }
  return [added(site, reason)];
}

/**
 * The layers that the call added, as such that are not run; those that read one of them, and have nothing of their own that
 * the fault could be of, only wait for it.
 */
function stopped({ network, className, path }: Site, from: number, reason: string): void {
  const { layers, bindings } = network;
  const idle = new Set<string>();
  for (const [index, layer] of layers.entries()) {
    if (index < from) continue;
    if (!layer.inputs.some((name) => idle.has(name)) || layerParameters(layer).length > 0) {
      const first = network.notRun.get(path);
      const why = first ? say`it is of the same layer of the file as ${quote(first.name)}` : reason;
      const stands = standIn(layer, className, why);
      layers[index] = stands;
      network.notRun.set(path, first ?? stands);
    }
    idle.add(layer.name);
  }
  const left = bindings.filter(({ layer }) => !idle.has(layer.name));
  bindings.splice(0, bindings.length, ...left);
}

function standIn(layer: Layer, kind: string, reason: string): NotRunLayer {
  const { name, inputs, inputSize, outputSize } = layer;
  return { type: 'not_run', name, kind, reason, inputs, inputSize, outputSize };
}

/** A layer of which only the inputs are known: its output is taken to have the shape of the first. */
function added(site: Site, reason: string): Sized {
  const { network, className, name, path } = site;
  const inputs = site.inputs.flatMap((value) => shapeOf(site, value) ?? []);
  const [first] = inputs;
  const inputSize = first?.width ?? 1;
  const layer = network.add(
    {
      ...{ type: 'not_run', kind: className, reason, inputs: inputs.map(({ source }) => source) },
      ...{ inputSize, outputSize: network.widths.get(path) ?? declaredWidth(site) ?? inputSize },
    },
    name,
  ) as NotRunLayer;
  network.notRun.set(path, layer);
  const { sequence = true, steps } = first ?? {};
  return { kind: 'tensor', source: layer.name, sequence, steps, width: layer.outputSize, guessed: true };
}

/** Under the keys of layers of Keras's own, which others tend to use too. */
function declaredWidth({ config }: Site): number | undefined {
  const shape = config.find('target_shape', 'output_shape');
  const value: unknown =
    config.find('units', 'filters', 'output_dim')?.value ?? shape?.children?.at(-1)?.value;
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MAX_SIZE
    ? (value as number)
    : undefined;
}

function shapeOf(site: Site, value: Value): Sized | undefined {
  if (value.kind === 'mask') return undefined;
  if (value.kind === 'input') {
    const { shape = [] } = value;
    const ids = shape.length === 1;
    return ids ? guessOf(site, { ...value, shape: [shape[0], 1] }) : guessOf(site, value);
  }
  const tensor = tensorOf(site, value);
  return tensor && { ...tensor, width: tensor.width ?? 1 };
}
