/** What is known of an ONNX value before the network runs. */
import type { Constant } from './constant';
import type { Flow } from './draft';

/** What a tensor of the graph is, as far as it can be told. */
export type Value = Constant | Flow | Given | List | Unknown;

/** A graph input beside the sequence, such as an initial state; views of it are it. */
export interface Given {
  readonly kind: 'given';
  readonly name: string;
  /** Of one sequence, where it is known. */
  readonly shape?: readonly number[];
}

/** A list of tensors. */
export interface List {
  readonly kind: 'list';
  /** Where it is written out. */
  readonly items: readonly Value[];
  /** Where it has one for each step: all of them as a tensor, the axis of the steps, and whether each has that with size 1. */
  readonly rows?: { readonly flow: Flow; readonly axis: number; readonly keeps: boolean };
}

/** A tensor that cannot be expressed. */
export interface Unknown {
  readonly kind: 'unknown';
  /** Which node is to blame, and for what. */
  readonly reason: string;
  /** What it was computed from that is known, in the order of its layers. */
  readonly from?: readonly Flow[];
  /** The graph input that it is compared from, where that is all that is open about it. */
  readonly asks?: Ask;
  /** Whether every number of it is 0, and only its shape is not known. */
  readonly zeros?: true;
  /** What it is a part of, which the nodes that read it may go on with: `an attention`. */
  readonly partOf?: string;
  /** The type of the node that is to blame. */
  readonly operator?: string;
  /** That node's name for a layer, where it is what this is an output of. */
  readonly name?: string;
}

/** A graph input of one number, and the numbers that it is compared with. */
export interface Ask {
  readonly name: string;
  readonly values: readonly number[];
}
