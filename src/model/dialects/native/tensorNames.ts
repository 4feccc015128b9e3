/** The key `names` of `weights`: what the file calls a layer's tensors, where that is another name than the layer's. */
import type { Shapes } from '../loading';

export class TensorNames {
  /** `names` has the file's name of each layer that it calls otherwise. */
  constructor(private readonly names: ReadonlyMap<string, string>) {}

  /** The file's name of one of a layer's tensors. */
  inFile(tensor: string, layer: string): string {
    const name = this.names.get(layer);
    return name === undefined ? tensor : name + tensor.slice(layer.length);
  }

  /** The file's tensors by the names that the layers have for them. */
  shapes(file: Shapes): Shapes {
    if (this.names.size === 0) return file;
    const layers = [...this.names];
    const elsewhere = (name: string) => layers.some(([layer]) => name.startsWith(`${layer}.`));
    const own = new Map([...file].filter(([name]) => !elsewhere(name)));
    for (const [layer, called] of layers) {
      for (const [name, shape] of file)
        if (name.startsWith(`${called}.`)) own.set(layer + name.slice(called.length), shape);
    }
    return own;
  }
}

/** Names of which each begins a tensor's: `enc`, `enc.rnn` of `enc.rnn.weight`. */
export function prefixesIn(names: Iterable<string>): string[] {
  const found = new Set<string>();
  for (const name of names) {
    const parts = name.split('.');
    for (let k = 1; k < parts.length; k++) found.add(parts.slice(0, k).join('.'));
  }
  return [...found];
}
