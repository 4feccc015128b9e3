/** A network as a Keras 3 model. */
import { say } from '../../words/say';
import { masksWhereEvery } from '../masks';
import type { CommonLayer } from '../commonCells';
import {
  INPUT,
  type Activation,
  type InputLayer,
  type JoinedRows,
  type Layer,
  type LstmLayer,
  type Network,
  type NetworkInput,
  type OperationLayer,
  type RecurrentLayer,
  type SignalAddress,
  cellActivations,
  type ElementFunction,
  furtherInputs,
  inputWidth,
  isRecurrent,
} from '../network';
import { outputLayer } from '../partial';
import type { Sample } from '../samples';
import { addressOf, handedTo, handedWhole, signalsReadBy, statePartsOf } from '../states';
import { pythonRange, timesOf } from '../time';
import { sampleLines } from './sample';
import {
  CannotExpress,
  commonLayer,
  bounds,
  named,
  namesOf,
  expressible,
  float,
  identifiersOf,
  indented,
  keywords,
  notRunNotes,
  pythonFile,
  quoted,
  seededNote,
  tuple,
} from './text';

/**
 * The text of a Python file that builds the network of Keras's layers and gives them the weights in `weightsFile` beside
 * it, which go by the names of `parametersOf(network)`. Throws `CannotExpress`.
 */
export function writeKeras(
  whole: Network,
  weightsFile: string,
  sample: Sample | undefined,
  trained = true,
): string {
  const network = expressible(whole);
  return pythonFile({
    notes: [
      '# Written by Gatescope for Keras 3. It was not run: compare its output with the model before you rely on it.',
      ...seededNote(trained),
      ...notRunNotes(whole),
    ],
    imports: ['import keras', 'import numpy as np', 'from keras import layers, ops'],
    constants: [...namesOf(network, weightsFile), ...sampleLines(network, sample)],
    definitions: [new Build(network).write(), LOADING],
  });
}

const LOADING = `def cell_weights(tensors, prefix, suffix, order, bias, extra=0.0):
    """Kernel, recurrent kernel and bias of one cell, its gates in Keras's order; the tensors have PyTorch's.

    order: places of PyTorch's gates. bias: "sum" (one), "both" (of a GRU that resets after), or None.
    extra: added to the forget gate.
    """

    def ordered(name):
        blocks = np.split(tensors[f"{prefix}.{name}{suffix}"], len(order))
        return np.concatenate([blocks[place] for place in order])

    weights = [ordered("weight_ih").T, ordered("weight_hh").T]
    if bias is None:
        return weights
    if f"{prefix}.bias_ih{suffix}" in tensors:
        pair = np.stack([ordered("bias_ih"), ordered("bias_hh")])
    else:
        pair = np.zeros((2, weights[0].shape[1]), np.float32)
    if extra:
        units = pair.shape[1] // len(order)
        pair[0, units : 2 * units] += extra
    return [*weights, pair if bias == "both" else pair.sum(axis=0)]


def read_safetensors(file):
    """The tensors of a safetensors file by name, as float32."""
    data = Path(file).read_bytes()
    (size,) = struct.unpack("<Q", data[:8])
    types = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}
    tensors = {}
    for name, entry in json.loads(data[8 : 8 + size]).items():
        if name == "__metadata__" or entry["dtype"] not in types:
            continue
        start, end = (8 + size + offset for offset in entry["data_offsets"])
        values = np.frombuffer(data[start:end], dtype=types[entry["dtype"]])
        if entry["dtype"] == "BF16":
            values = (values.astype("<u4") << 16).view("<f4")
        tensors[name] = values.reshape(entry["shape"]).astype(np.float32)
    return tensors


def load(file=Path(__file__).parent / WEIGHTS):
    """The model with its weights."""
    return build(read_safetensors(file))


def as_batch(sequence):
    """One sequence as a batch: features, or ids."""
    return np.array([sequence], dtype="float32" if isinstance(sequence[0], list) else "int32")


if __name__ == "__main__":
    inputs = [as_batch(sequence) for sequence in SAMPLE]
    print(load().predict(inputs if len(inputs) > 1 else inputs[0])[0])`.split('\n');

/** Keras's places of PyTorch's gates: LSTM i, f, c, o; GRU z, r, h. */
const ORDERS = { rnn: [0], lstm: [0, 1, 2, 3], gru: [1, 0, 2] } as const;

/** Collects the lines of `build`. Rows that stand alone are batch x units, as Keras has them. */
class Build {
  private readonly identifiers: ReadonlyMap<string, string>;
  private readonly isRow: (name: string) => boolean;
  private readonly lines: string[] = [];
  /** Activations that Keras has no name for: their functions by the expressions that they give. */
  private readonly functions = new Map<string, string>();
  /** Layers that hand a mask on. */
  private readonly masked = new Set<string>();
  /** Layers of which another one takes the final state. */
  private readonly handsOn: ReadonlySet<string>;

  constructor(private readonly network: Network) {
    this.identifiers = identifiersOf(network.layers);
    const times = timesOf(network);
    this.isRow = (name) => times.get(name) === 'row';
    this.handsOn = new Set(
      network.layers.flatMap((layer) => signalsReadBy(layer).map((signal) => signal.layer)),
    );
  }

  write(): string[] {
    const { network } = this;
    const inputs = furtherInputs(network);
    this.input('x', network.input, 'shared');
    for (const layer of inputs) this.input(this.value(layer.name), layer.input, layer.clock);
    for (const layer of network.layers) if (layer.type !== 'input') this.add(layer);
    const names = ['x', ...inputs.map(({ name }) => this.value(name))].map((name) => `${name}_input`);
    const given = names.length > 1 ? `[${names.join(', ')}]` : names[0];
    return [
      ...[...this.functions].flatMap(([expression, name]) => [
        '@keras.saving.register_keras_serializable(NAME)',
        `def ${name}(x):`,
        `    return ${expression}`,
        '',
        '',
      ]),
      'def build(tensors):',
      ...indented([
        '"""The model, with the weights that tensors hold by their names."""',
        ...this.lines,
        `return keras.Model(${given}, ${this.value(outputLayer(network).name)})`,
      ]),
    ];
  }

  private value(name: string): string {
    return name === INPUT ? 'x' : this.identifiers.get(name)!;
  }

  private input(value: string, input: NetworkInput, clock: InputLayer['clock']): void {
    const steps = clock === 'row' ? [] : ['None'];
    if (input.kind === 'vector') {
      this.lines.push(
        `${value} = ${value}_input = keras.Input(shape=(${[...steps, input.size].join(', ')}${steps.length === 0 ? ',' : ''}))`,
      );
      return;
    }
    this.lines.push(`${value} = ${value}_input = keras.Input(shape=(${steps.join('')},), dtype="int32")`);
    if (input.encoding === 'one_hot')
      this.lines.push(`${value} = ops.one_hot(${value}, ${inputWidth(input)})`);
  }

  private add(layer: Exclude<Layer, InputLayer>): void {
    this.refuse(layer);
    if (isRecurrent(layer)) this.recurrent(layer);
    else this.stateless(layer);
    if (this.handsMaskOn(layer)) this.masked.add(layer.name);
  }

  /** What Keras's layers lack, or do otherwise. */
  private refuse(layer: Layer): void {
    const masked = layer.inputs.some((name) => this.masked.has(name));
    const rows = layer.inputs.filter((name) => this.isRow(name));
    const lacking: [boolean, string][] = [
      [
        rows.length > 0 && (isRecurrent(layer) || NEED_STEPS.includes(layer.type)),
        say`a single row as its sequence`,
      ],
      [rows.length > 0 && rows.length < layer.inputs.length, say`a single row together with a sequence`],
      [
        masked && layer.type === 'merge' && !masksWhereEvery(layer),
        say`a merge that masks steps as Keras 2 does`,
      ],
      [masked && layer.type === 'global_pool' && layer.masked === 'counted', say`a mean of masked steps too`],
      [masked && layer.type === 'global_pool' && layer.mode === 'sum', say`a sum of the steps that count`],
      [layer.type === 'attention' && this.masked.has(layer.inputs[0]), say`attention of masked queries`],
      [
        layer.type === 'attention' && layer.heads !== undefined && masked,
        say`several heads over masked values`,
      ],
      ...(isRecurrent(layer) ? lackingOf(layer, masked) : []),
    ];
    const found = lacking.find(([is]) => is);
    if (found) throw new CannotExpress(layer.name, found[1], say`Keras's layers`);
  }

  /** A layer, its call on what it reads, and its weights if it has any. */
  private put(layer: Layer, construction: string, weights?: string, input?: string): void {
    const identifier = this.value(layer.name);
    const read = input ?? this.value(layer.inputs[0]);
    if (weights === undefined) {
      this.lines.push(`${identifier} = ${construction}(${read})`);
      return;
    }
    this.lines.push(
      `${identifier}_layer = ${construction}`,
      `${identifier} = ${identifier}_layer(${read})`,
      `${identifier}_layer.set_weights(${weights})`,
    );
  }

  private stateless(layer: Exclude<Layer, RecurrentLayer | InputLayer>): void {
    const tensor = (name: string) => `tensors[${quoted(`${layer.name}.${name}`)}]`;
    switch (layer.type) {
      case 'embedding': {
        const options = keywords({ mask_zero: layer.maskZero ? true : undefined });
        const sizes = [layer.numEmbeddings, layer.outputSize, ...options].join(', ');
        this.put(layer, `layers.Embedding(${sizes})`, `[${tensor('weight')}]`);
        return;
      }
      case 'linear': {
        const options = this.dense(layer);
        const bias = layer.bias ? `, ${tensor('bias')}` : '';
        this.put(
          layer,
          `layers.Dense(${[layer.outputSize, ...options].join(', ')})`,
          `[${tensor('weight')}.T${bias}]`,
        );
        return;
      }
      case 'final_state':
        this.lines.push(`${this.value(layer.name)} = ${this.lastRow(addressOf(layer))}`);
        return;
      case 'dropout':
        this.put(layer, `layers.Dropout(${float(layer.p)})`);
        return;
      case 'not_run':
        throw new CannotExpress(layer.name, layer.kind, say`Keras's layers`);
      default:
        this.operation(layer, tensor);
    }
  }

  private dense({ activation, bias }: { activation: Activation; bias: boolean }): string[] {
    return keywords({
      activation: activation === 'none' ? undefined : this.activation(activation),
      use_bias: bias ? undefined : false,
    });
  }

  private operation(layer: OperationLayer, tensor: (name: string) => string): void {
    const inputs = layer.inputs.map((name) => this.value(name));
    const [x] = inputs;
    switch (layer.type) {
      case 'masking':
        this.put(layer, `layers.Masking(${float(layer.maskValue)})`);
        return;
      case 'activation':
        this.put(layer, `layers.Activation(${this.activation(layer.activation)})`);
        return;
      case 'elementwise':
        this.lines.push(`${this.value(layer.name)} = ${KERAS_FUNCTIONS[layer.function](x)}`);
        return;
      case 'power':
        this.lines.push(`${this.value(layer.name)} = ops.power(${x}, ${float(layer.exponent)})`);
        return;
      case 'clip':
        this.lines.push(`${this.value(layer.name)} = ops.clip(${[x, ...bounds(layer)].join(', ')})`);
        return;
      case 'layer_norm': {
        const center = layer.bias ? '' : ', center=False';
        const weights = ['weight', ...(layer.bias ? ['bias'] : [])].map(tensor);
        const construction = `layers.LayerNormalization(epsilon=${float(layer.epsilon)}${center})`;
        this.put(layer, construction, `[${weights.join(', ')}]`);
        return;
      }
      case 'rms_norm':
        throw new CannotExpress(
          layer.name,
          say`a normalisation by the root mean square`,
          say`Keras's layers`,
        );
      case 'group_norm':
        throw new CannotExpress(layer.name, say`a normalisation over all steps`, say`Keras's layers`);
      case 'batch_norm': {
        const weights = ['weight', 'bias', 'running_mean', 'running_var'].map(tensor);
        this.put(
          layer,
          `layers.BatchNormalization(epsilon=${float(layer.epsilon)})`,
          `[${weights.join(', ')}]`,
        );
        return;
      }
      case 'merge':
        this.put(layer, MERGES[layer.mode], undefined, `[${inputs.join(', ')}]`);
        return;
      case 'flatten':
        this.put(layer, `layers.Reshape((${layer.outputSize},))`);
        return;
      case 'reshape':
        this.put(layer, `layers.Reshape((-1, ${layer.outputSize}))`);
        return;
      case 'repeat_vector':
        this.put(layer, `layers.RepeatVector(${layer.count})`);
        return;
      case 'select':
        this.lines.push(`${this.value(layer.name)} = ${x}[:, ${layer.step}]`);
        return;
      case 'slice':
        this.lines.push(`${this.value(layer.name)} = ${x}[:, ${pythonRange(layer)}]`);
        return;
      case 'conv1d':
        this.conv1d(layer, tensor);
        return;
      case 'pool1d': {
        const name = layer.mode === 'max' ? 'MaxPooling1D' : 'AveragePooling1D';
        if (typeof layer.padding !== 'string')
          throw new CannotExpress(layer.name, say`a window with other padding`, say`Keras's layers`);
        this.put(layer, `layers.${name}(${layer.size}, strides=${layer.stride}, padding="${layer.padding}")`);
        return;
      }
      case 'conv2d':
      case 'pool2d':
        throw new CannotExpress(
          layer.name,
          say`a window over an image whose columns are the steps`,
          say`Keras's layers`,
        );
      case 'global_pool':
        if (layer.mode === 'sum') this.lines.push(`${this.value(layer.name)} = ops.sum(${x}, axis=1)`);
        else this.put(layer, `layers.Global${layer.mode === 'max' ? 'Max' : 'Average'}Pooling1D()`);
        return;
      case 'attention': {
        const scaled = layer.scale === undefined ? x : `layers.Rescaling(${float(layer.scale)})(${x})`;
        this.attention(layer, [scaled, ...inputs.slice(1)]);
      }
    }
  }

  /** Each head is an attention of its own, over its share of the units. */
  private attention(layer: Extract<Layer, { type: 'attention' }>, read: readonly string[]): void {
    const { heads = 1 } = layer;
    const causal = layer.causal ? ', use_causal_mask=True' : '';
    if (heads === 1) {
      this.put(layer, 'layers.Attention()', undefined, `[${read.join(', ')}]${causal}`);
      return;
    }
    const split = read.map((name) => `ops.split(${name}, ${heads}, axis=-1)`).join(', ');
    const each = `[layers.Attention()(list(head)${causal}) for head in zip(${split})]`;
    this.put(layer, 'layers.Concatenate()', undefined, each);
  }

  private conv1d(layer: Extract<Layer, { type: 'conv1d' }>, tensor: (name: string) => string): void {
    if (layer.stride > 1 && layer.dilation > 1) {
      throw new CannotExpress(layer.name, say`a stride together with a dilation`, 'Keras');
    }
    const { padding } = layer;
    if (layer.paddingMode)
      throw new CannotExpress(layer.name, say`padding by ${layer.paddingMode}`, say`Keras's layers`);
    const said = typeof padding === 'string' ? undefined : `(${padding.before}, ${padding.after})`;
    const options = keywords({
      strides: layer.stride === 1 ? undefined : layer.stride,
      padding: typeof padding !== 'string' || padding === 'valid' ? undefined : quoted(padding),
      dilation_rate: layer.dilation === 1 ? undefined : layer.dilation,
    });
    const given = [layer.outputSize, layer.kernelSize, ...options, ...this.dense(layer)].join(', ');
    const bias = layer.bias ? `, ${tensor('bias')}` : '';
    this.put(
      layer,
      `layers.Conv1D(${given})`,
      `[${tensor('weight')}.transpose(2, 1, 0)${bias}]`,
      said && `layers.ZeroPadding1D(${said})(${this.value(layer.inputs[0])})`,
    );
  }

  private recurrent(any: RecurrentLayer): void {
    const layer = commonLayer(any, say`Keras's layers`);
    const masked = this.masked.has(layer.inputs[0]);
    const identifier = this.value(layer.name);
    const turned = layer.directions[0] === 'backward';
    let read = this.value(layer.inputs[0]);
    for (let level = 0; level < layer.levels; level++) {
      const made = `${identifier}_layer${layer.levels > 1 ? `_${level}` : ''}`;
      const state = this.initialState(layer, level);
      const given = state ? `${read}, initial_state=${state}` : read;
      const result = this.handsOn.has(layer.name)
        ? `${identifier}, *${identifier}_state_${level}`
        : identifier;
      this.lines.push(
        `${made} = ${this.cell(layer, level, masked)}`,
        `${result} = ${made}(${given})`,
        `${made}.set_weights(${weightsOf(layer, level)})`,
      );
      const last = level === layer.levels - 1;
      const passesSequence = !last || layer.returnSequences;
      if (turned && passesSequence && !(last && layer.reverseOutput)) {
        this.lines.push(`${identifier} = ops.flip(${identifier}, axis=1)`);
      }
      if (!turned && last && layer.reverseOutput && layer.returnSequences) {
        this.lines.push(`${identifier} = ops.flip(${identifier}, axis=1)`);
      }
      read = identifier;
    }
  }

  /** What is handed to a level: the states of another layer's as they are, or a list of h, and c of an LSTM, for each direction. */
  private initialState(layer: RecurrentLayer, level: number): string | undefined {
    if (layer.initialState?.kind !== 'handed') return undefined;
    const whole = handedWhole(layer, this.network.layers);
    if (whole !== undefined) return `${this.value(whole)}_state_${level}`;
    const rows = layer.directions.flatMap((direction) => {
      const state = handedTo(layer, level, direction);
      return statePartsOf(layer.type).map((part) => state[part] && this.joined(state[part]));
    });
    const given = rows.find((row) => row !== undefined);
    if (given === undefined) return undefined;
    return `[${rows.map((row) => row ?? `ops.zeros_like(${given})`).join(', ')}]`;
  }

  private joined({ merge, of }: JoinedRows): string {
    const rows = of.map((address) => this.lastRow(address));
    return rows.length === 1 ? rows[0] : `${MERGES[MERGE_MODES[merge]]}([${rows.join(', ')}])`;
  }

  private lastRow({ layer: name, level, direction, signal }: SignalAddress): string {
    const layer = this.network.layers.find((one) => one.name === name)!;
    const value = this.value(name);
    if (!isRecurrent(layer)) return this.isRow(name) ? value : `${value}[:, -1]`;
    const parts = statePartsOf(layer.type);
    const index =
      layer.directions.indexOf(direction) * parts.length + (parts as readonly string[]).indexOf(signal);
    return `${value}_state_${level}[${index}]`;
  }

  private cell(layer: CommonLayer, level: number, masked: boolean): string {
    const last = level === layer.levels - 1;
    const both = layer.directions.length === 2;
    const options = keywords({
      ...this.cellActivations(layer),
      use_bias: usesBias(layer) ? undefined : false,
      reset_after: layer.type === 'gru' ? layer.resetAfter : undefined,
      return_sequences: !last || layer.returnSequences ? true : undefined,
      return_state: this.handsOn.has(layer.name) ? true : undefined,
      go_backwards: layer.directions[0] === 'backward' ? true : undefined,
      zero_output_for_mask: masked && !both && layer.masked === 'zeros' ? true : undefined,
    });
    const cell = `layers.${CELLS[layer.type]}(${[layer.hiddenSize, ...options].join(', ')})`;
    return both ? `layers.Bidirectional(${cell}, merge_mode="${last ? layer.merge : 'concat'}")` : cell;
  }

  private cellActivations(layer: CommonLayer): Record<string, string | undefined> {
    const unless = (usual: Activation, found: Activation) =>
      found === usual ? undefined : this.activation(found);
    if (layer.type === 'rnn') return { activation: unless('tanh', layer.nonlinearity) };
    const { gates, candidate } = cellActivations(layer);
    return { activation: unless('tanh', candidate), recurrent_activation: unless('sigmoid', gates) };
  }

  /** Keras's name of an activation, or that of a function which is written into the file. */
  private activation(activation: Activation): string {
    if (typeof activation === 'string' && activation !== 'hard_tanh') {
      return quoted(activation === 'none' ? 'linear' : activation);
    }
    if (typeof activation === 'string') return this.functionFor('hard_tanh', 'ops.clip(x, -1.0, 1.0)');
    const alpha = float(activation.alpha);
    switch (activation.kind) {
      case 'hard_sigmoid':
        return this.functionFor(
          'hard_sigmoid',
          `ops.clip(${alpha} * x + ${float(activation.beta)}, 0.0, 1.0)`,
        );
      case 'elu':
        return this.functionFor('elu', `ops.elu(x, ${alpha})`);
      case 'leaky_relu':
        return this.functionFor('leaky_relu', `ops.leaky_relu(x, ${alpha})`);
    }
  }

  private functionFor(kind: string, expression: string): string {
    const known = this.functions.get(expression);
    if (known) return known;
    const name = `activation_${this.functions.size + 1}_${kind}`;
    this.functions.set(expression, name);
    return name;
  }

  /** As Keras hands them on. */
  private handsMaskOn(layer: Layer): boolean {
    const isMasked = (name: string) => this.masked.has(name);
    const given = masksWhereEvery(layer) ? layer.inputs.every(isMasked) : layer.inputs.some(isMasked);
    if (isRecurrent(layer)) return given && layer.returnSequences;
    if (layer.type === 'masking') return true;
    if (layer.type === 'embedding') return layer.maskZero === true;
    return given && !this.isRow(layer.name) && !MASKS_END.includes(layer.type);
  }
}

const KERAS_FUNCTIONS: Readonly<Record<ElementFunction, (x: string) => string>> = {
  ...named('ops', { abs: 'abs', exp: 'exp', log: 'log', sqrt: 'sqrt', sin: 'sin', cos: 'cos' }),
  ...named('ops', { erf: 'erf', reciprocal: 'reciprocal', silu: 'silu', hard_swish: 'hard_silu' }),
  gelu: (x) => `ops.gelu(${x}, approximate=False)`,
  gelu_tanh: (x) => `ops.gelu(${x}, approximate=True)`,
  mish: (x) => `${x} * ops.tanh(ops.softplus(${x}))`,
};

const NEED_STEPS: readonly Layer['type'][] = [
  'conv1d',
  'pool1d',
  'global_pool',
  'attention',
  'select',
  'slice',
];
const MASKS_END: readonly Layer['type'][] = [
  'flatten',
  'reshape',
  'repeat_vector',
  'conv1d',
  'pool1d',
  'slice',
];
const CELLS = { rnn: 'SimpleRNN', lstm: 'LSTM', gru: 'GRU' } as const;
const MERGES = {
  add: 'layers.Add()',
  multiply: 'layers.Multiply()',
  average: 'layers.Average()',
  concatenate: 'layers.Concatenate()',
} as const;

const MERGE_MODES = { concat: 'concatenate', sum: 'add', mul: 'multiply', ave: 'average' } as const;

function usesBias(layer: CommonLayer): boolean {
  return layer.bias || (layer.type === 'lstm' && Boolean(layer.forgetBias));
}

function weightsOf(layer: CommonLayer, level: number): string {
  const bias = usesBias(layer) ? (layer.type === 'gru' && layer.resetAfter ? '"both"' : '"sum"') : 'None';
  const extra = layer.type === 'lstm' && layer.forgetBias ? `, ${float(layer.forgetBias)}` : '';
  const calls = layer.directions.map((direction) => {
    const suffix = `_l${level}${direction === 'backward' ? '_reverse' : ''}`;
    return `cell_weights(tensors, ${quoted(layer.name)}, "${suffix}", ${tuple(ORDERS[layer.type])}, ${bias}${extra})`;
  });
  return calls.join(' + ');
}

function lackingOf(layer: RecurrentLayer, masked: boolean): [boolean, string][] {
  return [
    [layer.clip !== undefined, 'clip'],
    [layer.layerNorm !== undefined, 'layer_norm'],
    [layer.sequenceLength !== undefined, 'sequence_length'],
    [layer.initialState?.kind === 'learned', say`a learned initial_state`],
    ...(layer.type === 'lstm' ? lackingOfLstm(layer) : []),
    [masked && layer.directions[0] === 'backward', say`go_backwards on masked steps`],
    [masked && layer.reverseOutput === true, say`reverse_output of masked steps`],
    [
      masked && layer.directions.length === 2 && layer.masked !== 'zeros' && layer.returnSequences,
      say`masked "hold" of a bidirectional layer`,
    ],
  ];
}

function lackingOfLstm(layer: LstmLayer): [boolean, string][] {
  const { candidate, output } = cellActivations(layer);
  return [
    [layer.projSize > 0, 'proj_size'],
    [layer.peepholes === true, 'peepholes'],
    [layer.coupled !== undefined, 'coupled'],
    [layer.cellClip !== undefined, 'cell_clip'],
    [layer.keeps === 'output', 'keeps "output"'],
    [JSON.stringify(candidate) !== JSON.stringify(output), say`an output_activation of its own`],
  ];
}
