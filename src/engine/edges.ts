/** What every layer and level of a finished run had read, made again from its trace. */
import { INPUT, type Network, isRecurrent, stateSize } from '../model/network';
import type { Sequence } from '../model/samples';
import { type Edge, concatenated, furtherEdge, inputEdge, recurrentOutput } from './edge';
import { type Clamp, heldInput } from './clamps';
import { factsAfter, readBy } from './facts';
import type { Work } from './slices';
import type { LayerTrace, Trace } from './trace';

/** A layer's inputs, one per source, or per level of a recurrent layer, and its traces, level by level, direction by direction. */
export interface LayerRun {
  readonly inputs: readonly Edge[];
  readonly traces: readonly LayerTrace[];
}

/** One per layer, in the network's order. */
export function* layerRuns(
  network: Network,
  sequence: Sequence,
  trace: Trace,
  clamps: readonly Clamp[] = [],
): Work<LayerRun[]> {
  const heldIn = (edge: Edge, name: string) =>
    heldInput(
      edge,
      clamps.filter(({ layer }) => layer === name),
    );
  const edges = new Map<string, Edge>([[INPUT, heldIn(inputEdge(network.input, sequence), INPUT)]]);
  const runs: LayerRun[] = [];
  for (const layer of network.layers) {
    const traces = trace.layers.filter((one) => one.layer === layer.name);
    const inputs = layer.inputs.map((name) => edges.get(name)!);
    const facts = factsAfter(layer, inputs);
    if (isRecurrent(layer)) {
      inputs[0] = readBy(layer, inputs[0]);
      for (let level = 1; level < layer.levels; level++) {
        const below = hiddenStates(traces, level - 1);
        inputs.push({ ...inputs[0], ...(yield* concatenated(below, inputs[0].rows, stateSize(layer))) });
      }
      const last = hiddenStates(traces, layer.levels - 1);
      const edge = yield* recurrentOutput(layer, last, inputs[0].rows, inputs[0].mask);
      edges.set(layer.name, { ...edge, ...facts });
    } else if (layer.type === 'input') {
      edges.set(layer.name, { ...heldIn(furtherEdge(layer, sequence), layer.name), ...facts });
    } else if (layer.type === 'dropout' && !clamps.some((clamp) => clamp.layer === layer.name)) {
      edges.set(layer.name, inputs[0]);
    } else {
      const { rows, units: width, values } = traces[0].signals[0];
      edges.set(layer.name, { kind: 'dense', rows, width, values, ...facts });
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
