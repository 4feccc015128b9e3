/** ONNX models built by hand from their schema, for fixtures and tests. */
import { create, toBinary } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType as Attribute,
  AttributeProtoSchema,
  FunctionProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  TensorProto_DataLocation,
  TensorProto_DataType as Type,
  TensorProtoSchema,
  ValueInfoProtoSchema,
  type AttributeProto,
  type FunctionProto,
  type GraphProto,
  type NodeProto,
  type OperatorSetIdProto,
  type TensorProto,
  type ValueInfoProto,
} from '../../../../src/model/dialects/onnx/schema/onnx_pb';

export { Attribute, Type };

type AttributeValue =
  | number
  | string
  | readonly number[]
  | readonly string[]
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | { readonly tensor: TensorProto }
  | { readonly graph: GraphProto }
  | { readonly attributeOfCall: string; readonly type: number };

/** Names of steps, for axes that a file leaves open, or sizes. */
export type Dims = readonly (number | string)[];

export function node(
  opType: string,
  input: readonly string[],
  output: readonly string[],
  attributes: Readonly<Record<string, AttributeValue>> = {},
  more: Partial<NodeProto> = {},
): NodeProto {
  const attribute = Object.entries(attributes).map(([name, value]) => attributeOf(name, value));
  return create(NodeProtoSchema, {
    opType,
    input: [...input],
    output: [...output],
    attribute,
    ...more,
  } as never);
}

function attributeOf(name: string, value: AttributeValue): AttributeProto {
  const made = (fields: Partial<AttributeProto>) =>
    create(AttributeProtoSchema, { name, ...fields } as never);
  const bytes = (text: string) => new TextEncoder().encode(text);
  if (typeof value === 'number') return made({ type: Attribute.INT, i: BigInt(value) });
  if (typeof value === 'string') return made({ type: Attribute.STRING, s: bytes(value) });
  if ('float' in value) return made({ type: Attribute.FLOAT, f: value.float });
  if ('floats' in value) return made({ type: Attribute.FLOATS, floats: [...value.floats] });
  if ('tensor' in value) return made({ type: Attribute.TENSOR, t: value.tensor });
  if ('attributeOfCall' in value) return made({ type: value.type, refAttrName: value.attributeOfCall });
  if ('graph' in value) return made({ type: Attribute.GRAPH, g: value.graph });
  if (typeof value[0] === 'string')
    return made({ type: Attribute.STRINGS, strings: (value as string[]).map(bytes) });
  return made({ type: Attribute.INTS, ints: (value as number[]).map(BigInt) });
}

/** A tensor of float32, its values as bytes. */
export function floats(name: string, dims: readonly number[], values: ArrayLike<number>): TensorProto {
  const rawData = new Uint8Array(Float32Array.from(values).buffer);
  return tensor(name, dims, Type.FLOAT, { rawData });
}

/** A tensor of int64, its values as a list. */
export function int64s(name: string, dims: readonly number[], values: readonly number[]): TensorProto {
  return tensor(name, dims, Type.INT64, { int64Data: values.map(BigInt) });
}

export function tensor(
  name: string,
  dims: readonly number[],
  dataType: number,
  more: Partial<TensorProto>,
): TensorProto {
  return create(TensorProtoSchema, { name, dims: dims.map(BigInt), dataType, ...more } as never);
}

/** A tensor of which the values lie in a file beside the model's. */
export function external(
  { name, dims, dataType }: TensorProto,
  entries: Readonly<Record<string, string>>,
): TensorProto {
  const externalData = Object.entries(entries).map(([key, value]) => ({ key, value }));
  return tensor(name, dims.map(Number), dataType, {
    dataLocation: TensorProto_DataLocation.EXTERNAL,
    externalData: externalData as never,
  });
}

export interface GraphParts {
  readonly nodes: readonly NodeProto[];
  /** Of float32, or of another type. */
  readonly inputs?: Readonly<Record<string, Dims | { readonly dims: Dims; readonly type: number }>>;
  readonly outputs: readonly string[];
  readonly initializers?: readonly TensorProto[];
}

export function graph({ nodes, inputs = {}, outputs, initializers = [] }: GraphParts): GraphProto {
  return create(GraphProtoSchema, {
    name: 'graph',
    node: [...nodes],
    input: Object.entries(inputs).map(([name, given]) =>
      'dims' in given ? valueInfo(name, given.type, given.dims) : valueInfo(name, Type.FLOAT, given),
    ),
    output: outputs.map((name) => valueInfo(name, Type.FLOAT)),
    initializer: [...initializers],
  } as never);
}

function valueInfo(name: string, elemType: number, dims?: Dims): ValueInfoProto {
  const dim = dims?.map((size) => ({
    value:
      typeof size === 'number'
        ? { case: 'dimValue', value: BigInt(size) }
        : { case: 'dimParam', value: size },
  }));
  const value = { elemType, ...(dim && { shape: { dim } }) };
  return create(ValueInfoProtoSchema, { name, type: { value: { case: 'tensorType', value } } } as never);
}

export interface ModelOptions {
  readonly opset?: number;
  readonly producer?: string;
  readonly irVersion?: number;
  readonly functions?: readonly FunctionProto[];
  /** Versions of further domains. */
  readonly domains?: Readonly<Record<string, number>>;
}

export function model(
  of: GraphParts | GraphProto,
  { opset = 14, producer = '', irVersion = 8, functions = [], domains = {} }: ModelOptions = {},
): Uint8Array {
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: BigInt(irVersion),
      producerName: producer,
      opsetImport: versionsOf(opset, domains),
      functions: [...functions],
      graph: 'nodes' in of ? graph(of) : of,
    } as never),
  );
}

function versionsOf(opset: number, domains: Readonly<Record<string, number>> = {}): OperatorSetIdProto[] {
  return Object.entries({ '': opset, ...domains }).map(([domain, version]) =>
    create(OperatorSetIdProtoSchema, { domain, version: BigInt(version) }),
  );
}

export interface FunctionParts {
  readonly domain: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly nodes: readonly NodeProto[];
  readonly attributes?: readonly string[];
  /** Attributes that a call may leave out. */
  readonly defaults?: Readonly<Record<string, AttributeValue>>;
  readonly overload?: string;
  readonly opset?: number;
  /** Versions of further domains. */
  readonly domains?: Readonly<Record<string, number>>;
}

/** A function of the model's own. */
export function localFunction(of: FunctionParts): FunctionProto {
  const { inputs, outputs, nodes, attributes = [], defaults = {}, opset = 14, domains, ...named } = of;
  return create(FunctionProtoSchema, {
    ...named,
    ...{ input: [...inputs], output: [...outputs], node: [...nodes], attribute: [...attributes] },
    attributeProto: Object.entries(defaults).map(([name, value]) => attributeOf(name, value)),
    opsetImport: versionsOf(opset, domains),
  } as never);
}

/** Numbers of few digits between −1 and 1, the same for the same seed. */
export function numbers(seed: number): (count: number, scale?: number) => Float32Array {
  let state = seed * 2654435761 + 1;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
  return (count, scale = 1) =>
    Float32Array.from({ length: count }, () => Math.round(next() * scale * 1e4) / 1e4);
}

const GATES = { RNN: 1, GRU: 3, LSTM: 4 };

export interface CellOptions {
  readonly inputs?: number;
  readonly hidden?: number;
  readonly directions?: 1 | 2;
  readonly bias?: boolean;
  readonly peepholes?: boolean;
  readonly scale?: number;
  readonly seed?: number;
  /** Before the names of its tensors. */
  readonly prefix?: string;
}

/** Weights of a recurrent node, and the names of its inputs W, R, B as far as it has them. */
export function cell(
  type: keyof typeof GATES,
  {
    inputs = 3,
    hidden = 4,
    directions = 1,
    bias = true,
    peepholes = false,
    scale = 1,
    seed = 1,
    prefix = '',
  }: CellOptions = {},
): {
  readonly tensors: readonly TensorProto[];
  readonly names: readonly string[];
  readonly peephole: string;
} {
  const rows = GATES[type] * hidden;
  const next = numbers(seed);
  const made = (name: string, dims: readonly number[]) =>
    floats(
      prefix + name,
      dims,
      next(
        dims.reduce((a, b) => a * b),
        scale,
      ),
    );
  const tensors = [
    made('W', [directions, rows, inputs]),
    made('R', [directions, rows, hidden]),
    ...(bias ? [made('B', [directions, 2 * rows])] : []),
    ...(peepholes ? [made('P', [directions, 3 * hidden])] : []),
  ];
  return {
    tensors,
    names: [`${prefix}W`, `${prefix}R`, ...(bias ? [`${prefix}B`] : [''])],
    peephole: `${prefix}P`,
  };
}
