/** Long lines brought to what a picture can show of them. */

/** Points of which none is left out. */
const FEW = 2048;

/** The rows to draw: all, or of each of `places` stretches the first, the smallest and the largest. */
export function shownRows(norms: Float64Array, places: number): readonly number[] {
  const count = norms.length;
  if (count <= Math.max(FEW, 3 * places)) return Array.from(norms.keys());
  const shown: number[] = [];
  for (let place = 0; place < places; place++) {
    const first = Math.floor((place * count) / places);
    const next = Math.floor(((place + 1) * count) / places);
    let [least, most] = [first, first];
    for (let row = first + 1; row < next; row++) {
      if (norms[row] < norms[least]) least = row;
      if (norms[row] > norms[most]) most = row;
    }
    shown.push(...new Set([first, Math.min(least, most), Math.max(least, most)]));
  }
  return [...shown, count - 1];
}
