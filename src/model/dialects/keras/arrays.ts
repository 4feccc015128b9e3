/** The weights of a Keras model as its readers see them, whatever kind of file they are in. */

/** One weight array of a Keras layer. */
export interface KerasArray {
  /** As the file has it, for messages. */
  readonly name: string;
  readonly shape: readonly number[];
  /** Row-major. Throws `TensorFileError` or `FileError`. */
  read(): Promise<Float32Array>;
}

/** The weights of a Keras model, layer by layer. */
export interface KerasArrays {
  /** Name of the file that they come from, for the footer. */
  readonly file: string;
  /** Files beside the model that were read, or should have been: what to watch. */
  readonly files: readonly string[];
  /** Layers that the file has arrays for, by the names that `of` takes. */
  readonly layers: readonly string[];
  /**
   * What a layer has, in the order of Keras's `layer.get_weights()`: forward before backward, cell after cell.
   * Undefined if the file has none for it. Throws `TensorFileError` or `FileError`.
   *
   * `layer` is a layer's name; one inside a nested model is `model/layer`. A file that keeps a nested model's arrays in one
   * list gives undefined for the layers inside and the list for the model.
   */
  of(layer: string): Promise<readonly KerasArray[] | undefined>;
}

/** A layer of the model's config, in the config's order: what weights files are keyed by. */
export interface KerasLayerId {
  readonly name: string;
  /** Without a module in front: `LSTM`, `Bidirectional`, … */
  readonly className: string;
  /** Of a model used as a layer: its own layers. */
  readonly layers?: readonly KerasLayerId[];
  /** The layers or cells that a wrapper or an RNN holds: `layer`, `backward_layer`, `cell`, `cells`. */
  readonly wrapped?: readonly KerasLayerId[];
}
