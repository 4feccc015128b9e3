/** What every layer and level of a finished run had read, made again from its trace. */
import { INPUT, type Network, isRecurrent, stateSize } from '../model/network';
import type { Sequence } from '../model/samples';
import { type Edge, concatenated, inputEdge, recurrentOutput } from './edge';
import type { Work } from './slices';
import type { LayerTrace, Trace } from './trace';

/** A layer's inputs, one per level, and its traces, level by level, direction by direction. */
export interface LayerRun {
  readonly inputs: readonly Edge[];
  readonly traces: readonly LayerTrace[];
}

/** One per layer, in the network's order. */
export function* layerRuns(network: Network, sequence: Sequence, trace: Trace): Work<LayerRun[]> {
  const edges = new Map<string, Edge>([[INPUT, inputEdge(network.input, sequence)]]);
  const runs: LayerRun[] = [];
  for (const layer of network.layers) {
    const traces = trace.layers.filter((one) => one.layer === layer.name);
    const inputs = [edges.get(layer.inputs[0])!];
    if (isRecurrent(layer)) {
      for (let level = 1; level < layer.levels; level++) {
        inputs.push(yield* concatenated(hiddenStates(traces, level - 1), inputs[0].rows, stateSize(layer)));
      }
      const last = hiddenStates(traces, layer.levels - 1);
      edges.set(layer.name, yield* recurrentOutput(layer, last, inputs[0].rows));
    } else if (layer.type === 'dropout') {
      edges.set(layer.name, inputs[0]);
    } else {
      const { rows, units: width, values } = traces[0].signals[0];
      edges.set(layer.name, { kind: 'dense', rows, width, values });
    }
    runs.push({ inputs, traces });
  }
  return runs;
}

/** The hidden states of one level, a direction each: rows × units. */
export function hiddenStates(traces: readonly LayerTrace[], level: number): Float32Array[] {
  return traces.filter((one) => one.level === level).map((one) => signalValues(one, 'h'));
}

export function signalValues(trace: LayerTrace, signal: string): Float32Array {
  return trace.signals.find((one) => one.signal === signal)!.values;
}
