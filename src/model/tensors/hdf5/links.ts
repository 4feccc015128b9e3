import { say } from '../../../words/say';
import { readDense } from './dense';
import { isSet, type Cursor, type StructureReader } from './reader';
import { MESSAGE, messageOf, type Message } from './messages';

/** Where a name of a group leads: to an object in this file, or elsewhere. */
export type Link = { readonly address: number } | { readonly elsewhere: 'soft' | 'external' };
export type Links = ReadonlyMap<string, Link>;

/** The names in a group. Throws `TensorFileError`. */
export async function readLinks(reader: StructureReader, messages: readonly Message[]): Promise<Links> {
  const table = messageOf(messages, MESSAGE.symbolTable);
  if (table) return readSymbolTable(reader, table.u64(), table.u64());
  const info = messageOf(messages, MESSAGE.linkInfo);
  if (info) {
    const flags = info.skip(1).u8();
    const heap = info.skip(flags & 1 ? 8 : 0).u64();
    if (isSet(heap)) return new Map((await readDense(reader, heap, info.u64(), say`a link`)).map(readLink));
  }
  const links = messages.filter(({ type }) => type === MESSAGE.link).map(({ body }) => readLink(body()));
  return new Map(links);
}

const HARD = 0;
const SOFT = 1;

/** IV.A.2.g. */
function readLink(message: Cursor): [string, Link] {
  const flags = message.skip(1).u8();
  const type = flags & 0x08 ? message.u8() : HARD;
  if (flags & 0x04) message.skip(8);
  if (flags & 0x10) message.skip(1);
  const name = message.text(message.unsigned(1 << (flags & 3)));
  if (type === HARD) return [name, { address: message.u64() }];
  return [name, { elsewhere: type === SOFT ? 'soft' : 'external' }];
}

const MAX_NAME_BYTES = 1024;
const MAX_NAMES = 1 << 16;
const SOFT_IN_TABLE = 2;
const ENTRY_BYTES = 40;

/** A group of the older kind: a B-tree of tables, whose names are in a local heap (III.A.1, III.B – D). */
async function readSymbolTable(reader: StructureReader, tree: number, heap: number): Promise<Links> {
  const header = await reader.at(heap, 32, say`a group's heap`);
  const size = header.expectSignature('HEAP').skip(4).u64();
  const data = header.skip(8).u64();
  const links = new Map<string, Link>();
  for await (const address of leavesOf(reader, tree)) {
    const head = await reader.at(address, 8, say`a group's table`);
    const count = head.expectSignature('SNOD').skip(2).u16();
    const entries = await reader.at(address + 8, count * ENTRY_BYTES, say`a group's table`);
    for (let k = 0; k < count; k++) {
      const at = entries.u64();
      const object = entries.u64();
      const isSoft = entries.u32() === SOFT_IN_TABLE;
      entries.skip(20);
      const room = Math.min(MAX_NAME_BYTES, size - at);
      const name = untilZero(await reader.at(data + at, Math.max(0, room), say`the name of an object`));
      if (links.size >= MAX_NAMES) throw head.fault(say`the group has more than ${MAX_NAMES} names`);
      links.set(name, isSoft ? { elsewhere: 'soft' } : { address: object });
    }
  }
  return links;
}

function untilZero(cursor: Cursor): string {
  const bytes = cursor.bytes(cursor.left);
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

const GROUP_NODE = 0;

/** Addresses of the tables that a group's B-tree leads to. Levels must fall, so that nothing can lead in circles. */
async function* leavesOf(reader: StructureReader, address: number, below = Infinity): AsyncGenerator<number> {
  const head = await reader.at(address, 24, say`a group's B-tree`);
  const type = head.expectSignature('TREE').u8();
  const level = head.u8();
  const count = head.u16();
  if (type !== GROUP_NODE || level >= below) throw head.fault(say`it does not fit into its tree`);
  const entries = await reader.at(address + 24, count * 16, say`a group's B-tree`);
  for (let k = 0; k < count; k++) {
    const child = entries.skip(8).u64();
    if (level === 0) yield child;
    else yield* leavesOf(reader, child, level);
  }
}
