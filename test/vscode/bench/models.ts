/** The models that are measured with: made-up weights, so that the sizes are what counts. */

export interface Shape {
  readonly steps: number;
  readonly units: number;
  readonly layers?: number;
  readonly features?: number;
}

/** A native model of LSTM layers with a sample of waves. */
export function lstm({ steps, units, layers = 1, features = 1 }: Shape): string {
  const row = (t: number) => Array.from({ length: features }, (_, k) => +Math.sin(t / (k + 2)).toFixed(4));
  return JSON.stringify({
    format: 'rnn-model',
    version: 1,
    name: 'Bench LSTM',
    input: { kind: 'vector', size: features },
    layers: Array.from({ length: layers }, (_, k) => ({
      name: layerName(k),
      type: 'lstm',
      hidden_size: units,
    })),
    weights: { init: 'pytorch', seed: 1 },
    samples: [{ name: 'waves', values: Array.from({ length: steps }, (_, t) => row(t)) }],
  });
}

export function layerName(k: number): string {
  return `lstm${k + 1}`;
}
