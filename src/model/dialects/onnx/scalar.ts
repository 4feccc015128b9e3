/** Numbers of small tensors, some of which only a run knows. */

/** The number of steps, which only a run knows, plus a number. `of` names the input that has them, if it has its own. */
export class Steps {
  constructor(
    readonly plus: number,
    readonly of = '',
  ) {}
}

/** A number of a small tensor; undefined is one that only a run knows. */
export type Scalar = number | Steps | undefined;

export function sameScalar(a: Scalar, b: Scalar): boolean {
  if (a instanceof Steps && b instanceof Steps) return a.plus === b.plus && a.of === b.of;
  return a !== undefined && a === b;
}
