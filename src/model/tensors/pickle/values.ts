/** What a pickle holds, as data. Classes and functions of Python are names here: none is looked up, none is called. */
import type { ElementType } from './elementTypes';

export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | List
  | Tuple
  | Dict
  | SetOfValues
  | Global
  | Opaque
  | Storage
  | PickledTensor
  | NumpyType
  | NumpyArray
  | NumpyScalar;

export class List {
  readonly items: Value[] = [];
}

export class Tuple {
  constructor(readonly items: readonly Value[]) {}
}

/** A `dict`, `OrderedDict`, `defaultdict` or `Counter`. Keys that are no plain values are told apart by identity. */
export class Dict {
  readonly entries = new Map<Value, Value>();
}

export class SetOfValues {
  readonly items: Value[] = [];
}

/** A class, a function or a constant, by its name. */
export class Global {
  constructor(
    /** With its module: `collections.OrderedDict`. */
    readonly name: string,
  ) {}
}

/** Stands where an object would be that is not made here, with the plain data that it would be given. */
export class Opaque {
  /** Its attributes, as `__setstate__` would get them. */
  state: Value = null;
  /** Of a subclass of list. */
  readonly items: Value[] = [];
  /** Of a subclass of dict. */
  readonly entries = new Map<Value, Value>();

  constructor(
    /** The class, or the function that would give it. */
    readonly of: string,
  ) {}
}

/** Where a storage's bytes are: a record of the file, or the pickle itself. */
export type Bytes =
  | { readonly in: 'record'; readonly key: string }
  | { readonly in: 'pickle'; readonly bytes: Uint8Array; readonly bigEndian: boolean };

/** Numbers in a row that tensors are views of. */
export class Storage {
  constructor(
    readonly type: ElementType,
    /** How many it says that it has. */
    readonly count: number,
    readonly bytes: Bytes,
    /** Its first number among those of `bytes`. */
    readonly start = 0,
  ) {}
}

/** Where the elements of a tensor stand in its storage. */
export interface View {
  /** The first one's place, in elements. */
  readonly offset: number;
  readonly shape: readonly number[];
  /** In elements, one an axis. */
  readonly strides: readonly number[];
}

/** A view of a storage. Sizes and strides are whole and not negative; whether the storage is long enough is not said. */
export class PickledTensor implements View {
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];

  constructor(
    readonly storage: Storage,
    readonly type: ElementType,
    { offset, shape, strides }: View,
    /** Where its numbers are whole and stand for others. */
    readonly quantiser?: Quantiser,
  ) {
    [this.offset, this.shape, this.strides] = [offset, shape, strides];
  }
}

/** (number − zero) × scale is what a whole number stands for; the scales and zeros are those of all, or of each place of an axis. */
export interface Quantiser {
  readonly scales: number | PickledTensor;
  readonly zeros: number | PickledTensor;
  readonly axis: number;
}

export class NumpyType {
  bigEndian = false;

  constructor(
    /** `f4`, `i8`, …, without the byte order. */
    readonly code: string,
  ) {}
}

export class NumpyArray {
  /** Absent before its state is set, and where its numbers are of a type that no tensor has. */
  tensor?: PickledTensor;
}

export class NumpyScalar {
  constructor(
    readonly type: NumpyType,
    readonly bytes: Uint8Array,
  ) {}
}
