/** The widths of what layers hand on that are not run, as the arrays of the layers behind them tell. */
import type { Layer } from '../../network';
import { Report } from '../../report';
import { TensorFileError } from '../../tensors/bytes';
import type { KerasArrays } from './arrays';
import { callModel, type Context } from './graph';
import type { KerasModel } from './model';
import { NetworkBuilder } from './site';
import type { Binding } from './weights';

/** One for each layer that is not run, whose width may show only once that of another is known. */
const MAX_ROUNDS = 64;

/** By `Binding.path`. Builds the network until no array contradicts what is taken; what is wrong is told when it is built at last. */
export async function widthsBehind(
  model: KerasModel,
  width: number | undefined,
  context: Omit<Context, 'network' | 'report'>,
  arrays: KerasArrays,
): Promise<ReadonlyMap<string, number>> {
  const widths = new Map<string, number>();
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const network = new NetworkBuilder(widths);
    callModel(model, width, { ...context, network, report: Report.within({ about: 'structure' }) });
    const found = network.notRun.size > 0 ? await contradicted(network, widths, arrays) : undefined;
    if (!found) break;
    widths.set(found.path, found.width);
  }
  return widths;
}

async function contradicted(
  { layers, bindings, notRun }: NetworkBuilder,
  known: ReadonlyMap<string, number>,
  arrays: KerasArrays,
): Promise<{ readonly path: string; readonly width: number } | undefined> {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  const paths = new Map([...notRun].map(([path, { name }]) => [name, path]));
  for (const binding of bindings) {
    const path = paths.get(originOf(binding.layer.inputs[0], byName));
    if (path === undefined || known.has(path)) continue;
    const width = await inputWidthOf(binding, arrays);
    if (width !== undefined && width !== binding.layer.inputSize) return { path, width };
  }
  return undefined;
}

/** The layer whose width a layer of this name has, through those that give what they read. */
function originOf(name: string, layers: ReadonlyMap<string, Layer>): string {
  let layer = layers.get(name);
  while (layer && SAME_WIDTH.includes(layer.type) && layers.has(layer.inputs[0])) {
    layer = layers.get(layer.inputs[0]);
  }
  return layer?.name ?? name;
}

const SAME_WIDTH: readonly Layer['type'][] = [
  ...(['dropout', 'activation', 'masking', 'layer_norm', 'batch_norm'] as const),
  ...(['pool1d', 'global_pool', 'select', 'repeat_vector'] as const),
];

/** The width that a layer's first array says it reads; undefined where it says none. */
async function inputWidthOf(
  { layer, path, form }: Binding,
  arrays: KerasArrays,
): Promise<number | undefined> {
  const found = await arrays.of(path).catch((error: unknown) => {
    if (error instanceof TensorFileError) return undefined;
    throw error;
  });
  const shape = found?.[0]?.shape;
  if (!shape) return undefined;
  if (form.kind === 'norm') return shape.length === 1 ? shape[0] : undefined;
  if (layer.type === 'conv1d') return shape.length > 2 ? shape[shape.length - 2] : undefined;
  return form.kind === 'embedding' || shape.length !== 2 ? undefined : shape[0];
}
