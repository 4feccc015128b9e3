/** The way back through a recurrent layer: level by level, each direction's steps against its own order. */
import { equationsOf } from '../cells/equations';
import { type Direction, type RecurrentLayer, isStandardCell, stateSize } from '../model/network';
import { GATES } from '../model/parameters';
import { statePartsOf } from '../model/states';
import type { Weights } from '../model/weights';
import { type ParameterGradients, addTo, cellParameterGradients } from './cellParameterGradients';
import { type CellParameters, type Stage, cellParameters } from './cells/cell';
import type { BackProducts, GeneralBack } from './cells/equations';
import { type Held, cutting, gradientBefore, zerosLike } from './cells/general/stage';
import type { CellGradient, InitialGradient, StateGradient } from './cells/gradient';
import { type Edge, turnedRound } from './edge';
import { type LayerRun, hiddenStates } from './edges';
import type { InitialStateGradients } from './initialGradients';
import { overSteps } from './loop';
import { project } from './product';
import { backToInput } from './productGradient';
import type { Work } from './slices';
import { type LayerTrace, valuesByName } from './trace';

/** ∂target/∂ of the states of one layer, level and direction. */
export interface LayerGradient {
  readonly layer: string;
  readonly level: number;
  readonly direction: Direction;
  readonly rows: number;
  /** rows × units of h, all paths counted. */
  readonly h: Float64Array;
  /** rows × hidden units, of an LSTM. */
  readonly c?: Float64Array;
}

/** What the way back through a layer needs beside the layer itself. */
export interface BackwardPass {
  readonly weights: Weights;
  readonly parameters: ParameterGradients;
  readonly initial: InitialStateGradients;
  readonly heldIn: (trace: LayerTrace) => Held;
  readonly products: BackProducts;
}

/** `out` is ∂target/∂ of what the layer passes on; what flows to its input is added to `into`. */
export function* recurrentBackward(
  layer: RecurrentLayer,
  { inputs, traces }: LayerRun,
  out: Float64Array,
  into: Float64Array | undefined,
  { weights, parameters, initial, heldIn, products }: BackwardPass,
): Work<LayerGradient[]> {
  const { rows } = inputs[0];
  const units = stateSize(layer);
  const found: LayerGradient[] = [];
  const turned = layer.reverseOutput && layer.returnSequences;
  let atHidden = fromOutput(
    layer,
    hiddenStates(traces, layer.levels - 1),
    rows,
    unmasked(layer, turned ? turnedRound(out, rows) : out, inputs[0].mask),
  );
  for (let level = layer.levels - 1; level >= 0; level--) {
    const edge = inputs[level];
    const dx = level > 0 ? new Float64Array(rows * edge.width) : into;
    const ofLevel = traces.filter((trace) => trace.level === level);
    const gradients: LayerGradient[] = [];
    for (const [k, trace] of ofLevel.entries()) {
      const { direction } = trace;
      const state: StateGradient = {
        h: atHidden[k],
        c: statePartsOf(layer.type).includes('c') ? new Float64Array(rows * layer.hiddenSize) : undefined,
      };
      initial.addToFinal(state, trace, rows);
      const cell = cellParameters(layer, level, direction, weights);
      const before = initial.stateOf(layer, level, direction);
      const back: GeneralBack = {
        ...{ layer, parameters: cell, signals: valuesByName(trace.signals) },
        ...{ gradient: state, initial: before, atInitial: zerosLike(before), products },
        ...{ inputSums: yield* inputProducts(layer, cell, edge), held: heldIn(trace) },
      };
      const passed = isStandard(back, edge.mask) && parameters.size === 0;
      const compiled = passed && products.cell?.(back, { rows, direction, width: edge.width, dx });
      if (compiled) yield* compiled;
      else {
        const gradient = makeGradient(back, edge.mask);
        yield* overSteps(gradient.stages, rows, direction, 'back through time');
        if (dx) {
          const product = products.transposed({ weight: cell.weightIh, width: edge.width });
          yield* backToInput(product, rows, gradient.inputSide, dx);
        }
        if (parameters.size > 0) {
          const free = { ...back, gradient: { ...state, h: freeOf(state.h, back.held.h) } };
          yield* cellParameterGradients({ level, direction, edge, back: free }, gradient, parameters);
        }
      }
      initial.keep(back, trace, parameters);
      gradients.push({ layer: layer.name, level, direction, rows, ...state });
    }
    found.unshift(...gradients);
    if (level > 0) atHidden = takenApart(dx!, rows, units, layer.directions.length);
  }
  return found;
}

/** W_ih x_t, steps × G·H, of a cell that normalises it; of others, which do not need it, nothing. */
function* inputProducts(layer: RecurrentLayer, { weightIh }: CellParameters, edge: Edge): Work<Float32Array> {
  if (!layer.layerNorm) return new Float32Array(0);
  const gateRows = GATES[layer.type] * layer.hiddenSize;
  const products = new Float32Array(edge.rows * gateRows);
  const rows = { weight: weightIh, first: 0, units: gateRows };
  yield* project(edge, rows, new Float32Array(gateRows), products);
  return products;
}

/** Whether the cell has no options, and none of its steps is masked or held. */
function isStandard({ layer, held }: GeneralBack, mask: Uint8Array | undefined): boolean {
  return isStandardCell(layer) && !mask && !Object.values(held).some(Boolean);
}

function makeGradient(back: GeneralBack, mask: Uint8Array | undefined): CellGradient {
  const { layer, gradient: state, atInitial, held } = back;
  const { standard, generalGradient } = equationsOf(layer);
  if (standard && isStandard(back, mask)) return standard.gradient(back);
  const general = generalGradient(back);
  const { cut, mend } = cutting(state.h, held.h, stateSize(layer));
  const gradient = { ...general, stages: [...cut, ...general.stages, ...mend] };
  return mask ? { ...gradient, stages: pastMasked(gradient.stages, state, atInitial, mask) } : gradient;
}

/** ∂target/∂h of each direction of the last level: the way back through `recurrentOutput`. */
function fromOutput(
  layer: RecurrentLayer,
  hidden: readonly Float32Array[],
  rows: number,
  out: Float64Array,
): Float64Array[] {
  const units = stateSize(layer);
  const width = layer.outputSize;
  if (layer.directions.length === 1 && layer.returnSequences) return [out.slice()];
  return layer.directions.map((direction, d) => {
    const dh = new Float64Array(rows * units);
    const first = layer.returnSequences ? 0 : direction === 'forward' ? rows - 1 : 0;
    const other = layer.directions.length - 1 - d;
    const otherRow = layer.returnSequences ? 0 : layer.directions[other] === 'forward' ? rows - 1 : 0;
    for (let row = 0; row < out.length / width; row++) {
      for (let u = 0; u < units; u++) {
        const to = (first + row) * units + u;
        const concat = layer.directions.length === 1 || layer.merge === 'concat';
        const slope = out[row * width + (concat ? d * units : 0) + u];
        if (concat || layer.merge === 'sum') dh[to] = slope;
        else if (layer.merge === 'ave') dh[to] = slope / 2;
        else dh[to] = slope * hidden[other][(otherRow + row) * units + u];
      }
    }
    return dh;
  });
}

/** Where zeros are passed on at masked steps, nothing comes back from there. */
function unmasked(layer: RecurrentLayer, out: Float64Array, mask: Uint8Array | undefined): Float64Array {
  if (!mask || layer.masked !== 'zeros' || !layer.returnSequences) return out;
  return out.map((value, k) => (mask[Math.floor(k / layer.outputSize)] ? value : 0));
}

/** At a masked step the gradient of the state goes to the step before as it is. */
function pastMasked(
  stages: readonly Stage[],
  { h, c }: StateGradient,
  atInitial: InitialGradient,
  mask: Uint8Array,
): Stage[] {
  const pass = (states: Float64Array, initial: Float64Array, step: number, previous: number) => {
    const width = states.length / mask.length;
    const before = gradientBefore(states, initial, previous, width);
    addTo(before, states.subarray(step * width, (step + 1) * width));
  };
  return stages.map((stage, k) => ({
    ...stage,
    compute(step, previous, from, to) {
      if (mask[step]) return stage.compute(step, previous, from, to);
      if (k > 0 || from > 0) return;
      pass(h, atInitial.h, step, previous);
      if (c) pass(c, atInitial.c, step, previous);
    },
  }));
}

/** The way back through `concatenated`. */
function takenApart(dx: Float64Array, rows: number, units: number, directions: number): Float64Array[] {
  if (directions === 1) return [dx];
  const width = units * directions;
  return Array.from({ length: directions }, (_, d) => {
    const dh = new Float64Array(rows * units);
    for (let k = 0; k < dh.length; k++) dh[k] = dx[Math.floor(k / units) * width + d * units + (k % units)];
    return dh;
  });
}

/** Without the slopes of values that are held. */
export function freeOf(slopes: Float64Array, held: Uint8Array | undefined): Float64Array {
  return held ? slopes.map((slope, k) => (held[k] ? 0 : slope)) : slopes;
}
