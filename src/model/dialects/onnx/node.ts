/** A node of the graph with what is known of its inputs. */
import { say } from '../../../words/say';
import type { Draft, Own, Tensors, Flow } from './draft';
import type { Constant } from './constant';
import type { Rounds } from './rounds';
import { Unsupported } from './unsupported';
import type { AttributeProto, GraphProto, NodeProto, TensorProto } from './schema/onnx_pb';
import type { Unknown, Value } from './value';

/** What operators may ask for while the graph is walked. */
export interface Context {
  /** Version of ONNX's own operators that the model uses. */
  readonly opset: number;
  /** Whether a call of the model runs one step, and the states go in and out. */
  readonly streaming: boolean;
  /** Of the loop in the body of which the node stands. */
  readonly rounds?: Rounds;
  /** Throws `Unsupported` if a layer cannot read one of the inputs. */
  draft(wanted: string, inputs: readonly Flow[], own: Own, tensors?: Tensors, more?: Partial<Draft>): Draft;
  /** A layer that is not run, and stands for what gives a tensor that is not known: of so many units a row. */
  standIn(unknown: Unknown, wanted: string, width: number): Draft;
  /** Single rows of steps that are alike, put together along an axis, as rows; undefined if they are none. */
  stacked(flows: readonly Flow[], axis: number): Flow | undefined;
  /** Whether no other node, and no output of the graph, reads a value. */
  readsAlone(name: string): boolean;
  /** Said once of a model that computes with numbers of 8 bits. */
  computesInEightBits(): void;
  /** Something that a user should know, but that leaves the numbers right. */
  note(message: string): void;
}

export class Node {
  constructor(
    readonly proto: NodeProto,
    /** Undefined where an input is left out. */
    readonly inputs: readonly (Value | undefined)[],
    readonly context: Context,
  ) {}

  get type(): string {
    return this.proto.opType;
  }

  get outputCount(): number {
    return this.proto.output.length;
  }

  /** What a layer made of it is called, if that is free. */
  get layerName(): string {
    return layerName(this.proto);
  }

  /** An input that is a tensor of the network. */
  flow(index: number): Flow {
    const value = this.inputs[index];
    if (value?.kind === 'flow') return value;
    throw new Unsupported(
      say`expected its input ${index + 1} to depend on the sequence, found ${inWords(value)}`,
    );
  }

  /** An input that is known from the file. */
  constant(index: number): Constant {
    const value = this.inputs[index];
    if (value?.kind === 'constant') return value;
    throw new Unsupported(
      say`expected its input ${index + 1} to be known from the file, found ${inWords(value)}`,
    );
  }

  optionalConstant(index: number): Constant | undefined {
    return this.inputs[index] ? this.constant(index) : undefined;
  }

  /** Whether nothing else reads an input. */
  readsAlone(index: number): boolean {
    return this.context.readsAlone(this.proto.input[index]);
  }

  has(name: string): boolean {
    return this.attribute(name) !== undefined;
  }

  integer(name: string, otherwise: number): number {
    const value = this.attribute(name)?.i;
    return value === undefined ? otherwise : Number(value);
  }

  float(name: string, otherwise: number): number {
    const value = this.attribute(name)?.f;
    return value === undefined ? otherwise : shortest(value);
  }

  text(name: string, otherwise: string): string {
    const value = this.attribute(name)?.s;
    return value ? new TextDecoder().decode(value) : otherwise;
  }

  integers(name: string): number[] | undefined {
    return this.attribute(name)?.ints.map(Number);
  }

  floats(name: string): readonly number[] {
    return (this.attribute(name)?.floats ?? []).map(shortest);
  }

  texts(name: string): string[] {
    return (this.attribute(name)?.strings ?? []).map((value) => new TextDecoder().decode(value));
  }

  tensor(name: string): TensorProto | undefined {
    return this.attribute(name)?.t;
  }

  graph(name: string): GraphProto | undefined {
    return this.attribute(name)?.g;
  }

  private attribute(name: string): AttributeProto | undefined {
    return this.proto.attribute.find((attribute) => attribute.name === name);
  }
}

/** The number with the fewest digits that is the same float32: 0.2 was written as 0.2. */
export function shortest(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return rounded;
  }
  return value;
}

function inWords(value: Value | undefined): string {
  switch (value?.kind) {
    case undefined:
      return say`none`;
    case 'flow':
      return say`one that depends on the sequence`;
    case 'constant':
      return say`a constant`;
    case 'given':
      return say`the input ${JSON.stringify(value.name)}`;
    case 'list':
      return say`a list of tensors`;
    case 'unknown':
      return say`one that is not known`;
  }
}

const MAX_NAME = 80;

/** `lstm` of a node `/lstm/LSTM`, as PyTorch names it; the name of its output where it has none. */
function layerName({ name, output, opType }: NodeProto): string {
  const parts = (name || output.find(Boolean) || opType).split('/').filter(Boolean);
  const last = parts.at(-1) ?? '';
  const number = last.startsWith(opType) ? /^_?\d*$/.exec(last.slice(opType.length))?.[0] : undefined;
  const own =
    parts.length > 1 && number !== undefined ? [...parts.slice(0, -2), parts.at(-2)! + number] : parts;
  return nameOf(own.join('/')) || opType;
}

/** A name of the file as one for a layer: without control characters, and not too long to read. */
export function nameOf(name: string): string {
  return name.replace(/[\u0000-\u001f\u007f]/g, '').slice(-MAX_NAME);
}

/** A node that was made of another format's operator, and is called by that one's name. */
export interface TranslatedNode extends NodeProto {
  readonly writtenAs: string;
}

/** `the LSTM "lstm"`, for messages. */
export function titleOf(node: NodeProto): string {
  const own = node.name || node.output.find(Boolean);
  return say`the ${typeOf(node)}${own ? ` ${JSON.stringify(own)}` : ''}`;
}

/** `the operator Sin of the node "wave"`, for messages. */
export function operatorOf(node: NodeProto): string {
  const { name, output } = node;
  const given = output.find(Boolean) ?? '';
  const own = name
    ? say`the node ${JSON.stringify(name)}`
    : say`the node that gives ${JSON.stringify(given)}`;
  return say`the operator ${typeOf(node)} of ${own}`;
}

function typeOf({ opType, domain, writtenAs }: NodeProto & Partial<TranslatedNode>): string {
  const type = writtenAs ?? (domain && domain !== 'ai.onnx' ? `${domain}.${opType}` : opType);
  return JSON.stringify(type).slice(1, -1);
}
