/** The sums of recurrent layers. */
import { cellFacts } from '../../cells';
import { equationsOf } from '../../cells/equations';
import type { RecurrentLayer } from '../../model/network';
import type { UnitAddress } from '../../model/signalText';
import { stepOfRow } from '../../model/time';
import { cellParameters } from '../cells/cell';
import { rowBefore } from '../cells/general/stage';
import type { CellTerm } from '../cells/terms';
import { clampsOf, heldState } from '../clamps';
import type { LayerRun } from '../edges';
import { initialState } from '../forward';
import { previousStep } from '../loop';
import { valuesByName } from '../trace';
import type { Explained } from './explained';
import { piecesReadBy } from './sources';
import { type SumOfTerms, type Term, biasTerms, inputTerms, productsWith } from './term';

export function cellSum(
  ran: Explained,
  layer: RecurrentLayer,
  { inputs, traces }: LayerRun,
  address: UnitAddress,
  row: number,
): SumOfTerms {
  const { weights, trace, clamps } = ran;
  const { level, direction, signal, unit } = address;
  const input = inputs[level];
  const { signals } = traces.find((one) => one.level === level && one.direction === direction)!;
  const previous = previousStep(row, input.rows, direction);
  const given = initialState(layer, level, direction, weights, trace.layers);
  const initial = heldState(given, clampsOf(clamps, address));

  function own(kind: 'hidden' | 'cell', { before, weight, value, as, by, ...of }: CellTerm): Term {
    const at = before ? previous : row;
    const step = stepOfRow(trace, signals[0], at);
    return {
      ...{ kind, from: `${of.signal}[${of.unit}]`, weight, value, product: weight * value },
      ...(at >= 0 && { at: { layer: layer.name, level, direction, ...of, step } }),
      ...(as !== undefined && { as }),
      ...(by !== undefined && { by }),
    };
  }

  const masked = input.mask?.[row] === 0;
  if (masked && isState(layer, signal)) {
    const { units, values } = signals.find((one) => one.signal === signal)!;
    const value = rowBefore(values, initial[signal]!, previous, units)[unit];
    const kept = own('cell', { signal, unit, before: true, weight: 1, value });
    return { activation: 'none', masked: true, terms: [kept] };
  }
  const parameters = cellParameters(layer, level, direction, weights);
  const moment = {
    ...{ layer, parameters, signals: valuesByName(signals), initial, unit, step: row, previous, masked },
    inputSums: () => productsWith(parameters.weightIh, input, row),
  };
  const found = equationsOf(layer).terms(moment, signal as never);
  const { activation, bound, normalised, biases, input: weightsIn, hidden, cell = [] } = found;
  const pieces = piecesReadBy(ran, layer, level);
  const terms = [
    ...biasTerms(biases),
    ...(weightsIn ? inputTerms(weightsIn, input, row, pieces) : []),
    ...Array.from(hidden?.weights ?? [], (weight, k) =>
      own('hidden', { signal: 'h', unit: k, before: true, weight, value: hidden!.values[k] }),
    ),
    ...cell.map((term) => own('cell', term)),
  ];
  return {
    ...{ activation, terms },
    ...(normalised && { normalised }),
    ...(bound !== undefined && { clip: { min: -bound, max: bound } }),
  };
}

function isState(layer: RecurrentLayer, signal: string): signal is 'h' | 'c' {
  return (cellFacts(layer).states as readonly string[]).includes(signal);
}
