import { INPUT, type EmbeddingLayer, type Layer, type LinearLayer, type NetworkInput } from '../../network';
import { layerParameters, type Parameter } from '../../parameters';
import { asChosen } from './handWritten';
import type { RecurrentModule } from './modules';
import type { ModuleLink } from './roles';
import type { Origin } from './sources';

/** A chain as layers, and what of the file each parameter is. */
export interface Assembled {
  readonly input: NetworkInput;
  readonly layers: readonly Layer[];
  /** By parameter names. */
  readonly origins: ReadonlyMap<string, Origin>;
}

/** `chosen` are values of `Choice`. */
export function assemble(chain: readonly ModuleLink[], chosen: readonly string[]): Assembled {
  const layers: Layer[] = [];
  const origins = new Map<string, Origin>();
  for (const link of chain) {
    const { from, to } = link;
    const base = {
      name: freeName(link, layers),
      inputs: [layers.at(-1)?.name ?? INPUT],
      inputSize: from ?? 1,
      outputSize: to,
    };
    const layer = layerOf(link, base, chosen);
    layers.push(layer);
    for (const parameter of layerParameters(layer))
      origins.set(parameter.name, originOf(link, layer, parameter, chosen));
  }
  return { input: inputOf(chain[0]), layers, origins };
}

type Base = Pick<Layer, 'name' | 'inputs' | 'inputSize' | 'outputSize'>;

function layerOf({ role, module }: ModuleLink, base: Base, chosen: readonly string[]): Layer {
  if (role === 'recurrent') return recurrentLayer(module, base, chosen);
  if (role === 'norm') {
    const { epsilon } = module;
    return module.type === 'batch_norm'
      ? { ...base, type: 'batch_norm', epsilon }
      : { ...base, type: 'layer_norm', epsilon, bias: true };
  }
  return role === 'embedding'
    ? ({ ...base, type: 'embedding', numEmbeddings: module.rows } satisfies EmbeddingLayer)
    : ({ ...base, type: 'linear', bias: module.bias, activation: 'none' } satisfies LinearLayer);
}

function recurrentLayer(module: RecurrentModule, base: Base, chosen: readonly string[]): Layer {
  const [cell] = module.cells ?? [];
  const common = {
    ...base,
    hiddenSize: module.hiddenSize,
    levels: module.levels,
    directions: module.bidirectional ? (['forward', 'backward'] as const) : (['forward'] as const),
    merge: 'concat' as const,
    bias: module.bias,
    returnSequences: true,
  };
  switch (module.type) {
    case 'rnn':
      return { ...common, type: 'rnn', nonlinearity: module.nonlinearity ?? cell?.nonlinearity ?? 'tanh' };
    case 'lstm':
      return {
        ...{ ...common, type: 'lstm', projSize: module.projSize },
        ...(cell?.forgetBias !== undefined && { forgetBias: cell.forgetBias }),
      };
    case 'gru':
      return { ...common, type: 'gru', resetAfter: (cell && asChosen(cell, chosen).resetAfter) ?? true };
  }
}

/** The module's own name where it has one that is free. */
function freeName({ role, module }: ModuleLink, taken: readonly Layer[]): string {
  const wanted = module.prefix || (role === 'recurrent' ? module.type : role);
  for (let count = 1; ; count++) {
    const name = count === 1 ? wanted : `${wanted}_${count}`;
    if (name !== INPUT && taken.every((layer) => layer.name !== name)) return name;
  }
}

function originOf(
  { role, module }: ModuleLink,
  layer: Layer,
  { name }: Parameter,
  chosen: readonly string[],
): Origin {
  const own = name.slice(layer.name.length + 1);
  if (role !== 'recurrent' || !module.cells) return module.origin(own);
  const [, kind, reverse] = /^(.*)_l0(_reverse)?$/.exec(own)!;
  return asChosen(module.cells[reverse ? 1 : 0], chosen).blocks.get(kind)!;
}

/** The file knows no words: tokens are called by their ids. */
function inputOf(first: ModuleLink): NetworkInput {
  if (first.role !== 'embedding') return { kind: 'vector', size: first.from ?? 1 };
  const vocabulary = Array.from({ length: first.module.rows }, (_, id) => String(id));
  return { kind: 'token', vocabulary, split: 'word', lowercase: false, encoding: 'index' };
}
