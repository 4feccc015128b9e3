/** What is taken along: a model, and a run of it. */
import type { Ran } from '../engine/gradient';
import type { TraceOrigin } from '../engine/json';
import type { Recording } from '../engine/recording/record';
import type { Trace } from '../engine/trace';
import type { Direction, Network } from '../model/network';
import type { Sample, Sequence } from '../model/samples';

export interface ExportedModel {
  readonly network: Network;
  readonly fileName: string;
}

/** A run: its trace, with the input as a layer before the others (see `withInput`), or what that is computed from again. */
export type KeptRun = { readonly trace: Trace } | { readonly recording: Recording };

export interface ExportedRun extends ExportedModel {
  readonly kept: KeptRun;
  /** What ran on what. */
  readonly ran: Ran;
  readonly origin: TraceOrigin;
  /** What it has otherwise, as people write it. */
  readonly sets?: readonly string[];
  /** What else is said of the run in JSON. */
  readonly beside?: object;
  /** The sequence as it is without `sets`; absent where it is the one that ran. */
  readonly unchanged?: Sequence;
  /** What a sequence is called that is none of the model's own samples. */
  readonly title?: string;
  /** The model's own. */
  readonly samples?: readonly Sample[];
}

/** Signals by their address; what is absent may be any. The output of the network is the layer `OUTPUT`. */
export interface SignalChoice {
  readonly layer: string;
  readonly level?: number;
  readonly direction?: Direction;
  readonly signal?: string;
}

/** The layer, and the signal of it, as which the network's output is exported. */
export const OUTPUT = 'output';
