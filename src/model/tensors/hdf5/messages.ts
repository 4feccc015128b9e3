import { say } from '../../../words/say';
import type { Cursor, StructureReader } from './reader';

/** Kinds of messages in an object's header that are read here (HDF5 file format specification, IV.A.2). */
export const MESSAGE = {
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  link: 0x06,
  externalFiles: 0x07,
  layout: 0x08,
  filters: 0x0b,
  attribute: 0x0c,
  continuation: 0x10,
  symbolTable: 0x11,
  attributeInfo: 0x15,
} as const;

export interface Message {
  readonly type: number;
  /** Kept elsewhere in the file, and only named here. */
  readonly shared: boolean;
  /** A new cursor at the message's start. */
  body(): Cursor;
}

const MAX_MESSAGES = 1 << 16;
const MAX_BLOCKS = 4096;
const SHARED = 2;

/** The messages of the object whose header is at `address`. Throws `TensorFileError`. */
export async function readMessages(reader: StructureReader, address: number): Promise<Message[]> {
  const start = await reader.at(address, 1, say`an object header`);
  return start.u8() === 1 ? readVersion1(reader, address) : readVersion2(reader, address);
}

async function readVersion1(reader: StructureReader, address: number): Promise<Message[]> {
  const prefix = await reader.at(address, 16, say`an object header`);
  const count = prefix.skip(2).u16();
  const size = prefix.skip(4).u32();
  const read = (block: Cursor) => {
    const type = block.u16();
    const length = block.u16();
    const flags = block.u8();
    return { type, length, flags, body: block.skip(3) };
  };
  const first = await reader.at(address + 16, size, say`an object header`);
  return collect(reader, first, { headerBytes: 8, read, open: (block) => block, count });
}

async function readVersion2(reader: StructureReader, address: number): Promise<Message[]> {
  const prefix = await reader.at(address, 6, say`an object header`);
  const version = prefix.expectSignature('OHDR').u8();
  if (version !== 2) throw prefix.fault(say`version ${version} is not known`);
  const flags = prefix.u8();
  const skipped = (flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0);
  const sizeBytes = 1 << (flags & 3);
  const sizes = await reader.at(address + 6 + skipped, sizeBytes, say`an object header`);
  const size = sizes.unsigned(sizeBytes);
  const orderBytes = flags & 0x04 ? 2 : 0;
  const read = (block: Cursor) => {
    const type = block.u8();
    const length = block.u16();
    const messageFlags = block.u8();
    return { type, length, flags: messageFlags, body: block.skip(orderBytes) };
  };
  const checksumBytes = 4;
  const open = (block: Cursor) => {
    block.expectSignature('OCHK');
    return block.part(Math.max(0, block.left - checksumBytes), say`an object header`);
  };
  const first = await reader.at(address + 6 + skipped + sizeBytes, size, say`an object header`);
  return collect(reader, first, { headerBytes: 4 + orderBytes, read, open, count: MAX_MESSAGES });
}

interface Form {
  /** Before each message's body. */
  readonly headerBytes: number;
  read(block: Cursor): {
    readonly type: number;
    readonly length: number;
    readonly flags: number;
    readonly body: Cursor;
  };
  /** The messages in a block that continues the header. */
  open(block: Cursor): Cursor;
  readonly count: number;
}

async function collect(reader: StructureReader, first: Cursor, form: Form): Promise<Message[]> {
  const messages: Message[] = [];
  const blocks = [first];
  for (const block of blocks) {
    while (block.left >= form.headerBytes && messages.length < form.count) {
      const { type, length, flags, body } = form.read(block);
      const content = body.part(length, say`a message of an object header`);
      if (messages.length >= MAX_MESSAGES || blocks.length >= MAX_BLOCKS) {
        throw content.fault(say`the header has no end`);
      }
      if (type === MESSAGE.continuation) {
        const { place, size } = { place: content.u64(), size: content.u64() };
        blocks.push(form.open(await reader.at(place, size, say`the rest of an object header`)));
      }
      messages.push({ type, shared: (flags & SHARED) !== 0, body: () => content.again() });
    }
  }
  return messages;
}

/** The first message of a type; undefined if there is none. Throws `TensorFileError` if it is kept elsewhere. */
export function messageOf(messages: readonly Message[], type: number): Cursor | undefined {
  const message = messages.find((candidate) => candidate.type === type);
  if (!message) return undefined;
  const body = message.body();
  if (message.shared) throw body.fault(say`it is kept in another object of the file, which is not read here`);
  return body;
}
