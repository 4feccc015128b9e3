import { INPUT, type EmbeddingLayer, type Layer, type LinearLayer, type NetworkInput } from '../../network';
import { layerParameters, type Parameter } from '../../parameters';
import type { RecurrentModule } from './modules';
import type { ModuleLink } from './roles';

/** A chain as layers, and which of the file's tensors each parameter is. */
export interface Assembled {
  readonly input: NetworkInput;
  readonly layers: readonly Layer[];
  /** The file's names by parameter names. */
  readonly tensors: ReadonlyMap<string, string>;
}

export function assemble(chain: readonly ModuleLink[]): Assembled {
  const layers: Layer[] = [];
  const tensors = new Map<string, string>();
  for (const link of chain) {
    const { from, to } = link;
    const base = {
      name: freeName(link, layers),
      inputs: [layers.at(-1)?.name ?? INPUT],
      inputSize: from ?? 1,
      outputSize: to,
    };
    const layer = layerOf(link, base);
    layers.push(layer);
    for (const parameter of layerParameters(layer))
      tensors.set(parameter.name, tensorOf(link, layer, parameter));
  }
  return { input: inputOf(chain[0]), layers, tensors };
}

type Base = Pick<Layer, 'name' | 'inputs' | 'inputSize' | 'outputSize'>;

function layerOf({ role, module }: ModuleLink, base: Base): Layer {
  if (role === 'recurrent') return recurrentLayer(module, base);
  return role === 'embedding'
    ? ({ ...base, type: 'embedding', numEmbeddings: module.rows } satisfies EmbeddingLayer)
    : ({ ...base, type: 'linear', bias: module.bias, activation: 'none' } satisfies LinearLayer);
}

function recurrentLayer(module: RecurrentModule, base: Base): Layer {
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
      return { ...common, type: 'rnn', nonlinearity: 'tanh' };
    case 'lstm':
      return { ...common, type: 'lstm', projSize: module.projSize };
    case 'gru':
      return { ...common, type: 'gru', resetAfter: true };
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

function tensorOf({ role, module }: ModuleLink, layer: Layer, { name }: Parameter): string {
  const own = name.slice(layer.name.length + 1);
  const suffix = role === 'recurrent' && module.cell ? own.replace(/_l0$/, '') : own;
  return module.prefix ? `${module.prefix}.${suffix}` : suffix;
}

/** The file knows no words: tokens are called by their ids. */
function inputOf(first: ModuleLink): NetworkInput {
  if (first.role !== 'embedding') return { kind: 'vector', size: first.from ?? 1 };
  const vocabulary = Array.from({ length: first.module.rows }, (_, id) => String(id));
  return { kind: 'token', vocabulary, split: 'word', lowercase: false, encoding: 'index' };
}
