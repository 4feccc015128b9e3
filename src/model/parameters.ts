import { type CellType, CELLS, cellFacts } from '../cells';
import {
  isRecurrent,
  levelInputSize,
  stateSize,
  type Layer,
  type Network,
  type RecurrentLayer,
} from './network';
import type { NormPart, ParameterKind } from './parameterKinds';
import { elementCount } from './weights';

/** One tensor of a network. */
export interface Parameter {
  /** PyTorch's name with the layer's in front: `lstm.weight_ih_l0_reverse`. */
  readonly name: string;
  readonly kind: ParameterKind;
  readonly layer: Layer;
  /** Rows × columns, or only rows for a bias. */
  readonly shape: readonly number[];
}

/** Blocks of rows that a recurrent weight stacks, in PyTorch's order: LSTM i, f, g, o; GRU r, z, n. */
export const GATES = gateCounts();

function gateCounts(): Readonly<Record<CellType, number>> {
  const counts = Object.entries(CELLS).map(([type, { sums }]) => [type, sums.length]);
  return Object.fromEntries(counts) as Record<CellType, number>;
}

/** Every tensor that a network needs: layer by layer, in the order of PyTorch's state dict. */
export function parametersOf(network: Network): Parameter[] {
  return network.layers.flatMap(layerParameters);
}

/** The numbers that the file has for some layers: `fixed` tensors are none of its parameters. */
export function countParameters({ layers }: Pick<Network, 'layers'>): number {
  return layers
    .flatMap((layer) => layerParameters(layer).filter(({ kind }) => !layer.fixed?.includes(kind)))
    .reduce((sum, { shape }) => sum + elementCount(shape), 0);
}

/** Every tensor that a layer needs, `fixed` ones among them. */
export function layerParameters(layer: Layer): Parameter[] {
  const parameter = (kind: ParameterKind, shape: readonly number[], suffix = ''): Parameter => ({
    name: `${layer.name}.${kind}${suffix}`,
    kind,
    layer,
    shape,
  });
  switch (layer.type) {
    case 'embedding':
      return [parameter('weight', [layer.numEmbeddings, layer.outputSize])];
    case 'linear':
      return [
        parameter('weight', [layer.outputSize, layer.inputSize]),
        ...(layer.bias ? [parameter('bias', [layer.outputSize])] : []),
      ];
    case 'rms_norm':
      return [parameter('weight', [layer.inputSize])];
    case 'layer_norm':
    case 'group_norm':
      return [
        parameter('weight', [layer.inputSize]),
        ...(layer.bias ? [parameter('bias', [layer.inputSize])] : []),
      ];
    case 'batch_norm':
      return (['weight', 'bias', 'running_mean', 'running_var'] as const).map((kind) =>
        parameter(kind, [layer.inputSize]),
      );
    case 'conv1d':
      return [
        parameter('weight', [layer.outputSize, layer.inputSize, layer.kernelSize]),
        ...(layer.bias ? [parameter('bias', [layer.outputSize])] : []),
      ];
    case 'conv2d': {
      const { outChannels, channels, groups, kernel } = layer;
      return [
        parameter('weight', [outChannels, channels / groups, kernel.height, kernel.steps]),
        ...(layer.bias ? [parameter('bias', [outChannels])] : []),
      ];
    }
    default:
      if (!isRecurrent(layer)) return [];
      return cellSuffixes(layer).flatMap(({ suffix, level }) =>
        cellShapes(layer, level).map(([kind, shape]) => parameter(kind, shape, suffix)),
      );
  }
}

/** What a cell normalises, in the order of its tensors. */
export function normParts(layer: RecurrentLayer): readonly NormPart[] {
  if (!layer.layerNorm) return [];
  return cellFacts(layer).norms;
}

/** Vectors of as many numbers as there are hidden units that not every cell has, in the order of its tensors. */
export function cellVectors(layer: RecurrentLayer): readonly ParameterKind[] {
  return cellFacts(layer).vectors?.(layer) ?? [];
}

function cellSuffixes(layer: RecurrentLayer): { readonly suffix: string; readonly level: number }[] {
  return Array.from({ length: layer.levels }, (_, level) =>
    layer.directions.map((direction) => ({
      suffix: `_l${level}${direction === 'backward' ? '_reverse' : ''}`,
      level,
    })),
  ).flat();
}

function cellShapes(layer: RecurrentLayer, level: number): [ParameterKind, readonly number[]][] {
  const rows = GATES[layer.type] * layer.hiddenSize;
  const state = stateSize(layer);
  const vectors = (kinds: readonly ParameterKind[], size: number): [ParameterKind, number[]][] =>
    kinds.map((kind) => [kind, [size]]);
  const learned = layer.initialState?.kind === 'learned';
  return [
    ['weight_ih', [rows, levelInputSize(layer, level)]],
    ['weight_hh', [rows, state]],
    ...vectors(layer.bias ? ['bias_ih', 'bias_hh'] : [], rows),
    ...(state === layer.hiddenSize
      ? []
      : ([['weight_hr', [state, layer.hiddenSize]]] satisfies [ParameterKind, number[]][])),
    ...vectors(cellVectors(layer), layer.hiddenSize),
    ...normParts(layer).flatMap((part) =>
      vectors([`norm_${part}_weight`, `norm_${part}_bias`], part === 'c' ? layer.hiddenSize : rows),
    ),
    ...vectors(learned ? ['h0'] : [], state),
    ...vectors(learned && cellFacts(layer).states.includes('c') ? ['c0'] : [], layer.hiddenSize),
  ];
}
