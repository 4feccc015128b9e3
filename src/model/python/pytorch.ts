/** A network as a PyTorch module. */
import { say } from '../../words/say';
import type { CommonLayer } from '../commonCells';
import {
  type ElementFunction,
  INPUT,
  type JoinedRows,
  type Layer,
  type MergeLayer,
  type Network,
  type OperationLayer,
  type RecurrentLayer,
  type SignalAddress,
  furtherInputs,
  inputWidth,
  isRecurrent,
  isStandardCell,
  stateSize,
} from '../network';
import { outputLayer } from '../partial';
import { maskedInputs, masksWhereEvery } from '../masks';
import type { Sample } from '../samples';
import {
  addressOf,
  handedTo,
  handedWhole,
  signalsReadBy,
  statePartsOf,
  statePlaces,
  type StatePart,
} from '../states';
import { pythonRange, reachOf, timesOf, type Time } from '../time';
import { activated } from './pytorchActivations';
import { RECURRENT, cellClass } from './pytorchCells';
import { sampleLines } from './sample';
import {
  CannotExpress,
  commonLayer,
  bounds,
  className,
  expressible,
  float,
  identifiersOf,
  indented,
  keywords,
  named,
  namesOf,
  notRunNotes,
  pythonFile,
  quoted,
  seededNote,
} from './text';

/**
 * The text of a Python file with the network as `class Model(nn.Module)`, whose weights are in `weightsFile` beside it,
 * under the names of `parametersOf(network)`. Throws `CannotExpress`.
 */
export function writePytorch(
  whole: Network,
  weightsFile: string,
  sample: Sample | undefined,
  trained = true,
): string {
  const network = expressible(whole);
  const module = new Module(network);
  const body = module.write();
  return pythonFile({
    notes: [
      '# Written by Gatescope. Needs PyTorch 1.11 or later; reads its weights with or without the safetensors package.',
      ...seededNote(trained),
      ...notRunNotes(whole),
    ],
    imports: ['import torch', 'from torch import nn', 'from torch.nn import functional as F'],
    constants: [
      ...namesOf(network, weightsFile),
      '# The modules below, and the layers whose tensors they take.',
      'LAYERS = {',
      ...[...module.parametrised].map(([identifier, name]) => `    ${quoted(identifier)}: ${quoted(name)},`),
      '}',
      ...sampleLines(network, sample),
    ],
    definitions: [body, LOADING],
  });
}

const LOADING = `def read_safetensors(file):
    """The tensors of a safetensors file by name, as float32."""
    try:
        from safetensors.torch import load_file

        return {name: tensor.float() for name, tensor in load_file(str(file)).items()}
    except ImportError:
        pass
    data = Path(file).read_bytes()
    (size,) = struct.unpack("<Q", data[:8])
    types = {"F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}
    tensors = {}
    for name, entry in json.loads(data[8 : 8 + size]).items():
        if name == "__metadata__" or entry["dtype"] not in types:
            continue
        start, end = (8 + size + offset for offset in entry["data_offsets"])
        values = torch.frombuffer(bytearray(data[start:end]), dtype=types[entry["dtype"]])
        tensors[name] = values.reshape(entry["shape"]).float()
    return tensors


def load(file=Path(__file__).parent / WEIGHTS):
    """The model with its weights."""
    model = Model()
    tensors = read_safetensors(file)
    state = model.state_dict()
    for key in state:
        module, name = key.split(".", 1)
        if name != "num_batches_tracked":
            state[key] = tensors[LAYERS[module] + "." + name]
    model.load_state_dict(state)
    return model.eval()


def as_batch(sequence):
    """One sequence as a batch: features, or ids."""
    vectors = isinstance(sequence[0], list)
    return torch.tensor([sequence], dtype=torch.float32 if vectors else torch.int64)


if __name__ == "__main__":
    with torch.no_grad():
        for row in load()(*map(as_batch, SAMPLE))[0].tolist():
            print(row)`.split('\n');

/** Collects what the layers need: submodules, classes, lines of forward. */
class Module {
  private readonly identifiers: ReadonlyMap<string, string>;
  /** Names of layers by the identifiers of their submodules. */
  readonly parametrised = new Map<string, string>();
  private readonly submodules: string[] = [];
  /** By their names. */
  private readonly classes = new Map<string, readonly string[]>();
  private readonly steps: string[] = [];
  private readonly functions = new Set<readonly string[]>();
  /** Expressions that say which steps count, by the layers that hand them on. */
  private readonly masks = new Map<string, string>();
  /** Layers whose module is of a class of the file, not of PyTorch. */
  private readonly own = new Set<string>();

  private readonly times: ReadonlyMap<string, Time>;

  constructor(private readonly network: Network) {
    this.identifiers = identifiersOf(network.layers);
    this.times = timesOf(network);
  }

  write(): string[] {
    const { network } = this;
    const inputs = furtherInputs(network);
    for (const layer of [undefined, ...inputs])
      this.encodeInput(layer?.name ?? INPUT, layer?.input ?? network.input);
    for (const layer of network.layers) if (layer.type !== 'input') this.add(layer);
    const names = ['x', ...inputs.map(({ name }) => this.identifiers.get(name)!)];
    const model = [
      'class Model(nn.Module):',
      ...indented([
        '"""Every argument is batch x steps x features, or batch x steps of ids; so is the result."""',
        '',
        'def __init__(self):',
        ...indented(['super().__init__()', ...this.submodules]),
        '',
        `def forward(${['self', ...names].join(', ')}):`,
        ...indented([...this.steps, `return ${this.value(outputLayer(network).name)}`]),
      ]),
    ];
    const parts = [
      ...(this.classes.size > 0 ? [RECURRENT] : []),
      ...this.classes.values(),
      ...this.functions,
      model,
    ];
    return parts.flatMap((lines, k) => (k === 0 ? lines : ['', '', ...lines]));
  }

  private value(name: string): string {
    return name === INPUT ? 'x' : this.identifiers.get(name)!;
  }

  private encodeInput(name: string, input: Network['input']): void {
    if (input.kind !== 'token' || input.encoding !== 'one_hot') return;
    const value = this.value(name);
    this.steps.push(`${value} = F.one_hot(${value}, ${inputWidth(input)}).float()`);
  }

  private add(layer: Exclude<Layer, { type: 'input' }>): void {
    if (isRecurrent(layer)) {
      this.addRecurrent(layer);
      return;
    }
    const identifier = this.identifiers.get(layer.name)!;
    this.steps.push(...this.stateless(layer, identifier).map((value) => `${identifier} = ${value}`));
    const mask = this.maskAfter(layer, identifier);
    if (mask) this.masks.set(layer.name, mask);
  }

  private submodule(name: string, construction: string): string {
    const identifier = this.identifiers.get(name)!;
    this.parametrised.set(identifier, name);
    this.submodules.push(`self.${identifier} = ${construction}`);
    return `self.${identifier}`;
  }

  /** Expressions, one after the other, each of which may use the one before under the layer's identifier. */
  private stateless(layer: Exclude<Layer, RecurrentLayer | { type: 'input' }>, identifier: string): string[] {
    const [x] = layer.inputs.map((name) => this.value(name));
    switch (layer.type) {
      case 'embedding':
        return [
          `${this.submodule(layer.name, `nn.Embedding(${layer.numEmbeddings}, ${layer.outputSize})`)}(${x})`,
        ];
      case 'linear': {
        const sizes = [layer.inputSize, layer.outputSize];
        const linear = `nn.Linear(${[...sizes, ...(layer.bias ? [] : ['bias=False'])].join(', ')})`;
        return [activated(layer.activation, `${this.submodule(layer.name, linear)}(${x})`)];
      }
      case 'final_state':
        return [`${this.lastRow(addressOf(layer))}[:, None]`];
      case 'dropout':
        return [`F.dropout(${x}, ${float(layer.p)}, self.training)`];
      case 'not_run':
        throw new CannotExpress(layer.name, layer.kind, say`PyTorch as written here`);
      default:
        return this.operation(layer, identifier, x);
    }
  }

  private operation(layer: OperationLayer, identifier: string, x: string): string[] {
    const inputs = layer.inputs.map((name) => this.value(name));
    switch (layer.type) {
      case 'masking':
        return [x];
      case 'activation':
        return [activated(layer.activation, x)];
      case 'elementwise':
        return [TORCH_FUNCTIONS[layer.function](x)];
      case 'power':
        return [`${x} ** ${float(layer.exponent)}`];
      case 'clip':
        return [`torch.clamp(${[x, ...bounds(layer)].join(', ')})`];
      case 'layer_norm': {
        const norm = this.submodule(
          layer.name,
          `nn.LayerNorm(${layer.inputSize}, eps=${float(layer.epsilon)})`,
        );
        if (!layer.bias) this.submodules.push(`self.${identifier}.register_parameter("bias", None)`);
        return [`${norm}(${x})`];
      }
      case 'rms_norm': {
        const ones = `nn.Parameter(torch.ones(${layer.inputSize}))`;
        const norm = this.submodule(layer.name, `nn.ParameterDict({"weight": ${ones}})`);
        const mean = `${x}.square().mean(dim=-1, keepdim=True)`;
        return [`${x} * torch.rsqrt(${mean} + ${float(layer.epsilon)}) * ${norm}["weight"]`];
      }
      case 'group_norm': {
        const norm = this.submodule(
          layer.name,
          `nn.GroupNorm(${layer.groups}, ${layer.inputSize}, eps=${float(layer.epsilon)})`,
        );
        if (!layer.bias) this.submodules.push(`self.${identifier}.register_parameter("bias", None)`);
        return [`${norm}(${x}.transpose(1, 2)).transpose(1, 2)`];
      }
      case 'batch_norm': {
        const norm = this.submodule(
          layer.name,
          `nn.BatchNorm1d(${layer.inputSize}, eps=${float(layer.epsilon)})`,
        );
        return [`${norm}(${x}.transpose(1, 2)).transpose(1, 2)`];
      }
      case 'merge':
        return [merged(layer.mode, this.withRows(layer, this.mergedInputs(layer, inputs)))];
      case 'flatten':
        return [`${x}.reshape(${x}.shape[0], 1, -1)`];
      case 'reshape':
        return [`${x}.reshape(${x}.shape[0], -1, ${layer.outputSize})`];
      case 'repeat_vector':
        return [`${x}.repeat(1, ${layer.count}, 1)`];
      case 'select':
        return [layer.step === -1 ? `${x}[:, -1:]` : `${x}[:, ${layer.step} : ${layer.step + 1}]`];
      case 'slice':
        return [`${x}[:, ${pythonRange(layer)}]`];
      case 'conv1d': {
        const { inputSize, outputSize, kernelSize, stride, dilation, bias } = layer;
        const options = keywords({
          stride: stride === 1 ? undefined : stride,
          dilation: dilation === 1 ? undefined : dilation,
          bias: bias ? undefined : false,
        });
        const conv = this.submodule(
          layer.name,
          `nn.Conv1d(${[inputSize, outputSize, kernelSize, ...options].join(', ')})`,
        );
        const padded = this.padded(layer, `${x}.transpose(1, 2)`, '0.0');
        return [activated(layer.activation, `${conv}(${padded}).transpose(1, 2)`)];
      }
      case 'pool1d': {
        const window = `${layer.size}, ${layer.stride}`;
        if (layer.mode === 'max') {
          return [
            `F.max_pool1d(${this.padded(layer, `${x}.transpose(1, 2)`, 'float("-inf")')}, ${window}).transpose(1, 2)`,
          ];
        }
        const mean = (value: string) =>
          `F.avg_pool1d(${this.padded(layer, `${value}.transpose(1, 2)`, '0.0')}, ${window})`;
        if (layer.padding === 'valid') return [`${mean(x)}.transpose(1, 2)`];
        return [`(${mean(x)} / ${mean(`torch.ones_like(${x})`)}).transpose(1, 2)`];
      }
      case 'conv2d':
      case 'pool2d':
        return [this.image(layer, x)];
      case 'global_pool': {
        if (layer.mode === 'max') return [`${x}.amax(dim=1, keepdim=True)`];
        const mask = layer.masked === 'counted' ? undefined : this.masks.get(layer.inputs[0]);
        if (layer.mode === 'sum') {
          return [`${mask ? `(${x} * ${mask}[..., None])` : x}.sum(dim=1, keepdim=True)`];
        }
        if (!mask) return [`${x}.mean(dim=1, keepdim=True)`];
        this.functions.add(MASKED_MEAN);
        return [`masked_mean(${x}, ${mask})`];
      }
      case 'attention': {
        const [query, value, key = value] = inputs;
        this.functions.add(ATTENTION);
        const mask = this.masks.get(layer.inputs[1]) ?? 'None';
        const { scale = 1, heads = 1 } = layer;
        const causal = layer.causal ? ', causal=True' : '';
        return [`attention(${query}, ${value}, ${key}, ${heads}, ${float(scale)}, ${mask}${causal})`];
      }
    }
  }

  /** Over batch x channels x height x steps. */
  private image(layer: Extract<Layer, { type: 'conv2d' | 'pool2d' }>, x: string): string {
    const { channels, kernel, stride, dilation, padding } = layer;
    const pair = ({ height, steps }: typeof kernel) => `(${height}, ${steps})`;
    const pads = `(${padding.before}, ${padding.after}, ${padding.top}, ${padding.bottom})`;
    const image = `${x}.transpose(1, 2).unflatten(1, (${channels}, -1))`;
    const padded = (value: string, filling: string) => `F.pad(${value}, ${pads}, value=${filling})`;
    const rows = (value: string) => `${value}.flatten(1, 2).transpose(1, 2)`;
    if (layer.type === 'conv2d') {
      const options = [
        ...[
          channels,
          layer.outChannels,
          pair(kernel),
          `stride=${pair(stride)}`,
          `dilation=${pair(dilation)}`,
        ],
        ...keywords({
          groups: layer.groups === 1 ? undefined : layer.groups,
          bias: layer.bias ? undefined : false,
        }),
      ];
      const conv = this.submodule(layer.name, `nn.Conv2d(${options.join(', ')})`);
      return activated(layer.activation, rows(`${conv}(${padded(image, '0.0')})`));
    }
    const window = `${pair(kernel)}, ${pair(stride)}`;
    if (layer.mode === 'max') return rows(`F.max_pool2d(${padded(image, 'float("-inf")')}, ${window})`);
    const mean = (value: string) => `F.avg_pool2d(${padded(value, '0.0')}, ${window})`;
    return rows(`(${mean(image)} / ${mean(`torch.ones_like(${image})`)})`);
  }

  /** Of batch x features x steps, padded as Keras does. */
  private padded(
    layer: Extract<Layer, { type: 'conv1d' | 'pool1d' }>,
    value: string,
    filling: string,
  ): string {
    const reach = reachOf(layer);
    const mode = layer.type === 'conv1d' ? layer.paddingMode : undefined;
    const said = mode ? `mode="${PAD_MODES[mode]}"` : `value=${filling}`;
    if (layer.padding === 'valid') return value;
    if (layer.padding === 'causal') return `F.pad(${value}, (${reach - 1}, 0), ${said})`;
    if (layer.padding !== 'same')
      return `F.pad(${value}, (${layer.padding.before}, ${layer.padding.after}), ${said})`;
    if (mode) throw new CannotExpress(layer.name, say`padding "same" by ${mode}`, say`PyTorch's layers`);
    this.functions.add(PAD_SAME);
    return `pad_same(${value}, ${reach}, ${layer.stride}, ${filling})`;
  }

  private addRecurrent(any: RecurrentLayer): void {
    const layer = commonLayer(any, say`PyTorch as written here`);
    const identifier = this.identifiers.get(layer.name)!;
    const mask = this.maskOf(layer, identifier);
    const own = !isPytorchs(layer) || mask !== undefined;
    if (own) this.own.add(layer.name);
    this.submodule(layer.name, own ? this.cell(layer, identifier) : pytorchModule(layer));
    const state = this.initialState(layer, own);
    const handsOn = takesStateOf(this.network.layers, layer.name);
    const given = [this.value(layer.inputs[0]), ...(own ? keywords({ state, mask }) : state ? [state] : [])];
    this.steps.push(
      `${identifier}, ${handsOn ? `${identifier}_state` : '_'} = self.${identifier}(${given.join(', ')})`,
      ...passedOn(layer, mask).map((value) => `${identifier} = ${value.replaceAll('$', () => identifier)}`),
    );
    const handedOn = this.masks.get(layer.inputs[0]);
    if (handedOn && layer.returnSequences) this.masks.set(layer.name, handedOn);
  }

  /** Of the steps that count for a recurrent layer. */
  private maskOf(
    { inputs: [input], sequenceLength }: RecurrentLayer,
    identifier: string,
  ): string | undefined {
    const mask = this.masks.get(input);
    if (sequenceLength === undefined) return mask;
    const value = this.value(input);
    const within = `(torch.arange(${value}.shape[1]) < ${sequenceLength}).expand(${value}.shape[:2])`;
    this.steps.push(`${identifier}_mask = ${mask ? `${mask} & ` : ''}${within}`);
    return `${identifier}_mask`;
  }

  private cell(layer: CommonLayer, identifier: string): string {
    const base = `${className(identifier)}Layer`;
    let name = base;
    for (let k = 2; this.classes.has(name); k++) name = `${base}${k}`;
    this.classes.set(name, cellClass(name, layer));
    return `${name}()`;
  }

  /** What is handed to a layer, in the form that it takes: h alone, or a tuple of h and, of an LSTM, c. */
  private initialState(layer: RecurrentLayer, own: boolean): string | undefined {
    if (layer.initialState?.kind !== 'handed') return undefined;
    const { type } = layer;
    const whole = handedWhole(layer, this.network.layers);
    if (whole !== undefined) {
      const state = `${this.value(whole)}_state`;
      const given = this.own.has(whole);
      if (type === 'lstm' || given === own) return state;
      return own ? `(${state},)` : `${state}[0]`;
    }
    const parts = statePartsOf(type).map((part) => {
      const rows = statePlaces(layer).map(({ level, direction }) => {
        const joined = handedTo(layer, level, direction)[part];
        return joined ? this.joined(joined) : this.zeros(layer, part);
      });
      return `torch.stack([${rows.join(', ')}])`;
    });
    return type === 'lstm' || own ? `(${parts.join(', ')}${parts.length === 1 ? ',' : ''})` : parts[0];
  }

  private zeros(layer: RecurrentLayer, part: StatePart): string {
    const value = this.value(layer.inputs[0]);
    return `${value}.new_zeros(${value}.shape[0], ${part === 'h' ? stateSize(layer) : layer.hiddenSize})`;
  }

  private joined({ merge, of }: JoinedRows): string {
    const rows = of.map((address) => this.lastRow(address));
    return rows.length === 1 ? rows[0] : merged(MERGE_MODES[merge], rows);
  }

  /** Of batch x units. */
  private lastRow({ layer: name, level, direction, signal }: SignalAddress): string {
    const layer = this.network.layers.find((one) => one.name === name)!;
    const value = this.value(name);
    if (!isRecurrent(layer)) return `${value}[:, -1]`;
    const index = level * layer.directions.length + layer.directions.indexOf(direction);
    const tuple = statePartsOf(layer.type).includes('c') || this.own.has(name);
    return `${value}_state${tuple ? `[${signal === 'h' ? 0 : 1}]` : ''}[${index}]`;
  }

  /** Only a concatenation does not broadcast a single row by itself. */
  private withRows({ mode, inputs }: MergeLayer, values: readonly string[]): readonly string[] {
    const [first] = values;
    if (mode !== 'concatenate' || this.times.get(inputs[0]) === 'row') return values;
    return values.map((x, k) =>
      this.times.get(inputs[k]) === 'row' ? `${x}.expand(-1, ${first}.shape[1], -1)` : x,
    );
  }

  /** A product that masks where every input is masked leaves masked ones out, and is 0 where all are. */
  private mergedInputs(layer: MergeLayer, values: readonly string[]): readonly string[] {
    if (layer.mode !== 'multiply' || !masksWhereEvery(layer)) return values;
    const masks = layer.inputs.map((name) => this.masks.get(name));
    const factors = values.map((x, k) => (masks[k] ? `${x}.masked_fill(~${masks[k]}[..., None], 1.0)` : x));
    const one = masks.includes(undefined) ? [] : [`(${masks.join(' | ')})[..., None]`];
    return [...factors, ...one];
  }

  private maskAfter(layer: Layer, identifier: string): string | undefined {
    switch (layer.type) {
      case 'embedding':
        if (!layer.maskZero) return undefined;
        this.steps.push(`${identifier}_mask = ${this.value(layer.inputs[0])} != 0`);
        return `${identifier}_mask`;
      case 'masking':
        this.steps.push(
          `${identifier}_mask = (${identifier} != ${float(layer.maskValue)}).any(dim=-1)`,
          `${identifier} = ${identifier} * ${identifier}_mask[..., None]`,
        );
        return `${identifier}_mask`;
      default: {
        const inputs = maskedInputs(layer);
        const masks = [...new Set(inputs.flatMap((name) => this.masks.get(name) ?? []))];
        const every = masksWhereEvery(layer);
        if (every && !inputs.every((name) => this.masks.has(name))) return undefined;
        return masks.length > 1 ? `(${masks.join(every ? ' | ' : ' & ')})` : masks[0];
      }
    }
  }
}

function takesStateOf(layers: readonly Layer[], name: string): boolean {
  return layers.some((layer) => signalsReadBy(layer).some((signal) => signal.layer === name));
}

const MERGE_MODES = { concat: 'concatenate', sum: 'add', mul: 'multiply', ave: 'average' } as const;

/** Whether nn.RNN, nn.LSTM or nn.GRU computes it, with the same names of tensors. */
function isPytorchs(layer: CommonLayer): boolean {
  const cell = isStandardCell(layer) && !layer.layerNorm && (layer.type !== 'gru' || layer.resetAfter);
  return cell && layer.directions[0] === 'forward' && layer.initialState?.kind !== 'learned';
}

function pytorchModule(layer: CommonLayer): string {
  const options = keywords({
    num_layers: layer.levels === 1 ? undefined : layer.levels,
    nonlinearity: layer.type === 'rnn' && layer.nonlinearity === 'relu' ? '"relu"' : undefined,
    bias: layer.bias ? undefined : false,
    batch_first: true,
    bidirectional: layer.directions.length === 2 ? true : undefined,
    proj_size: layer.type === 'lstm' && layer.projSize > 0 ? layer.projSize : undefined,
  });
  return `nn.${layer.type.toUpperCase()}(${[layer.inputSize, layer.hiddenSize, ...options].join(', ')})`;
}

/** From the hidden states of the last level, `$`, to what the layer passes on. */
function passedOn(layer: RecurrentLayer, mask: string | undefined): string[] {
  const units = stateSize(layer);
  const both = layer.directions.length === 2;
  const [forward, backward] = [`$[..., :${units}]`, `$[..., ${units}:]`];
  const lines: string[] = [];
  if (!layer.returnSequences) {
    const last = both ? `torch.cat([$[:, -1:, :${units}], $[:, :1, ${units}:]], dim=-1)` : undefined;
    lines.push(last ?? (layer.directions[0] === 'forward' ? '$[:, -1:]' : '$[:, :1]'));
  }
  if (both && layer.merge === 'sum') lines.push(`${forward} + ${backward}`);
  if (both && layer.merge === 'mul') lines.push(`${forward} * ${backward}`);
  if (both && layer.merge === 'ave') lines.push(`(${forward} + ${backward}) / 2`);
  if (!layer.returnSequences) return lines;
  if (mask && layer.masked === 'zeros') lines.push(`$ * ${mask}[..., None]`);
  if (layer.reverseOutput) lines.push('$.flip(1)');
  return lines;
}

function merged(mode: Extract<Layer, { type: 'merge' }>['mode'], inputs: readonly string[]): string {
  switch (mode) {
    case 'add':
      return inputs.join(' + ');
    case 'multiply':
      return inputs.join(' * ');
    case 'average':
      return `(${inputs.join(' + ')}) / ${inputs.length}`;
    case 'concatenate':
      return `torch.cat([${inputs.join(', ')}], dim=-1)`;
  }
}

const TORCH_FUNCTIONS: Readonly<Record<ElementFunction, (x: string) => string>> = {
  ...named('torch', { abs: 'abs', exp: 'exp', log: 'log', sqrt: 'sqrt', sin: 'sin', cos: 'cos' }),
  ...named('torch', { erf: 'erf', reciprocal: 'reciprocal' }),
  ...named('F', { gelu: 'gelu', silu: 'silu', mish: 'mish', hard_swish: 'hardswish' }),
  gelu_tanh: (x) => `F.gelu(${x}, approximate="tanh")`,
};

const PAD_MODES = { reflect: 'reflect', edge: 'replicate', wrap: 'circular' } as const;

const PAD_SAME = `def pad_same(x, reach, stride, value):
    """Pads the steps of batch x features x steps as Keras's padding "same" does."""
    steps = x.shape[-1]
    needed = max(0, ((steps + stride - 1) // stride - 1) * stride + reach - steps)
    return F.pad(x, (needed // 2, needed - needed // 2), value=value)`.split('\n');

const MASKED_MEAN = `def masked_mean(x, mask):
    """The mean over the steps where mask (batch x steps) is True."""
    real = mask[..., None]
    return (x * real).sum(dim=1, keepdim=True) / real.sum(dim=1, keepdim=True)`.split('\n');

const ATTENTION = `def attention(query, value, key, heads, scale, mask, causal=False):
    """Dot-product attention, head by head; values where mask (batch x steps) is False, or later ones, get no weight."""
    query, value, key = (x.unflatten(-1, (heads, -1)).transpose(1, 2) for x in (query, value, key))
    scores = scale * query @ key.transpose(2, 3)
    if causal:
        later = torch.ones(scores.shape[2:], dtype=torch.bool, device=scores.device).triu(1)
        scores = scores.masked_fill(later, float("-inf"))
    if mask is not None:
        masked = torch.where(mask[:, None, None], scores, torch.full_like(scores, float("-inf")))
        scores = torch.where(mask.any(dim=1)[:, None, None, None], masked, torch.zeros_like(scores))
    return (torch.softmax(scores, dim=-1) @ value).transpose(1, 2).flatten(2)`.split('\n');
