/** Ways to spoil a file. */
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { parseTree, type Node } from 'jsonc-parser';
import type { Random } from '../../src/model/random';

export type Spoil = (bytes: Uint8Array, source: Random) => Uint8Array;

export const below = (source: Random, end: number): number => Math.floor(source.uniform() * end);

const pick = <T>(source: Random, values: readonly T[]): T => values[below(source, values.length)];

export const WAYS: Readonly<Record<string, Spoil>> = {
  truncated: (bytes, source) => bytes.slice(0, below(source, bytes.length)),
  'bit-flipped': (bytes, source) => {
    const spoilt = bytes.slice();
    for (let flips = 1 + below(source, 8); flips > 0; flips--) {
      spoilt[below(source, spoilt.length)] ^= 1 << below(source, 8);
    }
    return spoilt;
  },
  shuffled: (bytes, source) => {
    const cuts = [0, 1, 2, 3].map(() => below(source, bytes.length)).sort((a, b) => a - b);
    const parts = [...cuts, bytes.length].map((end, k) => bytes.slice(k === 0 ? 0 : cuts[k - 1], end));
    for (let k = parts.length - 1; k > 0; k--) {
      const other = below(source, k + 1);
      [parts[k], parts[other]] = [parts[other], parts[k]];
    }
    const spoilt = new Uint8Array(bytes.length);
    let at = 0;
    for (const part of parts) {
      spoilt.set(part, at);
      at += part.length;
    }
    return spoilt;
  },
  'other values': (bytes, source) => {
    if (looksLikeJson(bytes)) return strToU8(otherJson(strFromU8(bytes), source));
    const zipped = bytes[0] === 0x50 && bytes[1] === 0x4b;
    if (bytes[0] === PROTO && source.uniform() < 0.5) return otherOperations(bytes, source);
    return (zipped && inZip(bytes, source)) || inHeader(bytes, source) || overwritten(bytes, source);
  },
};

function looksLikeJson(bytes: Uint8Array): boolean {
  return [0x7b, 0x5b].includes(bytes.find((byte) => byte > 0x20) ?? 0);
}

const DEEP = 1000;
const VALUES = [
  ...['null', 'true', '[]', '{}', '""', '"x"', '[[]]', '[0]', '{"a": 1}', '{"__proto__": {"a": 1}}'],
  ...['0', '-1', '1', '0.5', '1e15', '4294967296', '1e999', '-1e-300', '9007199254740993'],
  '['.repeat(DEEP) + ']'.repeat(DEEP),
];
const KEYS = ['"__proto__"', '"constructor"', '""', '"name"'];
/** Lists of weights are long, and every number in them is like any other. */
const LIST_ITEMS = 6;

/** One to three changes of values, keys or whole parts; text that is no JSON comes back as it is. */
export function otherJson(text: string, source: Random): string {
  let changed = text;
  for (let changes = 1 + below(source, 3); changes > 0; changes--) {
    const root = parseTree(changed, [], { allowTrailingComma: true });
    if (!root) return changed;
    const nodes = nodesOf(root);
    const node = pick(source, nodes);
    const other = pick(source, nodes);
    const copy = changed.slice(other.offset, other.offset + other.length);
    const put = (value: string, { offset, length }: Pick<Node, 'offset' | 'length'> = node) =>
      `${changed.slice(0, offset)}${value}${changed.slice(offset + length)}`;
    const property = node.parent?.type === 'property' ? node.parent : undefined;
    switch (below(source, 5)) {
      case 0:
        changed = put(copy);
        break;
      case 1:
        if (property) changed = put('"left": 0', property);
        break;
      case 2:
        if (property) changed = put(pick(source, KEYS), property.children![0]);
        break;
      case 3:
        if (property) {
          const twice = changed.slice(property.offset, property.offset + property.length);
          changed = put(`${twice}, ${twice}`, property);
        }
        break;
      default:
        changed = put(pick(source, VALUES));
    }
  }
  return changed;
}

function nodesOf(root: Node): Node[] {
  const nodes: Node[] = [];
  const visit = (node: Node): void => {
    if (node.type !== 'property') nodes.push(node);
    if (node.type === 'property') visit(node.children![1] ?? node.children![0]);
    else if (node.type === 'array') node.children?.slice(0, LIST_ITEMS).forEach(visit);
    else node.children?.forEach(visit);
  };
  visit(root);
  return nodes;
}

/** In one of the files of an archive; undefined if it is none. */
function inZip(bytes: Uint8Array, source: Random): Uint8Array | undefined {
  try {
    const entries = unzipSync(bytes);
    const name = pick(source, Object.keys(entries));
    entries[name] = new Uint8Array(WAYS['other values'](entries[name], source));
    return zipSync(entries, { level: 0 });
  } catch {
    return undefined;
  }
}

/** In the JSON header of a safetensors file; undefined if it is none. */
function inHeader(bytes: Uint8Array, source: Random): Uint8Array | undefined {
  if (bytes.length < 10) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  if (length > bytes.length - 8 || bytes[8] !== 0x7b) return undefined;
  const header = strToU8(otherJson(strFromU8(bytes.subarray(8, 8 + length)), source));
  const spoilt = new Uint8Array(8 + header.length + bytes.length - 8 - length);
  new DataView(spoilt.buffer).setBigUint64(0, BigInt(header.length), true);
  spoilt.set(header, 8);
  spoilt.set(bytes.subarray(8 + length), 8 + header.length);
  return spoilt;
}

/** The opcode that pickles begin with. */
const PROTO = 0x80;
/** Opcodes that make, call, copy and hold together, and arguments that name no value. */
const OPERATIONS = [...'()0125]}abcdehlqrstuGJKNOQRX.'].map((code) => code.charCodeAt(0));
/** The operations of a legacy file's pickles stand before its numbers. */
const OPERATION_BYTES = 2000;

/** One to four bytes of a pickle, mostly opcodes, made others. */
function otherOperations(bytes: Uint8Array, source: Random): Uint8Array {
  const spoilt = bytes.slice();
  for (let changes = 1 + below(source, 4); changes > 0; changes--) {
    spoilt[below(source, Math.min(OPERATION_BYTES, spoilt.length))] = pick(source, OPERATIONS);
  }
  return spoilt;
}

/** Numbers of one to eight bytes that sizes, offsets and counts are likely to be spoilt by. */
function overwritten(bytes: Uint8Array, source: Random): Uint8Array {
  const spoilt = bytes.slice();
  const width = pick(source, [1, 2, 4, 8]);
  const filling = pick(source, [0x00, 0xff, 0x7f, 0x80, 0x01]);
  const at = below(source, Math.max(1, bytes.length - width));
  spoilt.fill(filling, at, at + width);
  return spoilt;
}
