/** Links and attributes too many for an object's header: in a fractal heap (III.G), found by a B-tree (III.A.2). */
import { say } from '../../../words/say';
import type { Cursor, StructureReader } from './reader';

/** The link or attribute messages that the B-tree at `tree` lists in the heap at `heap`. Throws `TensorFileError`. */
export async function readDense(
  reader: StructureReader,
  heap: number,
  tree: number,
  what: string,
): Promise<Cursor[]> {
  const find = await openHeap(reader, heap);
  const messages: Cursor[] = [];
  for await (const record of readRecords(reader, tree)) {
    if (messages.length >= MAX_MESSAGES) throw record.fault(say`there are more than ${MAX_MESSAGES}`);
    messages.push(await find(record, what));
  }
  return messages;
}

const MAX_MESSAGES = 1 << 16;
/** Records of a B-tree by name: links have the name's hash before the place in the heap, attributes do not. */
const LINKS_BY_NAME = 5;
const ATTRIBUTES_BY_NAME = 8;
const HASH_BYTES = 4;
const NODE_PREFIX_BYTES = 6;
const CHECKSUM_BYTES = 4;

interface Tree {
  readonly type: number;
  readonly nodeBytes: number;
  readonly recordBytes: number;
}

/** Each record from its place in the heap on. */
async function* readRecords(reader: StructureReader, address: number): AsyncGenerator<Cursor> {
  const head = await reader.at(address, 34, 'a B-tree');
  const type = head.expectSignature('BTHD').skip(1).u8();
  const tree: Tree = { type, nodeBytes: head.u32(), recordBytes: head.u16() };
  const depth = head.u16();
  const root = head.skip(2).u64();
  const count = head.u16();
  if (type !== LINKS_BY_NAME && type !== ATTRIBUTES_BY_NAME) throw head.fault(say`type ${type} is not known`);
  if (count > 0) yield* readNode(reader, tree, root, count, depth);
}

async function* readNode(
  reader: StructureReader,
  tree: Tree,
  address: number,
  count: number,
  depth: number,
): AsyncGenerator<Cursor> {
  const node = await reader.at(address, tree.nodeBytes, say`a B-tree's node`);
  node.expectSignature(depth === 0 ? 'BTLF' : 'BTIN').skip(2);
  for (let k = 0; k < count; k++) {
    const record = node.part(tree.recordBytes, say`a B-tree's record`);
    yield tree.type === LINKS_BY_NAME ? record.skip(HASH_BYTES) : record;
  }
  if (depth === 0) return;
  const { countBytes, totalBytes } = childSizes(tree, depth);
  for (let k = 0; k <= count; k++) {
    const child = node.u64();
    const childCount = node.unsigned(countBytes);
    node.skip(totalBytes);
    yield* readNode(reader, tree, child, childCount, depth - 1);
  }
}

/** Bytes of the numbers that stand beside a child's address: its records, and those below it if it is no leaf. */
function childSizes({ nodeBytes, recordBytes }: Tree, depth: number) {
  let most = Math.floor((nodeBytes - NODE_PREFIX_BYTES - CHECKSUM_BYTES) / recordBytes);
  const countBytes = bytesFor(most);
  let totalBytes = 0;
  let total = most;
  for (let level = 1; level < depth; level++) {
    const pointer = 8 + countBytes + totalBytes;
    most = Math.floor((nodeBytes - NODE_PREFIX_BYTES - CHECKSUM_BYTES - pointer) / (recordBytes + pointer));
    total = (most + 1) * total + most;
    totalBytes = bytesFor(total);
  }
  return { countBytes, totalBytes };
}

function bytesFor(most: number): number {
  return Math.max(1, Math.ceil(Math.log2(most + 1) / 8));
}

/** Reads an object of the heap by its ID. */
type Find = (id: Cursor, what: string) => Promise<Cursor>;

async function openHeap(reader: StructureReader, address: number): Promise<Find> {
  const head = await reader.at(address, 142, say`a fractal heap`);
  const idBytes = head.expectSignature('FRHP').skip(1).u16();
  if (head.u16() > 0) throw head.fault(say`it is packed, which is not read here`);
  const width = head.skip(101).u16();
  const first = head.u64();
  const largest = head.u64();
  const offsetBytes = Math.ceil(head.u16() / 8);
  const root = head.skip(2).u64();
  const rows = head.u16();
  const sizeBytes = idBytes - 1 - offsetBytes;
  if (sizeBytes < 1 || first < 1 || width < 1) throw head.fault(say`its sizes contradict one another`);

  /** Row 0 and 1 have blocks of the first size, every further one of twice the size of the row before. */
  const blockBytes = (row: number) => first * 2 ** Math.max(0, row - 1);
  const rowStart = (row: number) => (row === 0 ? 0 : width * first * 2 ** (row - 1));

  return async (id, what) => {
    const kind = (id.u8() >> 4) & 3;
    if (kind !== 0) throw head.fault(say`it keeps an object apart, which is not read here`);
    const offset = id.unsigned(offsetBytes);
    const size = id.unsigned(sizeBytes);
    if (rows === 0) return reader.at(root + offset, size, what);
    let row = 0;
    while (row + 1 < rows && rowStart(row + 1) <= offset) row++;
    if (blockBytes(row) > largest) throw head.fault(say`it is larger than is read here`);
    const column = Math.floor((offset - rowStart(row)) / blockBytes(row));
    const prefix = 5 + 8 + offsetBytes;
    const entry = await reader.at(
      root + prefix + 8 * (row * width + column),
      8,
      say`a block of a fractal heap`,
    );
    const within = offset - rowStart(row) - column * blockBytes(row);
    return reader.at(entry.u64() + within, size, what);
  };
}
