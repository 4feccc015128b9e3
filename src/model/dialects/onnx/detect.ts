/** Tells an ONNX model by its first fields, since ONNX has no magic number. */
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

const { Varint, LengthDelimited } = WireType;
/** Of ModelProto in onnx.proto: ir_version, producer_name and _version, domain, model_version, doc_string, … */
const MODEL_FIELDS = new Map<number, WireType>([
  ...([1, 5] as const).map((number) => [number, Varint] as const),
  ...([2, 3, 4, 6, 7, 8, 14, 20, 25, 26] as const).map((number) => [number, LengthDelimited] as const),
]);
const IR_VERSION = 1;
const TEXTS = [2, 3, 4, 6];
const GRAPH = 7;
/** Of GraphProto: node, name, initializer, doc_string, input, output, value_info, … */
const GRAPH_FIELDS = [1, 2, 5, 10, 11, 12, 13, 14, 15, 16];
const MAX_IR_VERSION = 100;

/** Whether a file that begins with `head` is a ModelProto up to its graph. A SavedModel begins alike, but has no texts. */
export function looksLikeOnnx(head: Uint8Array): boolean {
  const reader = new BinaryReader(head);
  let irVersion = 0;
  try {
    while (reader.pos < head.byteLength) {
      const [number, wireType] = reader.tag();
      if (MODEL_FIELDS.get(number) !== wireType) return false;
      if (wireType === Varint) {
        const value = Number(reader.uint64());
        if (number === IR_VERSION) irVersion = value;
        continue;
      }
      const end = reader.uint32() + reader.pos;
      const content = head.subarray(reader.pos, end);
      if (number === GRAPH) return isVersion(irVersion) && beginsAsGraph(content);
      if (TEXTS.includes(number) && content.some((byte) => byte < 0x20 && !isSpace(byte))) return false;
      if (end > head.byteLength) return isVersion(irVersion) && number !== 8;
      reader.pos = end;
    }
  } catch {
    return false;
  }
  return false;
}

function isVersion(version: number): boolean {
  return version > 0 && version <= MAX_IR_VERSION;
}

function isSpace(byte: number): boolean {
  return byte === 0x09 || byte === 0x0a || byte === 0x0d;
}

function beginsAsGraph(content: Uint8Array): boolean {
  if (content.byteLength === 0) return true;
  const [number, wireType] = new BinaryReader(content).tag();
  return wireType === LengthDelimited && GRAPH_FIELDS.includes(number);
}
