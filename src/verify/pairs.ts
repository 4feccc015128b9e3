/** Known inputs and outputs beside a model: `NAME_x*.csv` and `NAME_y*.csv` (or .json, .wav), NAME being the model file's without its ending. */

export interface Pair {
  readonly input: string;
  readonly expected: string;
}

/** The pairs among the names of the files in a model's folder; those go together whose names end alike. */
export function pairsFor(stem: string, fileNames: readonly string[]): Pair[] {
  const endings = (kind: 'x' | 'y') => {
    const start = `${stem}_${kind}`;
    const found = fileNames.filter((name) => name.startsWith(start) && /\.(csv|json|wav)$/i.test(name));
    return new Map(found.map((name) => [name.slice(start.length).replace(/\.(csv|json|wav)$/i, ''), name]));
  };
  const expected = endings('y');
  return [...endings('x')]
    .filter(([ending]) => expected.has(ending))
    .map(([ending, input]) => ({ input, expected: expected.get(ending)! }))
    .sort((a, b) => (a.input < b.input ? -1 : 1));
}
