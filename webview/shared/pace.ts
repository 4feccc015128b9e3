/** How fast a sequence is played. */

/** Steps that playing goes on by at a time. */
export const PACES = [1, 4, 16, 64, 256, 1000, 4000, 16_000] as const;
export type Pace = (typeof PACES)[number];

/** Those of every sequence. */
const ALWAYS = 64;
/** Faster ones pass through a sequence in more than so many goes. */
const FEWEST_GOES = 40;

/** Of a sequence of so many steps. */
export function pacesFor(steps: number): readonly Pace[] {
  return PACES.filter((pace) => pace <= ALWAYS || pace * FEWEST_GOES < steps);
}

/** The pace that was chosen, or of a sequence that is too short for it the fastest that it has. */
export function paceWithin(chosen: Pace, steps: number): Pace {
  const paces = pacesFor(steps);
  return paces.includes(chosen) ? chosen : paces[paces.length - 1];
}
