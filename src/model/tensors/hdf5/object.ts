import type { Limits } from '../../limits';
import type { Message } from './messages';
import type { StructureReader } from './reader';

export interface Hdf5Options {
  /** Of what one dataset's values may take. */
  readonly limits: Limits;
  readonly signal?: AbortSignal;
}

/** What is known of a group or a dataset before anything in it is read. */
export interface Hdf5Header {
  readonly path: string;
  /** Where it begins, in bytes. */
  readonly address: number;
  readonly messages: readonly Message[];
}

/** A group or a dataset. */
export abstract class Hdf5Object {
  readonly path: string;
  /** Where its header begins, in bytes. */
  readonly address: number;
  protected readonly messages: readonly Message[];

  constructor(
    { path, address, messages }: Hdf5Header,
    protected readonly reader: StructureReader,
    protected readonly options: Hdf5Options,
  ) {
    this.path = path;
    this.address = address;
    this.messages = messages;
  }
}
