/** Drafts become layers: those that the output needs, with names, and with layers that pick what is read of others. */
import {
  INPUT,
  inputWidth,
  isRecurrent,
  isRecurrentType,
  type Direction,
  type JoinedRows,
  type Layer,
  type NetworkInput,
  type RecurrentLayer,
} from '../../network';
import type { Draft, Tensors, Flow, Piece } from './draft';
import { endOf, wholeDirections } from './flow';
import type { InputView } from './inputs';

/** Layers in order, the output last, and how the values of their parameters are got, by the parameters' names. */
export interface Lowered {
  /** The network's own input. */
  readonly input: NetworkInput;
  readonly layers: readonly Layer[];
  readonly tensors: ReadonlyMap<string, () => Promise<Float32Array>>;
}

/** `main` is the network's own input; `beside` are drafts to be kept though the output does not need them. */
export function lower(output: Flow, main: InputView, beside: readonly Draft[]): Lowered {
  const live = neededBy(output, beside);
  const lowering = new Lowering(usesOf(live, output), main);
  for (const draft of live.toSorted((a, b) => a.index - b.index))
    lowering.add(draft, networkInput(draft, live));
  const own = live.find(({ view }) => view === main);
  return {
    input: networkInput(own, live) ?? { kind: 'vector', size: main.width },
    ...lowering.done(lowering.read(output)),
  };
}

/** The drafts that something is computed from, inputs of the network among them. */
export function neededBy(output: Flow, beside: readonly Draft[] = []): Draft[] {
  const found = new Set<Draft>();
  const open = [...output.pieces.map(({ draft }) => draft), ...beside];
  for (let draft = open.pop(); draft; draft = open.pop()) {
    if (found.has(draft)) continue;
    found.add(draft);
    for (const { pieces } of draft.inputs) {
      for (const piece of pieces) if (!found.has(piece.draft)) open.push(piece.draft);
    }
    for (const { h = [], c = [] } of draft.states ?? [])
      open.push(...[...h, ...c].map((piece) => piece.draft));
  }
  return [...found];
}

/** Tokens where embeddings read it: the file knows no words, so they are called by their ids. */
function networkInput(draft: Draft | undefined, live: readonly Draft[]): NetworkInput | undefined {
  if (!draft?.view) return undefined;
  const tables = live.flatMap(({ own, inputs }) =>
    own?.type === 'embedding' && inputs[0].pieces[0].draft === draft ? [own.numEmbeddings] : [],
  );
  if (tables.length === 0) return { kind: 'vector', size: draft.width };
  const vocabulary = Array.from({ length: Math.min(...tables) }, (_, id) => String(id));
  return { kind: 'token', vocabulary, split: 'word', lowercase: false, encoding: 'index' };
}

/** In which ways the outputs of each draft are read, its cell state apart. */
function usesOf(live: readonly Draft[], output: Flow): ReadonlyMap<Draft, ReadonlySet<Piece['at']>> {
  const uses = new Map<Draft, Set<Piece['at']>>();
  for (const { draft, at } of [...live.flatMap(({ inputs }) => inputs), output].flatMap(
    ({ pieces }) => pieces,
  )) {
    if (at !== 'cell') uses.set(draft, (uses.get(draft) ?? new Set()).add(at));
  }
  return uses;
}

/** Some units of what a layer gives. */
interface Units {
  readonly name: string;
  readonly width: number;
  readonly from: number;
  readonly count: number;
}

class Lowering {
  private readonly layers: Layer[] = [];
  private readonly tensors = new Map<string, () => Promise<Float32Array>>();
  private readonly names = new Map<Draft, string>();
  private readonly taken = new Set<string>([INPUT]);
  /** Layers that were made to read a part of others, by what they read. */
  private readonly made = new Map<string, string>();

  constructor(
    private readonly uses: ReadonlyMap<Draft, ReadonlySet<Piece['at']>>,
    private readonly main: InputView,
  ) {}

  /** Whatever stands behind the output is put before it. */
  done(output: string): Pick<Lowered, 'layers' | 'tensors'> {
    const last = this.layers.filter(({ name }) => name === output);
    return { layers: [...this.layers.filter(({ name }) => name !== output), ...last], tensors: this.tensors };
  }

  /** `input` is what an input of the network reads. */
  add(draft: Draft, input: NetworkInput | undefined): void {
    const { own, inputSize, wanted, view } = draft;
    if (view && input) this.addInput(draft, view, input);
    if (!own) return;
    const inputs = draft.inputs.map((flow) => this.read(flow));
    const name = this.free(wanted);
    this.names.set(draft, name);
    const layer = { ...own, name, inputs, inputSize } as Layer;
    this.push(
      isRecurrentType(layer.type) ? this.recurrent(layer as RecurrentLayer, draft) : layer,
      draft.tensors,
    );
  }

  private addInput(draft: Draft, { clock }: InputView, input: NetworkInput): void {
    const own = draft.view === this.main;
    const name = own ? INPUT : this.free(draft.wanted);
    this.names.set(draft, name);
    if (own) return;
    const size = inputWidth(input);
    this.push({ type: 'input', name, inputs: [], input, clock, inputSize: size, outputSize: size }, {});
  }

  /** The layer that gives a tensor, made if there is none. */
  read({ pieces }: Pick<Flow, 'pieces'>): string {
    const parts = pieces.flatMap((piece) => this.units(piece));
    const runs: Units[][] = [];
    for (const part of parts) {
      const last = runs.at(-1);
      const whole = ({ from, count, width }: Units) => from === 0 && count === width;
      if (last && last[0].name === part.name && !whole(part)) last.push(part);
      else runs.push([part]);
    }
    const names = runs.map((run) => this.pick(run));
    if (names.length === 1) return names[0];
    const widths = runs.map((run) => run.reduce((sum, { count }) => sum + count, 0));
    const outputSize = widths.reduce((sum, width) => sum + width, 0);
    return this.once(`concat ${names.join(' ')}`, 'concat', {
      ...{ type: 'merge', mode: 'concatenate', inputs: names, inputSize: widths[0], outputSize },
    });
  }

  private recurrent(layer: RecurrentLayer, draft: Draft): Layer {
    const returnSequences = !this.endsOnly(draft);
    const states = draft.states?.map(({ h, c }) => ({
      ...(h && { h: this.handed(h) }),
      ...(c && { c: this.handed(c) }),
    }));
    return { ...layer, returnSequences, ...(states && { initialState: { kind: 'handed', states } }) };
  }

  /** Final states of whole directions side by side, or the row of a layer that has all the units. */
  private handed(pieces: readonly Piece[]): JoinedRows {
    const finals = pieces.map((piece) => wholeDirections(piece));
    const whole = finals.flatMap((directions, k) =>
      (directions ?? []).map((direction) => ({
        ...{ layer: this.names.get(pieces[k].draft)!, level: 0, direction },
        signal: pieces[k].at === 'cell' ? 'c' : 'h',
      })),
    );
    if (!finals.includes(undefined)) return { merge: 'concat', of: whole };
    const row = { layer: this.read({ pieces }), level: 0, direction: 'forward', signal: 'y' } as const;
    return { merge: 'concat', of: [row] };
  }

  /** Whether a recurrent layer is read at its end alone: then that is all that it passes on. */
  private endsOnly(draft: Draft): boolean {
    const uses = this.uses.get(draft);
    return uses !== undefined && uses.size === 1 && uses.has('final');
  }

  /** Units of layers that are, or are made to be, rows as `at` wants them. */
  private units({ draft, at, from, count }: Piece): Units[] {
    const name = this.names.get(draft)!;
    const { width } = draft;
    if (at === 'rows' || (at === 'final' && this.endsOnly(draft))) return [{ name, width, from, count }];
    if (at !== 'final' && at !== 'cell') return [{ name: this.select(name, width, at), width, from, count }];
    const own = draft.own as RecurrentLayer;
    const { directions } = own;
    const each = width / directions.length;
    return directions.flatMap((direction, k) => {
      const start = Math.max(from, k * each);
      const end = Math.min(from + count, (k + 1) * each);
      if (start >= end) return [];
      const part = { from: start, count: end - start };
      return at === 'final'
        ? [{ name: this.select(name, width, endOf(own, direction)), width, ...part }]
        : [{ name: this.cellState(name, own, direction), width: each, ...part, from: start - k * each }];
    });
  }

  private select(name: string, width: number, step: number): string {
    const wanted = `${name}_${step === -1 ? 'last' : step === 0 ? 'first' : `step_${step}`}`;
    return this.once(`select ${step} ${name}`, wanted, {
      ...{ type: 'select', step, inputs: [name], inputSize: width, outputSize: width },
    });
  }

  private cellState(name: string, { outputSize, hiddenSize }: RecurrentLayer, direction: Direction): string {
    const sizes = { inputSize: outputSize, outputSize: hiddenSize };
    return this.once(`cell ${direction} ${name}`, `${name}_cell`, {
      ...{ type: 'final_state', signal: 'c', level: 0, direction, inputs: [name], ...sizes },
    });
  }

  /** Some units of one layer, by a product with ones and zeros. */
  private pick(run: readonly Units[]): string {
    const [{ name, width, from, count }] = run;
    if (run.length === 1 && from === 0 && count === width) return name;
    const units = run.flatMap((part) => Array.from({ length: part.count }, (_, k) => part.from + k));
    const key = `pick ${run.map((part) => `${part.from}+${part.count}`).join(' ')} ${name}`;
    return this.once(
      key,
      this.partName(name, width, run),
      {
        ...{ type: 'linear', bias: false, activation: 'none', inputs: [name], fixed: ['weight'] },
        ...{ inputSize: width, outputSize: units.length },
      },
      { weight: async () => pickedUnits(units, width) },
    );
  }

  /** `lstm_forward` of the units of one direction. */
  private partName(name: string, width: number, [{ from, count }, ...rest]: readonly Units[]): string {
    const layer = this.layers.find((one) => one.name === name);
    const half = rest.length === 0 && 2 * count === width && from % count === 0;
    const directions = layer && isRecurrent(layer) && half ? layer.directions : [];
    return `${name}_${directions.length === 2 ? directions[from / count] : 'units'}`;
  }

  private once(key: string, wanted: string, layer: Nameless, tensors: Tensors = {}): string {
    const known = this.made.get(key);
    if (known !== undefined) return known;
    const name = this.free(wanted);
    this.made.set(key, name);
    this.push({ ...layer, name } as Layer, tensors);
    return name;
  }

  private push(layer: Layer, tensors: Tensors): void {
    this.layers.push(layer);
    for (const [key, values] of Object.entries(tensors)) this.tensors.set(`${layer.name}.${key}`, values);
  }

  private free(wanted: string): string {
    let name = wanted;
    for (let count = 2; this.taken.has(name); count++) name = `${wanted}_${count}`;
    this.taken.add(name);
    return name;
  }
}

type Nameless = { [T in Layer['type']]: Omit<Extract<Layer, { type: T }>, 'name'> }[Layer['type']];

/** units × `width`: a one in each row, at the unit that is picked. */
function pickedUnits(units: readonly number[], width: number): Float32Array {
  const weight = new Float32Array(units.length * width);
  for (const [row, unit] of units.entries()) weight[row * width + unit] = 1;
  return weight;
}
