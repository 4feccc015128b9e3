/** Long rows of numbers brought to as many places as a strip has. */

/** For each place the number of largest size among those that fall on it; NaN where there are none, or one is NaN. */
export function largestIn(values: Float32Array, places: number): Float32Array {
  return binned(values, places, (kept, value) =>
    Number.isNaN(value) || Math.abs(value) > Math.abs(kept) ? value : kept,
  );
}

/** For each place the smallest number among those that fall on it, and the largest. */
export function extremesIn(
  values: Float32Array,
  places: number,
): { readonly min: Float32Array; readonly max: Float32Array } {
  return {
    min: binned(values, places, (kept, value) => (value < kept ? value : kept)),
    max: binned(values, places, (kept, value) => (value > kept ? value : kept)),
  };
}

function binned(
  values: Float32Array,
  places: number,
  keep: (kept: number, value: number) => number,
): Float32Array {
  const count = values.length;
  const kept = new Float32Array(places).fill(NaN);
  for (let place = 0; place < places && count > 0; place++) {
    const first = Math.min(count - 1, Math.floor((place * count) / places));
    const next = Math.max(first + 1, Math.floor(((place + 1) * count) / places));
    let found = values[first];
    for (let k = first + 1; k < next; k++) found = keep(found, values[k]);
    kept[place] = found;
  }
  return kept;
}
