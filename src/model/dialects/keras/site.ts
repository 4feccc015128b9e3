/** One call of one layer, and what layers hand to each other. */
import { say } from '../../../words/say';
import { quote } from '../../json/decode';
import type { JsonNode } from '../../json/node';
import type { Limits } from '../../limits';
import {
  type Direction,
  type Layer,
  type Merge,
  type NotRunLayer,
  type RecurrentLayer,
  INPUT,
} from '../../network';
import type { Report } from '../../report';
import type { Config } from './config';
import type { CallFlag } from './model';
import type { Conventions } from './version';
import type { Binding, Form } from './weights';

/** Numbers: a row of `width`, or one per step. */
export interface Tensor {
  readonly kind: 'tensor';
  /** The layer of the network that gives it, or one of its inputs. */
  readonly source: string;
  readonly sequence: boolean;
  /** How many steps, where the file says it. */
  readonly steps?: number;
  /** Undefined only for an input whose size the file does not say. */
  readonly width?: number;
  /** Whether its shape is a guess, since a layer before is not run. */
  readonly guessed?: true;
}

/** A tensor of a width that is known. */
export type Sized = Tensor & { readonly width: number };

/** The network's own input: what it is, ids or numbers, is for its readers to tell. */
export interface RawInput {
  readonly kind: 'input';
  readonly name: string;
  readonly source: string;
  /** Without the batch; null where it varies. Absent where the file does not say it. */
  readonly shape?: readonly (number | null)[];
  readonly at: JsonNode;
}

/** The final state of a recurrent layer of one direction. */
export interface State {
  readonly kind: 'state';
  readonly layer: string;
  readonly part: 'h' | 'c';
  readonly direction: Direction;
  readonly width: number;
}

/** Which steps count, written out as layers by Keras 3; here they are known without. */
export interface MaskValue {
  readonly kind: 'mask';
  /** Whether it is known that all do. */
  readonly all: boolean;
}

/** Final states put together, for a layer to begin with; as numbers they are a row like any other. */
export interface JoinedStates {
  readonly kind: 'joined';
  readonly merge: Merge;
  readonly of: readonly State[];
  /** Adds the layers that give the row, the first time; undefined, reported, if there are none that can. */
  row(): Tensor | undefined;
}

export type Value = Tensor | RawInput | State | JoinedStates | MaskValue;

/** A layer that is not yet part of the network. */
export type Unnamed<L extends Layer = Layer> = L extends Layer ? Omit<L, 'name'> : never;

/** The network as it grows. */
export class NetworkBuilder {
  readonly layers: Layer[] = [];
  readonly bindings: Binding[] = [];
  /** The model's inputs, by the names that layers read them under. */
  readonly inputs = new Map<string, RawInput>();
  /** Inputs that embeddings read, and the ids that they know. */
  readonly ids = new Map<string, number>();
  /** Inputs that layers read as numbers, with their width. */
  readonly vectors = new Map<string, number>();
  /** Inputs that layers read which are not run, with their width. */
  readonly unread = new Map<string, number>();
  /** The layers of the file that are not run, as `Binding.path`, and the first layer that stands for each. */
  readonly notRun = new Map<string, NotRunLayer>();
  private readonly names = new Set<string>([INPUT]);
  private readonly assumed = new Set<string>();

  /** `widths` are those of what layers hand on that are not run, by `Binding.path`, as far as they are known. */
  constructor(readonly widths: ReadonlyMap<string, number> = new Map()) {}

  addInput(name: string, shape: RawInput['shape'], at: JsonNode): RawInput {
    const source = this.freeName(name || 'x');
    const input: RawInput = { kind: 'input', name, source, at, ...(shape && { shape }) };
    this.inputs.set(source, input);
    return input;
  }

  /** Gives the layer a name that is free, close to `wanted`. */
  add(layer: Unnamed, wanted: string): Layer {
    const named = { ...layer, name: this.freeName(wanted || layer.type) } as Layer;
    this.layers.push(named);
    return named;
  }

  layer(name: string): Layer | undefined {
    return this.layers.find((layer) => layer.name === name);
  }

  /** Says once what is taken to be so since the file does not say its version. */
  assume(at: JsonNode, message: string, { conventions, report }: Site): void {
    if (!conventions.assumed || this.assumed.has(message)) return;
    this.assumed.add(message);
    const why = say`the file does not say its version, and is taken for ${conventions.title}`;
    report.warning(at, 'assumed', `${message}: ${why}`);
  }

  private freeName(wanted: string): string {
    for (let count = 1; ; count++) {
      const name = count === 1 ? wanted : `${wanted}_${count}`;
      if (this.names.has(name)) continue;
      this.names.add(name);
      return name;
    }
  }
}

/** One call of one layer of the file. */
export interface Site {
  readonly name: string;
  readonly className: string;
  readonly config: Config;
  readonly at: JsonNode;
  /** What `KerasArrays.of` takes. */
  readonly path: string;
  readonly inputs: readonly Value[];
  /** Initial states that are given by name. */
  readonly states: readonly Value[];
  /** What it is called with. */
  readonly flags: readonly CallFlag[];
  readonly network: NetworkBuilder;
  readonly conventions: Conventions;
  readonly limits: Limits;
  readonly report: Report;
  /** Why the layer cannot be run as Keras runs it, as clauses; its readers add to them. */
  readonly faults: string[];
}

/** Undefined, with an error reported or a fault added, if the layer is faulty. */
export type LayerReader = (site: Site) => readonly Value[] | undefined;

/** The layer can be shown, but not run as Keras runs it: see notRun.ts. */
export function cannotRun({ faults }: Site, reason: string): undefined {
  faults.push(reason);
}

export function titleOf({ className, name }: Pick<Site, 'className' | 'name'>): string {
  return `${className} ${quote(name)}`;
}

/** What a layer reads that reads one tensor; undefined, reported, if there is none. */
export function tensorOf(site: Site, value: Value | undefined = site.inputs[0]): Tensor | undefined {
  if (!value) {
    site.report.error(site.at, 'missing-input', say`${titleOf(site)}: expected an input, found none`);
    return undefined;
  }
  switch (value.kind) {
    case 'tensor':
      return value;
    case 'input':
      return numbersOf(site, value);
    case 'state':
      return rowOfState(site, value);
    case 'joined':
      return value.row();
    case 'mask':
      return cannotRun(site, say`expected numbers, found a mask of steps`);
  }
}

/** As `tensorOf`, of a width that is known. */
export function sizedTensorOf(site: Site, value?: Value): Sized | undefined {
  const tensor = tensorOf(site, value);
  if (!tensor) return undefined;
  const { width } = tensor;
  if (width !== undefined) return { ...tensor, width };
  const message = say`${titleOf(site)}: expected an input of a known width; the file gives neither "batch_input_shape" nor weights that tell it`;
  site.report.error(site.at, 'unknown-size', message);
  return undefined;
}

function numbersOf(site: Site, input: RawInput): Tensor | undefined {
  const { source, shape = [null, null] } = input;
  if (shape.length > 2) {
    const axes = ['batch', ...shape].map((n) => n ?? '?').join(', ');
    cannotRun(
      site,
      say`it reads tensors of ${shape.length + 1} axes, [${axes}]; sequences of vectors have 3`,
    );
    return guessOf(site, input);
  }
  if (shape.length === 0) {
    const message = say`the input ${quote(input.name)}: expected a shape of 2 or 3 axes with the batch, found 1`;
    site.report.error(input.at, 'wrong-shape', message);
    return undefined;
  }
  const width = shape[shape.length - 1] ?? undefined;
  if (width !== undefined) site.network.vectors.set(source, width);
  const sequence = shape.length === 2;
  return { kind: 'tensor', source, sequence, width, steps: sequence ? (shape[0] ?? undefined) : undefined };
}

/** All axes after the steps as one: the nearest that can be shown. */
export function guessOf({ network }: Site, { source, shape = [] }: RawInput): Sized {
  const width = shape.slice(1).reduce<number>((product, n) => product * (n ?? 1), 1);
  network.unread.set(source, width);
  return { kind: 'tensor', source, sequence: true, width, steps: shape[0] ?? undefined, guessed: true };
}

/**
 * An error, unless a shape is a guess, which is reported already and may be wrong: then false, and the layer is shown as
 * if it were right.
 */
export function isFaulty(
  site: Site,
  inputs: readonly Tensor[],
  at: JsonNode,
  code: string,
  message: string,
): boolean {
  if (inputs.some(({ guessed }) => guessed)) return false;
  site.report.error(at, code, `${titleOf(site)}: ${message}`);
  return true;
}

/** As `sizedTensorOf`, of what must be a sequence. */
export function sequenceOf(site: Site): Sized | undefined {
  const input = sizedTensorOf(site);
  if (!input || input.sequence) return input;
  const message = say`expected a sequence (batch, steps, features), found a single row of ${input.width}`;
  return isFaulty(site, [input], site.at, 'no-sequence', message) ? undefined : { ...input, sequence: true };
}

/** The state as a row: what the layer gives, if that is it, or a layer that reads it. */
function rowOfState({ network }: Site, { layer, width, part, direction }: State): Tensor {
  const row = { kind: 'tensor', sequence: false, width } as const;
  const source = network.layer(layer) as RecurrentLayer | NotRunLayer;
  if (source.type === 'not_run') return { ...row, source: layer, guessed: true };
  if (part === 'h' && !source.returnSequences) return { ...row, source: layer };
  const sizes = { inputSize: source.outputSize, outputSize: width };
  const added = network.add(
    { type: 'final_state', signal: part, level: 0, direction, inputs: [layer], ...sizes },
    `${layer}_${part === 'h' ? 'state' : 'cell'}`,
  );
  return { ...row, source: added.name };
}

/** Adds a layer that reads one tensor and says where its weights come from. */
export function addLayer(site: Site, input: Tensor, layer: Unnamed, form?: Form): Sized {
  const added = site.network.add(layer, site.name);
  if (form) site.network.bindings.push({ ...bindingBase(site), layer: added, form });
  return { ...input, kind: 'tensor', source: added.name, width: added.outputSize };
}

export function bindingBase({ path, at, name, className, config, conventions }: Site) {
  return { path, at, title: titleOf({ name, className }), config, conventions };
}
