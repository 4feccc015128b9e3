/** What the native format says of an LSTM. */
import { MAX_FACTOR, unitActivation } from '../../model/dialects/native/activations';
import {
  DEFAULT_EPSILON,
  epsilon,
  GATE_KEYS,
  gateActivations,
  gateActivationsJson,
  LEAST_CLIP,
  unless,
} from '../../model/dialects/native/cellOptions';
import { boolean, Fields, integer, numberWithin, oneOf, pathOf, type Decoder } from '../../model/json/decode';
import type { Report } from '../../model/report';
import { say } from '../../words/say';
import type { NativeOptions } from '../cell';
import type { CellNorm, LstmLayer } from './layer';

const MAX_FORGET_BIAS = 1000;

export const native: NativeOptions<LstmLayer> = {
  keys: [
    ...GATE_KEYS,
    ...['proj_size', 'output_activation', 'peepholes', 'coupled', 'forget_bias', 'keeps', 'cell_clip'],
  ],

  read(fields, report, hiddenSize) {
    const projSize = fields.optional('proj_size', integer(0)) ?? 0;
    const gates = gateActivations(fields);
    const outputActivation = fields.optional('output_activation', unitActivation);
    const peepholes = fields.optional('peepholes', boolean) ?? false;
    const coupled = fields.optional('coupled', oneOf('input', 'forget'));
    const forgetBias = fields.optional('forget_bias', numberWithin(-MAX_FORGET_BIAS, MAX_FORGET_BIAS)) ?? 0;
    const cellClip = fields.optional('cell_clip', numberWithin(LEAST_CLIP, MAX_FACTOR));
    const keeps = fields.optional('keeps', oneOf('cell', 'output')) ?? 'cell';
    const layerNorm = fields.optional('layer_norm', cellNorm);
    if (hiddenSize !== undefined) checkProjection(fields, { projSize, keeps, hiddenSize }, report);
    return {
      projSize,
      ...gates,
      ...(outputActivation && { outputActivation }),
      ...(peepholes && { peepholes }),
      ...(coupled && { coupled }),
      ...(forgetBias !== 0 && { forgetBias }),
      ...(cellClip !== undefined && { cellClip }),
      ...(keeps === 'output' && { keeps }),
      ...(layerNorm && { layerNorm }),
    };
  },

  write: (layer) => ({
    ...gateActivationsJson(layer),
    ...unless(0, 'proj_size', layer.projSize),
    ...unless(undefined, 'output_activation', layer.outputActivation),
    ...(layer.peepholes && { peepholes: true }),
    ...unless(undefined, 'coupled', layer.coupled),
    ...unless(0, 'forget_bias', layer.forgetBias ?? 0),
    ...unless(undefined, 'cell_clip', layer.cellClip),
    ...unless('cell', 'keeps', layer.keeps ?? 'cell'),
  }),
};

const cellNorm: Decoder<CellNorm> = (node, report) => {
  const fields = Fields.of(node, report, ['cell', 'epsilon']);
  if (!fields) return undefined;
  const cell = fields.optional('cell', oneOf('output', 'state')) ?? 'output';
  return { cell, epsilon: fields.optional('epsilon', epsilon) ?? DEFAULT_EPSILON };
};

function checkProjection(
  fields: Fields,
  { projSize, keeps, hiddenSize }: Required<Pick<LstmLayer, 'projSize' | 'keeps' | 'hiddenSize'>>,
  report: Report,
): void {
  if (projSize >= hiddenSize) {
    const at = fields.at('proj_size');
    const message = say`${pathOf(at)}: expected less than "hidden_size", which is ${hiddenSize}, found ${projSize}`;
    report.error(at, 'wrong-value', message);
  }
  if (keeps === 'output' && projSize > 0) {
    const at = fields.at('keeps');
    const message = say`${pathOf(at)}: expected "cell", since a projected output has another size than the cell state, found "output"`;
    report.error(at, 'conflicting-keys', message);
  }
}
