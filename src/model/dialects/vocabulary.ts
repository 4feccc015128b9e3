/** Vocabularies of files that name tokens by tables of ids. */

/**
 * The tokens with the ids 0 to `size` − 1. An id without a token, or with one that is the same in NFC as an earlier one,
 * gets a name of its own.
 */
export function vocabularyOf(
  ids: Iterable<readonly [string, number]>,
  size: number,
  standIn: (id: number) => string = (id) => `#${id}`,
): string[] {
  const vocabulary = new Map<number, string>();
  const taken = new Set<string>();
  for (const [token, id] of ids) {
    const composed = token.normalize('NFC');
    if (vocabulary.has(id) || taken.has(composed)) continue;
    vocabulary.set(id, token);
    taken.add(composed);
  }
  return Array.from({ length: size }, (_, id) => {
    const known = vocabulary.get(id);
    if (known !== undefined) return known;
    let free = standIn(id);
    while (taken.has(free)) free = `#${free}`;
    taken.add(free);
    return free;
  });
}
