/** Which of several orders of parts are likely by their names. */

/** A part of an order, as far as its likelihood goes; see `Link`. */
interface Named {
  readonly name: string;
  readonly to: number;
  readonly words?: number;
}

/**
 * The likeliest first: those that keep what has one name together (`encoder`, `encoder_head.0`), whose numbers are alike
 * (`embedding_1`, `lstm_1`), and that give one number a word. Those that take one part of each of two lists (`head.0`,
 * `encoder_head.2`) are dropped where there are others. `names` are those of all parts.
 */
export function byLikelihood<L extends Named>(
  chains: readonly (readonly L[])[],
  names: readonly string[],
): (readonly L[])[] {
  const apart = chains.filter((chain) => listsSplit(chain, names) < 2);
  const scores = new Map(chains.map((chain) => [chain, likelihood(chain, names)]));
  return (apart.length > 0 ? apart : chains).toSorted((a, b) => scores.get(b)! - scores.get(a)!);
}

function likelihood(chain: readonly Named[], names: readonly string[]): number {
  const own = new Set(chain.map(({ name }) => name));
  const others = names.filter((name) => !own.has(name));
  const together = chain.filter(({ name }, k) => k > 0 && isKin(chain[k - 1].name, name)).length;
  const apart = chain.filter(({ name }) => others.some((other) => isKin(other, name))).length;
  const numbers = new Set(
    chain.flatMap(({ name }) =>
      names.some((other) => other !== name && stem(other) === stem(name)) ? [numberOf(name)] : [],
    ),
  );
  const words = chain[0].words;
  const ofWords = words !== undefined && chain.at(-1)!.to === words ? 1 : 0;
  return 2 * (together + ofWords - Math.max(numbers.size - 1, 0)) - apart;
}

/** Lists (`head` of `head.0`, `head.2`) of which a chain has parts, and not all. */
function listsSplit(chain: readonly Named[], names: readonly string[]): number {
  const own = new Set(chain.map(({ name }) => name));
  const lists = new Set(chain.flatMap(({ name }) => listOf(name) ?? []));
  return [...lists].filter((list) => names.some((name) => listOf(name) === list && !own.has(name))).length;
}

function listOf(name: string): string | undefined {
  return /^(.*)[./]\d+$/s.exec(name)?.[1];
}

/** Whether names begin with the same word. */
function isKin(a: string, b: string): boolean {
  const word = (name: string) => /^[A-Za-z]+/.exec(name)?.[0];
  return word(a) !== undefined && word(a) === word(b);
}

/** Keras numbers the layers of a class from the second on. */
function numberOf(name: string): number {
  return Number(/_(\d+)$/.exec(name)?.[1] ?? 0);
}

function stem(name: string): string {
  return name.replace(/_\d+$/, '');
}
