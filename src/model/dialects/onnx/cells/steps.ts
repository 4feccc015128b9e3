/** Steps of cells become recurrent layers: what one step computes of the states before, found among the states after it. */
import { say } from '../../../../words/say';
import { quote } from '../../../json/decode';
import { isRecurrentType } from '../../../network';
import type { Draft, StatePieces, Tensors, Flow, Piece } from '../draft';
import { flowOf, joined, keyOf } from '../flow';
import { ONE, units, type Rows } from '../axes';
import { Unsupported } from '../unsupported';
import type { Context } from '../node';
import { gruOf, lstmOf, rnnOf, type Cell } from './cell';
import { Expressions, widthOfPieces } from './expression';
import { inWords } from './words';

/** Units of a state before a step, in the order of what they are after it: not all side by side where several are in one. */
export interface Place {
  readonly before: readonly Piece[];
  readonly after: Piece;
}

/** How a layer that was found is made. */
export interface Making {
  readonly rows: Rows | undefined;
  readonly reversed: boolean;
  /** What a layer is called, from the step that it does. */
  name(step: Draft): string;
  /** What it begins with. */
  initial(cell: Cell): {
    readonly own?: object;
    readonly tensors?: Tensors;
    readonly states?: readonly StatePieces[];
  };
}

/** More states are those of no step that anyone writes. */
const MAX_PLACES = 64;

/** Layers found so far, and what was computed from their steps. */
export class CellSteps {
  /** What took the place of each draft. */
  private readonly replaced = new Map<Draft, Draft>();
  private readonly cells = new Map<Draft, Draft>();
  private readonly known = new Set<Draft>();
  /** What goes on in place of what steps make, where a mask may keep what was. */
  private readonly carried = new Map<Draft, Draft>();
  private readonly carriedCells = new Map<Draft, Draft>();
  private mask?: Flow;
  readonly layers: Draft[] = [];

  constructor(
    private readonly context: Context,
    private readonly making: Making,
  ) {}

  /** Finds cells until there are no more; the places that belong to none are left over. */
  find(places: readonly Place[]): readonly Place[] {
    let open = places
      .filter(({ after }) => after.at === 'rows' && after.from === 0 && after.count === after.draft.width)
      .toSorted((a, b) => a.after.draft.index - b.after.draft.index)
      .slice(0, MAX_PLACES);
    for (let found = this.next(open); found; found = this.next(open)) {
      const { cell, h, c } = found;
      const step = h.after.draft;
      this.make(cell, step, { name: this.making.name(step), carrier: c?.after.draft });
      open = open.filter((place) => !beginAlike(place, h) && !(c && beginAlike(place, c)));
    }
    return open;
  }

  private next(
    open: readonly Place[],
  ): { readonly cell: Cell; readonly h: Place; readonly c?: Place } | undefined {
    const expressions = new Expressions(this.known);
    const begins = (pieces: readonly Piece[], { before }: Place) => keyOf(pieces) === keyOf(before);
    for (const h of open) {
      for (const c of open) {
        if (c === h) continue;
        const cell = attempt(() => lstmOf(expressions, [h.after], [c.after]));
        if (cell?.c && begins(cell.h, h) && begins(cell.c, c)) return { cell, h, c };
      }
    }
    for (const of of [gruOf, rnnOf]) {
      for (const h of open) {
        const cell = attempt(() => of(expressions, [h.after]));
        if (cell && begins(cell.h, h)) return { cell, h };
      }
    }
    return undefined;
  }

  /** A recurrent node of one step, its states handed from round to round. Throws `Unsupported` if they are others after it. */
  take(step: Draft, places: readonly Place[]): void {
    const { own, inputs, tensors, begins = {} } = step;
    const { h, c } = begins;
    for (const [part, pieces] of [
      ['rows', h],
      ['cell', c],
    ] as const) {
      if (!pieces && (part === 'rows' || own?.type === 'lstm'))
        throw new Unsupported(say`${quote(step.wanted)} begins each round anew`);
      const handed = places.some(
        ({ before, after }) =>
          keyOf(before) === keyOf(pieces ?? []) &&
          after.draft === step &&
          after.at === part &&
          after.count === step.width,
      );
      if (pieces && !handed)
        throw new Unsupported(say`a state of ${quote(step.wanted)} is not what it gave in the round before`);
    }
    const cell: Cell = {
      own: own!,
      tensors,
      sources: inputs.map(({ pieces }) => pieces),
      h: h!,
      notes: [],
      ...(c && { c }),
    };
    this.make(cell, step, { name: step.wanted });
  }

  /**
   * Reads tokens by a layer that masks those that are 0; `carried` is what goes on from step to step in place of what is
   * made. Throws `Unsupported` unless all cells read them through layers that hand the mask on.
   */
  maskBy(ids: Flow, carried: readonly Piece[]): void {
    this.mask = ids;
    for (const { draft } of carried) {
      for (const { draft: made, at } of draft.masked?.pieces ?? [])
        (at === 'cell' ? this.carriedCells : this.carried).set(made, draft);
    }
  }

  /** The units with the embedding before them as one that masks. */
  private maskedSource(pieces: readonly Piece[], ids: Flow): void {
    const [{ draft, at }] = pieces;
    const { own, inputs } = draft;
    const [token] = ids.pieces;
    if (own?.type === 'embedding' && inputs[0].pieces[0].draft === token.draft) {
      if (own.maskZero || this.replaced.has(draft)) return;
      const masking = { ...own, maskZero: true } as const;
      this.replaced.set(draft, this.context.draft(draft.wanted, inputs, masking, draft.tensors));
      return;
    }
    const handsOn = own && at === 'rows' && (HAND_MASKS_ON.includes(own.type) || isRecurrentType(own.type));
    if (!handsOn || pieces.some((piece) => piece.draft !== draft))
      throw new Unsupported(say`its mask is that of other tokens than those that it reads`);
    this.maskedSource(inputs[0].pieces, ids);
  }

  /** `carrier` gives the cell state after a step, where the step itself does not. */
  private make(
    cell: Cell,
    step: Draft,
    { name, carrier }: { readonly name: string; readonly carrier?: Draft },
  ): void {
    const { rows, reversed, initial } = this.making;
    if (this.mask) for (const source of cell.sources) this.maskedSource(source, this.mask);
    const input: Flow = {
      ...{
        kind: 'flow',
        pieces: this.current(cell.sources.flat()),
        axes: [ONE, ONE, units(widthOfPieces(cell.sources.flat()))],
      },
      ...{ reversed: false, integer: false, ...(rows && { rows }) },
    };
    const { own, tensors, states } = initial(cell);
    const directions = reversed ? (['backward'] as const) : (['forward'] as const);
    const all = { ...cell.tensors, ...tensors };
    const draft = this.context.draft(
      name,
      [input],
      { ...cell.own, ...own, directions } as never,
      reversed
        ? Object.fromEntries(Object.entries(all).map(([key, values]) => [`${key}_reverse`, values]))
        : all,
      states && { states },
    );
    for (const note of cell.notes) this.context.note(`${JSON.stringify(draft.wanted)}: ${note}`);
    this.layers.push(draft);
    this.replaced.set(this.carried.get(step) ?? step, draft);
    this.known.add(step);
    const cellState = carrier ? (this.carried.get(carrier) ?? carrier) : this.carriedCells.get(step);
    if (cellState) this.cells.set(cellState, draft);
    if (carrier) this.known.add(carrier);
  }

  /** Why places that are left over belong to no cell: what is made of the first state that is; undefined if none is. */
  whyNone(left: readonly Place[]): string | undefined {
    const expressions = new Expressions(this.known);
    const place = left.find(({ after }) => expressions.readsState([after]));
    if (!place) return undefined;
    const { before, after } = place;
    return say`after a step its state ${JSON.stringify(before[0].draft.state)} is ${inWords(expressions, [after])}, which no cell that is known here computes`;
  }

  /** A tensor as the layers give it. Throws `Unsupported` if it depends on a state that is none of theirs. */
  tensor(flow: Flow): Flow {
    const { rows } = this.making;
    return { ...flow, pieces: this.current(flow.pieces), ...(flow.rows && rows && { rows }) };
  }

  private current(pieces: readonly Piece[]): Piece[] {
    return pieces.map((piece) => {
      const cell = this.cells.get(piece.draft);
      if (cell) return { ...piece, draft: cell, at: 'cell' };
      return { ...piece, draft: this.rebuilt(piece.draft) };
    });
  }

  /** With what stands before it first, however long a chain that is. */
  private rebuilt(draft: Draft): Draft {
    const known = this.replaced.get(draft);
    if (known) return known;
    const before = new Set([draft]);
    for (const { inputs } of before) {
      for (const { pieces } of inputs)
        for (const { draft: one } of pieces)
          if (!this.replaced.has(one) && !this.cells.has(one)) before.add(one);
    }
    for (const one of [...before].toSorted((a, b) => a.index - b.index)) this.remade(one);
    return this.replaced.get(draft)!;
  }

  private remade(draft: Draft): Draft {
    if (draft.state !== undefined)
      throw new Unsupported(
        say`the state ${JSON.stringify(draft.state)} of the step before is read by no cell that is known here`,
      );
    const inputs = draft.inputs.map((flow) => this.tensor(flow));
    const same = inputs.every((flow, k) =>
      flow.pieces.every(({ draft: one }, p) => one === draft.inputs[k].pieces[p].draft),
    );
    const made = same
      ? draft
      : this.context.draft(draft.wanted, inputs, draft.own!, draft.tensors, kept(draft));
    this.replaced.set(draft, made);
    return made;
  }
}

/** Layers that give a row for each that they read, and leave which steps count as it is. */
const HAND_MASKS_ON: readonly string[] = [
  ...[
    'linear',
    'activation',
    'dropout',
    'batch_norm',
    'layer_norm',
    'rms_norm',
    'elementwise',
    'power',
    'clip',
  ],
];

function kept({ affine, states, inputSize }: Draft): Partial<Draft> {
  return { inputSize, ...(affine && { affine }), ...(states && { states }) };
}

function attempt(find: () => Cell | undefined): Cell | undefined {
  try {
    return find();
  } catch (error) {
    if (error instanceof Unsupported) return undefined;
    throw error;
  }
}

function beginAlike({ before: [a] }: Place, { before: [b] }: Place): boolean {
  return a.draft === b.draft && a.from === b.from;
}

/** The places of a state, part by part; units of one layer that do not stand side by side are one part. */
export function placesOf(before: Flow, after: Flow): Place[] {
  if (before.pieces.length !== 1 || widthOfPieces(before.pieces) !== widthOfPieces(after.pieces)) return [];
  const [leaf] = before.pieces;
  let from = leaf.from;
  const parts = new Map<string, Place[]>();
  for (const piece of after.pieces) {
    const place = { before: [{ ...leaf, from, count: piece.count }], after: piece };
    from += piece.count;
    const key = `${piece.draft.index}.${piece.at}`;
    const others = parts.get(key);
    if (others) others.push(place);
    else parts.set(key, [place]);
  }
  return [...parts.values()].flatMap((places) => {
    const inOrder = places.toSorted((a, b) => a.after.from - b.after.from);
    const [whole, ...more] = joined(inOrder.map((place) => place.after));
    return more.length > 0
      ? places
      : [{ before: joined(inOrder.flatMap((place) => place.before)), after: whole }];
  });
}

/** A state that a step begins with. */
export function stateFlow(draft: Draft, flow: Pick<Flow, 'axes' | 'rows'>): Flow {
  return flowOf(draft, flow.axes, flow.rows);
}
