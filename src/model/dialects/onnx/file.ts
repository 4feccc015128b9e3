/**
 * An ONNX file: its graph, decoded by ONNX's own schema, and its large tensors, left where they are. A message's fields
 * may stand in pieces (protobuf.dev, "Encoding", last one wins and merge), so the graph is decoded without the bytes of
 * its initialisers.
 */
import { fromBinary, type DescMessage, type MessageShape } from '@bufbuild/protobuf';
import type { GenMessage } from '@bufbuild/protobuf/codegenv2';
import type { Message } from '@bufbuild/protobuf';
import { WireType } from '@bufbuild/protobuf/wire';
import type { ByteSource } from '../../../files/folder';
import { say } from '../../../words/say';
import { inUnits, limitInWords, type Limits } from '../../limits';
import { TensorFileError } from '../../tensors/bytes';
import {
  GraphProtoSchema,
  ModelProtoSchema,
  TensorProtoSchema,
  type GraphProto,
  type ModelProto,
  type TensorProto,
} from './schema/onnx_pb';
import { decodedBytes, WireFile, type Field, type Range } from './wire';

export interface OnnxFile {
  /** Without its graph. */
  readonly model: ModelProto;
  /** Without its initialisers. */
  readonly graph: GraphProto;
  readonly initializers: readonly Initializer[];
}

/** A tensor of which the large fields were not read. */
export interface Initializer {
  readonly tensor: TensorProto;
  /** Where the values are, little-endian, one stretch after the other; none where `tensor` has them. */
  readonly left: readonly Range[];
}

/** Fields of onnx.proto. */
const MODEL = { graph: 7 };
const GRAPH = { initializer: 5 };
const TENSOR = { floatData: 4, rawData: 9, doubleData: 10 };

/** Smaller ones are read with the rest: they may be shapes and axes. */
const SMALL_BYTES = 4096;

/** Throws `TensorFileError` for a file that is damaged, or would take more memory than the limit without its tensors. */
export async function readOnnxFile(bytes: ByteSource, limits: Limits): Promise<OnnxFile> {
  const file = new WireFile(bytes);
  let left = limits.memory;
  const decode = async <D extends DescMessage>(
    desc: D,
    ranges: readonly Range[],
  ): Promise<MessageShape<D>> => {
    const size = ranges.reduce((sum, [start, end]) => sum + end - start, 0);
    if (size > left) {
      throw new TensorFileError(
        say`${inUnits(size)} beside the tensors are beyond the limit of ${limitInWords(limits)}`,
      );
    }
    const part = await file.joined(ranges);
    return decoded(desc, part, (taken) => (left -= taken), { ...limits, memory: left });
  };
  const inModel = await file.fields([0, file.size]);
  const graphs = inModel.filter((field) => holds(field, MODEL.graph));
  if (graphs.length === 0) throw new TensorFileError(say`the model has no graph`);
  let inGraph: readonly Field[] = [];
  for (const { contentStart, end } of graphs)
    inGraph = inGraph.concat(await file.fields([contentStart, end]));
  const initializers: Initializer[] = [];
  for (const field of inGraph.filter((one) => holds(one, GRAPH.initializer))) {
    const inTensor = await file.fields([field.contentStart, field.end]);
    const large = inTensor.filter(isLarge);
    const tensor = await decode(TensorProtoSchema, rangesOf(inTensor.filter((one) => !isLarge(one))));
    initializers.push({ tensor, left: large.map(({ contentStart, end }) => [contentStart, end]) });
  }
  return {
    model: await decode(ModelProtoSchema, rangesOf(inModel.filter((one) => !holds(one, MODEL.graph)))),
    graph: await decode(GraphProtoSchema, rangesOf(inGraph.filter((one) => !holds(one, GRAPH.initializer)))),
    initializers,
  };
}

function holds({ number, wireType }: Field, wanted: number): boolean {
  return number === wanted && wireType === WireType.LengthDelimited;
}

function isLarge(field: Field): boolean {
  const numbers = Object.values(TENSOR).some((number) => holds(field, number));
  return numbers && field.end - field.contentStart > SMALL_BYTES;
}

function rangesOf(fields: readonly Field[]): Range[] {
  return fields.map(({ start, end }) => [start, end]);
}

function decoded<D extends DescMessage>(
  desc: D,
  bytes: Uint8Array,
  take: (bytes: number) => void,
  limits: Limits,
): MessageShape<D> {
  try {
    take(decodedBytes(desc, bytes, limits));
    return fromBinary(desc as D & GenMessage<Message>, bytes, {
      readUnknownFields: false,
    }) as MessageShape<D>;
  } catch (error) {
    if (error instanceof TensorFileError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new TensorFileError(say`the file is damaged or no ONNX model: ${reason}`);
  }
}
