/**
 * HDF5 files, as far as weights need them (the HDF5 file format specification, version 3; its sections are named where
 * they are followed): groups, attributes of text, and datasets of floating-point numbers, stored in one piece, in the
 * header, or in chunks, plain or packed by gzip. Reads only what is asked for. Knows nothing of networks.
 */
import type { ByteSource } from '../../../files/folder';
import { say } from '../../../words/say';
import { quote } from '../../json/decode';
import { foundKind, TensorFileError } from '../bytes';
import { Hdf5Dataset } from './dataset';
import { readLinks, type Links } from './links';
import { MESSAGE, readMessages } from './messages';
import { Hdf5Object, type Hdf5Header, type Hdf5Options } from './object';
import { StructureReader } from './reader';
import { readStrings } from './text';

export type { Hdf5Dataset };

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** Whether a file that starts with `head` is HDF5. */
export function isHdf5(head: Uint8Array): boolean {
  return SIGNATURE.every((byte, k) => head[k] === byte);
}

/** The file's root group. Throws `TensorFileError` if it is no HDF5 file; what lies behind is checked as it is read. */
export async function openHdf5(file: ByteSource, options: Hdf5Options): Promise<Hdf5Group> {
  const reader = new StructureReader(file, options.signal);
  const address = await rootAddress(reader);
  const messages = await readMessages(reader, address);
  return Hdf5Group.open({ path: '', address, messages }, reader, options);
}

/** II.A: where the superblock says that the root group is. */
async function rootAddress(reader: StructureReader): Promise<number> {
  const start = await reader.at(0, 12, say`the superblock`);
  if (!isHdf5(start.bytes(SIGNATURE.length))) {
    throw new TensorFileError(say`expected an HDF5 file, ${await foundKind(reader.file)}`);
  }
  const version = start.u8();
  const isOld = version <= 1;
  if (version > 3) throw start.fault(say`version ${version} is not known`);
  const sizes = await reader.at(isOld ? 13 : 9, 2, say`the superblock`);
  if (sizes.u8() !== 8 || sizes.u8() !== 8) throw sizes.fault(say`expected addresses and sizes of 8 bytes`);
  const place = isOld ? 64 + 4 * version : 36;
  return (await reader.at(place, 8, say`the superblock`)).u64();
}

export class Hdf5Group extends Hdf5Object {
  readonly kind = 'group';

  private constructor(
    header: Hdf5Header,
    private readonly links: Links,
    reader: StructureReader,
    options: Hdf5Options,
  ) {
    super(header, reader, options);
  }

  static async open(header: Hdf5Header, reader: StructureReader, options: Hdf5Options): Promise<Hdf5Group> {
    return new Hdf5Group(header, await readLinks(reader, header.messages), reader, options);
  }

  get names(): readonly string[] {
    return [...this.links.keys()];
  }

  /**
   * The strings of an attribute, one of a scalar; undefined if there is no such attribute. Throws `TensorFileError` if it
   * holds anything else.
   */
  strings(attribute: string): Promise<string[] | undefined> {
    return readStrings(this.reader, this.messages, attribute);
  }

  /** What a path of names with `/` between them leads to; undefined if nothing. Throws `TensorFileError`. */
  async find(path: string): Promise<Hdf5Group | Hdf5Dataset | undefined> {
    const [first, ...rest] = path.split('/').filter((name) => name !== '');
    if (first === undefined) return this;
    const child = await this.child(first);
    if (rest.length === 0 || !child) return child;
    return child.kind === 'group' ? child.find(rest.join('/')) : undefined;
  }

  async group(path: string): Promise<Hdf5Group | undefined> {
    const found = await this.find(path);
    return found?.kind === 'group' ? found : undefined;
  }

  private async child(name: string): Promise<Hdf5Group | Hdf5Dataset | undefined> {
    const link = this.links.get(name);
    if (!link) return undefined;
    const path = `${this.path}/${name}`;
    if ('elsewhere' in link) {
      throw new TensorFileError(
        say`${quote(path)} is ${link.elsewhere === 'soft' ? say`a soft` : say`an external`} link, which is not followed`,
      );
    }
    const messages = await readMessages(this.reader, link.address);
    const isDataset = messages.some(({ type }) => type === MESSAGE.layout);
    const open = isDataset ? Hdf5Dataset : Hdf5Group;
    return open.open({ path, address: link.address, messages }, this.reader, this.options);
  }
}
