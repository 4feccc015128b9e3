/**
 * What other extensions get of Gatescope in VS Code:
 *
 *     const gatescope = vscode.extensions.getExtension<GatescopeApi>('gatescope.gatescope');
 *     const { output } = await (await gatescope.activate()).run(uri, { text: 'hello' });
 *
 * Types alone; what they describe is stable as long as `version` is 1.
 */

/** A file, as `vscode.Uri` names it. */
export interface FileUri {
  readonly scheme: string;
  readonly path: string;
  toString(): string;
}

export interface ModelOptions {
  /** A file of weights in place of those that a native or Keras model names. */
  readonly weights?: FileUri;
  /** Of a file that can be read in several ways, those to take: see `problems`. */
  readonly as?: readonly string[];
  /** Aborted, what was asked rejects. */
  readonly signal?: AbortSignal;
}

export interface ModelProblem {
  readonly severity: 'error' | 'warning';
  /** Stable, such as `missing-tensor`. */
  readonly code: string;
  readonly message: string;
  /** In the text of the model; line and column from 1. Of a binary file, its start. */
  readonly place: {
    readonly line: number;
    readonly column: number;
    readonly offset: number;
    readonly length: number;
  };
}

export interface ModelLayer {
  readonly name: string;
  /** `lstm`, `gru`, `rnn`, `linear`, … */
  readonly type: string;
  /** Sizes, null for the number of steps. */
  readonly inputShape: readonly (number | null)[];
  readonly outputShape: readonly (number | null)[];
  readonly parameters: number;
}

export interface ModelInfo {
  readonly name: string;
  /** `native`, `keras`, `pytorch`, `onnx`, … */
  readonly dialect: string;
  /** False where any weight was made up. */
  readonly trained: boolean;
  readonly parameters: number;
  readonly layers: readonly ModelLayer[];
  readonly samples: readonly { readonly name: string; readonly steps: number }[];
  readonly problems: readonly ModelProblem[];
}

export interface ModelRunOptions extends ModelOptions {
  /** One of the model's samples by its name; the first where neither text nor values are given. */
  readonly sample?: string;
  /** Of a model that reads tokens. */
  readonly text?: string;
  /** steps × features of a model that reads numbers, or its tokens or their ids. */
  readonly values?: readonly (readonly number[] | string | number)[];
  /** What is held, such as `lstm.f[12]=0` or `lstm.h0=[1,0]`: see `--set` of the command line. */
  readonly set?: readonly string[];
}

/** Numbers of each row that a signal has. */
export interface ModelRows {
  /** One per step, or one in all where only the last output is passed on. */
  readonly rows: number;
  readonly units: number;
  /** rows × units, row by row. */
  readonly values: Float32Array;
}

export interface ModelSignal extends ModelRows {
  readonly layer: string;
  readonly type: string;
  readonly level: number;
  readonly direction: 'forward' | 'backward';
  /** `f`, `i`, `g`, `o`, `c`, `h` of an LSTM; `r`, `z`, `n`, `h` of a GRU; `h` of a plain RNN; `y` of other layers. */
  readonly signal: string;
}

export interface ModelRun {
  /** The name of the sample that was run; null for a text or values. */
  readonly sample: string | null;
  readonly steps: number;
  readonly signals: readonly ModelSignal[];
  /** What the last layer gives. */
  readonly output: ModelRows;
  /** What is to be said of the run, such as a layer that was not run. */
  readonly remarks: readonly string[];
}

export interface ModelUnrollOptions extends ModelOptions {
  /** Steps that are drawn; 8 where absent. */
  readonly steps?: number;
  /** Every gate, as where absent, or one node a cell. */
  readonly detail?: 'gates' | 'cells';
}

export interface GatescopeApi {
  readonly version: 1;
  /** What a model is. Faults of the file are in `problems`; rejects where there is no network in it. */
  read(model: FileUri, options?: ModelOptions): Promise<ModelInfo>;
  /** Runs a model. Rejects with an Error that says what is wrong, for people to read. */
  run(model: FileUri, options?: ModelRunOptions): Promise<ModelRun>;
  /** The unrolled graph as Mermaid text; it needs the structure alone. Rejects as `run` does. */
  unroll(model: FileUri, options?: ModelUnrollOptions): Promise<string>;
  /** Opens a model as its unrolled graph, in the active group of editors. */
  open(model: FileUri): Promise<void>;
}
