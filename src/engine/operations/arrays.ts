export function addInto(to: Float64Array | undefined, values: Float64Array): void {
  if (to) for (let k = 0; k < values.length; k++) to[k] += values[k];
}
