/** What an attribution takes, known before any of it is computed. */
import type { Network } from '../../model/network';
import { runningPart, type Lengths } from '../../model/partial';
import { traceBytes } from '../plan';
import { vectorWidth } from './vectors';

/** The most memory that an attribution takes, in bytes. */
export function attributionBytes(network: Network, lengths: Lengths): number {
  return TRACES * traceBytes(network, lengths) + SOURCES * sourceBytes(network, lengths);
}

/** A trace and its gradients in double precision, the gates' among them. */
const TRACES = 4;
/** Vectors, where they begin, those between, their gradients and the sum of these in double precision. */
const SOURCES = 7;

function sourceBytes(network: Network, lengths: Lengths): number {
  const { steps, more } = lengths;
  let values = steps * vectorWidth(network.input);
  for (const layer of runningPart(network, lengths).layers) {
    const rows = more?.get(layer.inputs[0] ?? layer.name)?.steps ?? steps;
    if (layer.type === 'input') values += rows * vectorWidth(layer.input);
    if (layer.type === 'embedding' || layer.type === 'masking') values += rows * layer.outputSize;
  }
  return values * Float32Array.BYTES_PER_ELEMENT;
}
