/** ONNX models written by hand: just enough of the protocol buffer (onnx/onnx.proto) for benchmark and fixtures. */

/** Field `number` with the bytes of a message, string or packed array. */
function field(number: number, bytes: Uint8Array | string): Buffer {
  const data = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
  return Buffer.concat([varint((number << 3) | 2), varint(data.length), data]);
}

function integer(number: number, value: number): Buffer {
  return Buffer.concat([varint(number << 3), varint(value)]);
}

function varint(value: number): Buffer {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value & 127) | 128);
  return Buffer.from([...bytes, value]);
}

type Attribute =
  | number
  | string
  | Buffer
  | readonly number[]
  | { readonly float: number }
  | readonly string[]
  | { readonly floats: readonly number[] };

function float(number: number, value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([varint((number << 3) | 5), bytes]);
}

/** NodeProto. */
export function node(
  type: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, Attribute>> = {},
): Buffer {
  return Buffer.concat([
    ...inputs.map((name) => field(1, name)),
    ...outputs.map((name) => field(2, name)),
    field(4, type),
    ...Object.entries(attributes).map(([name, value]) => field(5, attribute(name, value))),
  ]);
}

/** AttributeProto: an integer, a string, a graph, a float, floats, strings or integers. */
function attribute(name: string, value: Attribute): Buffer {
  if (typeof value === 'number') return Buffer.concat([field(1, name), integer(3, value), integer(20, 2)]);
  if (typeof value === 'string') return Buffer.concat([field(1, name), field(4, value), integer(20, 3)]);
  if (Buffer.isBuffer(value)) return Buffer.concat([field(1, name), field(6, value), integer(20, 5)]);
  if ('float' in value) return Buffer.concat([field(1, name), float(2, value.float), integer(20, 1)]);
  if ('floats' in value) {
    return Buffer.concat([field(1, name), ...value.floats.map((v) => float(7, v)), integer(20, 6)]);
  }
  if (typeof value[0] === 'string') {
    return Buffer.concat([field(1, name), ...(value as string[]).map((v) => field(9, v)), integer(20, 8)]);
  }
  return Buffer.concat([field(1, name), ...(value as number[]).map((v) => integer(8, v)), integer(20, 7)]);
}

/** TensorProto of float32. */
export function initializer(name: string, shape: readonly number[], data: Float32Array): Buffer {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return Buffer.concat([...shape.map((n) => integer(1, n)), integer(2, 1), field(8, name), field(9, bytes)]);
}

/** ValueInfoProto of a float32 tensor. */
function valueInfo(name: string, shape: readonly number[]): Buffer {
  const dimensions = Buffer.concat(shape.map((n) => field(1, integer(1, n))));
  const tensor = Buffer.concat([integer(1, 1), field(2, dimensions)]);
  return Buffer.concat([field(1, name), field(2, field(1, tensor))]);
}

type Shapes = Readonly<Record<string, readonly number[]>>;

/** GraphProto. */
export function graph(
  nodes: readonly Buffer[],
  inputs: Shapes,
  outputs: Shapes,
  initializers: readonly Buffer[] = [],
): Buffer {
  return Buffer.concat([
    ...nodes.map((bytes) => field(1, bytes)),
    field(2, 'graph'),
    ...initializers.map((bytes) => field(5, bytes)),
    ...Object.entries(inputs).map(([name, shape]) => field(11, valueInfo(name, shape))),
    ...Object.entries(outputs).map(([name, shape]) => field(12, valueInfo(name, shape))),
  ]);
}

/** ModelProto of operator set 14. */
export function model(content: Buffer): Buffer {
  return Buffer.concat([integer(1, 8), field(7, content), field(8, integer(2, 14))]);
}
