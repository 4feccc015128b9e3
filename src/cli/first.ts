/**
 * Where in its sequence a run of a part began (`--from`). Steps that are typed and printed are those of the run, from 0, in
 * every command: which step of the sequence the first is, is said beside them.
 */
interface Begun {
  /** The step of the whole sequence at which the run began; absent where no part was asked for. */
  readonly from?: number;
}

export function firstJson({ from }: Begun): { readonly first?: number } {
  return from === undefined ? {} : { first: from };
}

export function* firstText({ from = 0 }: Begun): Generator<string> {
  if (from > 0) yield `the run began at step ${from} of the sequence: that is step 0 here\n`;
}
