/** A TensorFlow Lite model as plain data: the tables of tensorflow/lite/schema/schema.fbs, as far as they are needed. */
import { say } from '../../../words/say';
import type { Table } from './flatbuffer';
import { FlatBuffer, type Range } from './flatbuffer';
import { BUILTIN_OPERATORS } from './builtinOperators';
import { TensorFileError } from '../../tensors/bytes';

export interface TfliteModel {
  readonly description: string;
  readonly subgraphs: readonly Subgraph[];
  readonly bytes: Uint8Array;
}

export interface Subgraph {
  readonly tensors: readonly TfliteTensor[];
  /** Of `tensors`. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly operators: readonly TfliteOperator[];
}

export interface TfliteTensor {
  readonly name: string;
  /** −1 is a size that changes from call to call. */
  readonly shape: readonly number[];
  /** A `TensorType`. */
  readonly type: number;
  /** Of a constant: where its values are. */
  readonly data?: Range;
  /** Whether operators keep a state in it between calls. */
  readonly variable: boolean;
  readonly quantization?: Quantization;
}

/** value = scale · (stored − zero point): one of each, or one for each place along `axis`. */
export interface Quantization {
  readonly scales: readonly number[];
  readonly zeroPoints: readonly number[];
  readonly axis: number;
}

export interface TfliteOperator {
  /** `FULLY_CONNECTED`, or what a custom one calls itself. */
  readonly type: string;
  readonly custom: boolean;
  /** Of the subgraph's tensors; −1 is one that is left out. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly options?: Table;
}

const MODEL = { operatorCodes: 1, subgraphs: 2, description: 3, buffers: 4 };
const OPERATOR_CODE = { oldBuiltin: 0, custom: 1, builtin: 3 };
const SUBGRAPH = { tensors: 0, inputs: 1, outputs: 2, operators: 3 };
const TENSOR = { shape: 0, type: 1, buffer: 2, name: 3, quantization: 4, variable: 5, signature: 7 };
const QUANTIZATION = { scale: 2, zeroPoint: 3, axis: 6 };
const OPERATOR = { code: 0, inputs: 1, outputs: 2, options: 4 };
const BUFFER = { data: 0, offset: 1, size: 2 };

const CUSTOM = 'CUSTOM';

/** Throws `TensorFileError` for a file that is damaged. */
export function parseTflite(bytes: Uint8Array): TfliteModel {
  const { root } = new FlatBuffer(bytes);
  const codes = root.tables(MODEL.operatorCodes).map(operatorCode);
  const buffers = root.tables(MODEL.buffers).map((table) => bufferRange(table, bytes.byteLength));
  return {
    description: root.text(MODEL.description),
    subgraphs: root.tables(MODEL.subgraphs).map((table) => subgraph(table, codes, buffers)),
    bytes,
  };
}

interface OperatorCode {
  readonly type: string;
  readonly custom: boolean;
}

function operatorCode(table: Table): OperatorCode {
  const old = table.i8(OPERATOR_CODE.oldBuiltin);
  const code = Math.max(old, table.i32(OPERATOR_CODE.builtin));
  const type = BUILTIN_OPERATORS[code] ?? say`operator ${code}`;
  if (type !== CUSTOM) return { type, custom: false };
  return { type: table.text(OPERATOR_CODE.custom) || CUSTOM, custom: true };
}

/** Models beyond 2 GB have their buffers behind the FlatBuffer, by offset and size. */
function bufferRange(table: Table, size: number): Range | undefined {
  const start = table.i64(BUFFER.offset);
  const length = table.i64(BUFFER.size);
  if (start <= 1) return table.range(BUFFER.data);
  if (length >= 0 && start + length <= size) return { start, end: start + length };
  throw new TensorFileError(
    say`a buffer is said to be at offset ${start}, ${length} bytes long, but the file has ${size} bytes: it is truncated`,
  );
}

function subgraph(
  table: Table,
  codes: readonly OperatorCode[],
  buffers: readonly (Range | undefined)[],
): Subgraph {
  const tensors = table.tables(SUBGRAPH.tensors).map((one) => tensor(one, buffers));
  const indices = (list: readonly number[]) => {
    const wrong = list.find((index) => index < -1 || index >= tensors.length);
    if (wrong === undefined) return list;
    throw new TensorFileError(
      say`expected a tensor's number below ${tensors.length}, found ${wrong}: the file is damaged`,
    );
  };
  const operators = table.tables(SUBGRAPH.operators).map((one): TfliteOperator => {
    const code = codes[one.u32(OPERATOR.code)];
    if (!code)
      throw new TensorFileError(
        say`operator code ${one.u32(OPERATOR.code)} is not there: the file is damaged`,
      );
    const options = one.table(OPERATOR.options);
    return {
      ...code,
      inputs: indices(one.i32s(OPERATOR.inputs)),
      outputs: indices(one.i32s(OPERATOR.outputs)),
      ...(options && { options }),
    };
  });
  return {
    tensors,
    inputs: indices(table.i32s(SUBGRAPH.inputs)),
    outputs: indices(table.i32s(SUBGRAPH.outputs)),
    operators,
  };
}

function tensor(table: Table, buffers: readonly (Range | undefined)[]): TfliteTensor {
  const shape = table.i32s(TENSOR.shape);
  const signature = table.i32s(TENSOR.signature);
  const data = buffers[table.u32(TENSOR.buffer)];
  const scales = table.table(TENSOR.quantization);
  const quantization = scales && quantizationOf(scales);
  return {
    name: table.text(TENSOR.name),
    shape: signature.length === shape.length ? signature : shape,
    type: table.i8(TENSOR.type),
    variable: table.i8(TENSOR.variable) !== 0,
    ...(data && data.end > data.start && { data }),
    ...(quantization && { quantization }),
  };
}

function quantizationOf(table: Table): Quantization | undefined {
  const scales = table.f32s(QUANTIZATION.scale);
  if (scales.length === 0) return undefined;
  return { scales, zeroPoints: table.i64s(QUANTIZATION.zeroPoint), axis: table.i32(QUANTIZATION.axis) };
}
