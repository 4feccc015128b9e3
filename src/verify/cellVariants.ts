/** How recurrent layers may have been meant otherwise. */
import {
  HARD_SIGMOID_02,
  HARD_SIGMOID_6TH,
  type GruLayer,
  type Layer,
  type LstmLayer,
  type Network,
  type RecurrentLayer,
  type RnnLayer,
  type UnitActivation,
  isRecurrent,
  stateSize,
} from '../model/network';
import { layerParameters } from '../model/parameters';
import type { Tensor, Weights } from '../model/weights';
import { otherOrders } from './gateOrders';
import type { Cause, Variant } from './variant';

/** A change of one recurrent layer, of what it is, of its tensors, or both. */
interface Change {
  readonly cause: Cause;
  readonly text: string;
  readonly rare?: boolean;
  readonly layer?: Partial<RnnLayer> | Partial<LstmLayer> | Partial<GruLayer>;
  readonly tensors?: (cell: CellTensors) => Partial<CellTensors>;
  /** Takes a tensor from another name. */
  readonly from?: (name: string) => string;
}

/** Of one level and direction; biases are absent where there are none. */
interface CellTensors {
  readonly weight_ih: Float32Array;
  readonly weight_hh: Float32Array;
  readonly bias_ih?: Float32Array;
  readonly bias_hh?: Float32Array;
}

/** Changes of all recurrent layers that have them `together`, and of one layer `apart` where there are several. */
export function recurrentVariants(network: Network, weights: Weights) {
  const layers = network.layers.filter(isRecurrent);
  const ofLayers = layers.map((layer) => ({ layer, changes: changesOf(layer, network, weights) }));
  const together = new Map<string, Map<string, Change>>();
  for (const { layer, changes } of ofLayers) {
    for (const change of changes) {
      const same = together.get(change.text) ?? new Map<string, Change>();
      together.set(change.text, same.set(layer.name, change));
    }
  }
  const apart =
    layers.length < 2
      ? []
      : ofLayers.flatMap(({ layer, changes }) =>
          changes.map((change) =>
            variantOf(new Map([[layer.name, change]]), ` in ${JSON.stringify(layer.name)}`),
          ),
        );
  return { together: [...together.values()].map((changes) => variantOf(changes)), apart };
}

/** `changes` are alike, by their layers' names. */
function variantOf(changes: ReadonlyMap<string, Change>, where = ''): Variant {
  const [{ cause, text, rare }] = changes.values();
  return {
    cause,
    text: text + where,
    rare,
    of({ network, weights }) {
      const changed = new Map(weights);
      const layers = network.layers.map((layer) => {
        const change = changes.get(layer.name);
        if (!change || !isRecurrent(layer)) return layer;
        changeTensors(layer, change, weights, changed);
        return { ...layer, ...change.layer } as Layer;
      });
      return { network: { ...network, layers }, weights: changed };
    },
  };
}

function changeTensors(
  layer: RecurrentLayer,
  { tensors, from }: Change,
  weights: Weights,
  changed: Map<string, Tensor>,
): void {
  const prefix = `${layer.name}.`;
  for (const { name, shape } of layerParameters(layer)) {
    if (from) changed.set(name, weights.get(prefix + from(name.slice(prefix.length)))!);
    const suffix = tensors && /^weight_ih(_l.*)$/.exec(name.slice(prefix.length))?.[1];
    if (!suffix) continue;
    const data = (kind: string) => weights.get(prefix + kind + suffix)?.data;
    const cell = {
      weight_ih: data('weight_ih')!,
      weight_hh: data('weight_hh')!,
      bias_ih: data('bias_ih'),
      bias_hh: data('bias_hh'),
    };
    for (const [kind, values] of Object.entries(tensors(cell))) {
      const key = prefix + kind + suffix;
      if (values) changed.set(key, { shape: weights.get(key)?.shape ?? shape, data: values });
    }
  }
}

function changesOf(layer: RecurrentLayer, { dialect }: Network, weights: Weights): Change[] {
  return [
    ...(layer.type === 'rnn' ? [] : gateOrders(layer, dialect)),
    ...(layer.type === 'lstm' ? lstmChanges(layer) : []),
    ...(layer.type === 'gru' ? gruChanges(layer, weights) : []),
    ...(layer.type === 'rnn' ? rnnChanges(layer) : gateActivations(layer)),
    ...biasChanges(layer, weights),
    ...stepChanges(layer),
    ...directionChanges(layer),
    ...transposedChanges(layer),
  ];
}

function gateOrders(layer: LstmLayer | GruLayer, dialect: Network['dialect']): Change[] {
  return otherOrders(layer.type, dialect).map(({ text, known, places }) => ({
    cause: 'gate-order',
    text: `with ${text}`,
    rare: !known,
    tensors: (cell) => everyTensor(cell, (data) => reordered(data, places)),
  }));
}

/** Blocks of rows put where `places` says that they are. */
function reordered(data: Float32Array, places: readonly number[]): Float32Array {
  const block = data.length / places.length;
  const result = new Float32Array(data.length);
  places.forEach((place, gate) =>
    result.set(data.subarray(place * block, (place + 1) * block), gate * block),
  );
  return result;
}

function everyTensor(cell: CellTensors, change: (data: Float32Array) => Float32Array): Partial<CellTensors> {
  const entries = Object.entries(cell) as [keyof CellTensors, Float32Array | undefined][];
  return Object.fromEntries(entries.map(([kind, data]) => [kind, data && change(data)]));
}

function lstmChanges(layer: LstmLayer): Change[] {
  const current = layer.forgetBias ?? 0;
  const forgetBias = (bias: number, text: string): Change => ({
    cause: 'forget-bias',
    text,
    layer: { forgetBias: bias },
  });
  const keeps = layer.keeps === 'output' ? 'cell' : 'output';
  return [
    current === 0
      ? forgetBias(1, 'with 1 added to the forget gate')
      : forgetBias(0, `without the ${current} that is added to the forget gate`),
    { ...forgetBias(current - 1, 'with 1 taken from the forget gate'), rare: true },
    ...(layer.projSize > 0
      ? []
      : [
          {
            cause: 'forget-gate',
            text: `with a forget gate that multiplies the ${keeps === 'cell' ? 'cell state' : "previous output, as brain.js's does"}`,
            layer: { keeps },
            rare: true,
          } as const,
        ]),
  ];
}

function gruChanges(layer: GruLayer, weights: Weights): Change[] {
  const H = layer.hiddenSize;
  const after = layer.resetAfter;
  const hidden = weights.get(`${layer.name}.bias_hh_l0`)?.data.subarray(2 * H);
  return [
    {
      cause: 'reset-placement',
      text: `with the reset gate ${after ? 'before' : 'after'} the matrix product (reset_after: ${!after})`,
      layer: { resetAfter: !after },
    },
    {
      cause: 'update-gate',
      text: 'with an update gate of the other sense, h = (1 − z)∘h₋₁ + z∘n',
      tensors: (cell) => everyTensor(cell, (data) => negated(data, 1, 3)),
    },
    ...(after && hidden?.some((value) => value !== 0) ? [summedBiases(H)] : []),
  ];
}

/** With the rows of one block of `blocks` negated: σ(−a) = 1 − σ(a). */
function negated(data: Float32Array, block: number, blocks: number): Float32Array {
  const size = data.length / blocks;
  return data.map((value, k) => (Math.floor(k / size) === block ? -value : value));
}

function summedBiases(H: number): Change {
  return {
    cause: 'biases',
    text: "with the candidate's two biases summed outside the reset gate",
    tensors: ({ bias_ih, bias_hh }) => ({
      bias_ih: bias_ih?.map((value, k) => (k < 2 * H ? value : value + (bias_hh?.[k] ?? 0))),
      bias_hh: bias_hh?.map((value, k) => (k < 2 * H ? value : 0)),
    }),
  };
}

function rnnChanges(layer: RnnLayer): Change[] {
  return (['tanh', 'relu', 'sigmoid'] as const)
    .filter((nonlinearity) => nonlinearity !== layer.nonlinearity)
    .map((nonlinearity) => ({
      cause: 'activation',
      text: `with ${nonlinearity} as the RNN's nonlinearity`,
      layer: { nonlinearity },
    }));
}

const GATE_ACTIVATIONS: readonly { readonly activation: UnitActivation; readonly text: string }[] = [
  { activation: 'sigmoid', text: 'sigmoid' },
  { activation: HARD_SIGMOID_02, text: "Keras 2's hard sigmoid 0.2x + 0.5" },
  { activation: HARD_SIGMOID_6TH, text: "Keras 3's and PyTorch's hard sigmoid x/6 + 0.5" },
];

function gateActivations(layer: LstmLayer | GruLayer): Change[] {
  const same = (a: UnitActivation, b: UnitActivation) => JSON.stringify(a) === JSON.stringify(b);
  const gates = GATE_ACTIVATIONS.filter(
    ({ activation }) => !same(activation, layer.recurrentActivation ?? 'sigmoid'),
  ).map(({ activation, text }) => ({
    cause: 'gate-activation' as const,
    text: `with ${text} in the gates`,
    layer: { recurrentActivation: activation },
  }));
  const candidate = (layer.activation ?? 'tanh') === 'tanh' ? 'relu' : 'tanh';
  return [
    ...gates,
    {
      cause: 'activation',
      text: `with ${candidate} as the cell's activation`,
      layer: { activation: candidate },
    },
  ];
}

/** One of the two biases counted that was not meant, as where a single bias went into both. */
function biasChanges(layer: RecurrentLayer, weights: Weights): Change[] {
  return (['bias_hh', 'bias_ih'] as const)
    .filter((kind) => weights.get(`${layer.name}.${kind}_l0`)?.data.some((value) => value !== 0))
    .map((kind) => ({
      cause: 'biases',
      text: `without ${kind}: one bias alone`,
      tensors: (cell) => ({ [kind]: cell[kind]?.map(() => 0) }),
    }));
}

function stepChanges(layer: RecurrentLayer): Change[] {
  const all = layer.returnSequences;
  return [
    {
      cause: 'steps',
      text: all
        ? 'with the final output alone (return_sequences: false)'
        : "with every step's output (return_sequences: true)",
      layer: { returnSequences: !all },
    },
  ];
}

function directionChanges(layer: RecurrentLayer): Change[] {
  if (layer.directions.length === 1) {
    if (layer.directions[0] === 'forward') return [];
    const turned = layer.reverseOutput === true;
    const text = turned
      ? 'with the output in the order of the steps'
      : 'with the output turned round in time';
    return [{ cause: 'reversed', text, layer: { reverseOutput: !turned } }];
  }
  return [
    {
      cause: 'directions',
      text: "with the two directions' weights exchanged",
      rare: true,
      from: (name) => (name.endsWith('_reverse') ? name.replace(/_reverse$/, '') : `${name}_reverse`),
    },
  ];
}

function transposedChanges(layer: RecurrentLayer): Change[] {
  const H = layer.hiddenSize;
  if (stateSize(layer) !== H || H === 1) return [];
  return [
    {
      cause: 'transposed',
      text: "with each gate's recurrent matrix transposed",
      rare: true,
      tensors: ({ weight_hh }) => ({
        weight_hh: weight_hh.map((_, k) => {
          const [row, column] = [Math.floor(k / H), k % H];
          const block = Math.floor(row / H) * H;
          return weight_hh[(block + column) * H + (row - block)];
        }),
      }),
    },
  ];
}
