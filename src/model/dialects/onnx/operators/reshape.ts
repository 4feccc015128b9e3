/** Reshape of what depends on the sequence: units folded and unfolded, steps put into rows. */
import { say } from '../../../../words/say';
import { flowOf, shapeInWords, sizeOf } from '../flow';
import { ONE, ROWS, units, widthOf, type Axis } from '../axes';
import type { Flow } from '../draft';
import { sameScalar, type Scalar } from '../scalar';
import { Unsupported } from '../unsupported';
import type { Node } from '../node';

/** `target` as Reshape has it: 0 keeps a size (unless `allowzero` is set), −1 is what is left. */
export function reshapedFlow(node: Node, x: Flow, target: readonly Scalar[]): Flow {
  const keeps = node.integer('allowzero', 0) === 0;
  const kept = target.map((size, axis) => {
    if (size !== 0 || !keeps) return size;
    if (!x.axes[axis]) throw new Unsupported(say`there is no axis ${axis} of ${shapeInWords(x)} to keep`);
    return sizeOf(x.axes[axis], x);
  });
  const sizes = inferred(x, kept);
  const axes = refolded(x, sizes);
  return axes ? { ...x, axes } : regrouped(node, x, sizes);
}

/** With −1 replaced by what is left; undefined where only a run knows that. */
function inferred(x: Flow, sizes: readonly Scalar[]): Scalar[] {
  const open = sizes.indexOf(-1);
  if (open < 0) return [...sizes];
  const others = sizes.filter((_, axis) => axis !== open);
  const known = others.reduce<number>((product, size) => product * (typeof size === 'number' ? size : 1), 1);
  const rows = x.axes.some(({ of }) => of === 'rows') ? x.rows!.size : 1;
  const width = widthOf(x);
  if (typeof rows === 'number') return sizes.with(open, whole((rows * width) / known, x, sizes));
  const hasRows = others.some((size) => typeof size !== 'number');
  if (hasRows) return sizes.with(open, whole(width / known, x, sizes));
  return sizes.with(open, known === width ? rows : undefined);
}

function whole(size: number, x: Flow, sizes: readonly Scalar[]): number {
  if (Number.isInteger(size) && size > 0) return size;
  throw new Unsupported(say`${shapeInWords(x)} does not make [${sizes.map(String).join(', ')}]`);
}

/** The axes of `sizes` if steps stay steps, and only units are folded in another way. */
function refolded(x: Flow, sizes: readonly Scalar[]): Axis[] | undefined {
  const from = x.axes.filter(({ of }) => of !== 'one');
  const axes: Axis[] = sizes.map(() => ONE);
  const to = sizes.flatMap((size, axis) => (size === 1 ? [] : [axis]));
  let [i, j] = [0, 0];
  while (i < from.length && j < to.length) {
    const axis = from[i];
    if (axis.of === 'rows') {
      const { size } = x.rows!;
      const same = sameScalar(size, sizes[to[j]]) || (size === undefined && sizes[to[j]] === undefined);
      if (!same) return undefined;
      axes[to[j]] = ROWS;
      i++;
      j++;
      continue;
    }
    let before = 1;
    let after = 1;
    do {
      if (before <= after) {
        const next = from[i++];
        if (next?.of !== 'units') return undefined;
        before *= next.size;
      } else {
        const size = sizes[to[j]];
        if (typeof size !== 'number') return undefined;
        axes[to[j]] = units(size);
        j++;
        after *= size;
      }
    } while (before !== after);
  }
  return i === from.length && j === to.length ? axes : undefined;
}

/** All steps in one row, or other rows of the same numbers. */
function regrouped(node: Node, x: Flow, sizes: readonly Scalar[]): Flow {
  const { context } = node;
  const order = x.axes.filter(({ of }) => of !== 'one').map(({ of }) => of);
  if (order.lastIndexOf('rows') !== 0 || x.reversed || context.streaming) {
    throw new Unsupported(say`${shapeInWords(x)} is put into another order, which no layer does`);
  }
  const to = sizes.flatMap((size, axis) => (size === 1 ? [] : [axis]));
  const [rows, ...rest] = to.map((axis) => sizes[axis]);
  const total = typeof x.rows!.size === 'number' ? x.rows!.size * widthOf(x) : undefined;
  const numbers = (list: readonly Scalar[]) =>
    list.reduce<number>((product, size) => product * Number(size), 1);
  if (to.length === 1 && rows === total && total !== undefined) {
    const draft = context.draft(node.layerName, [x], { type: 'flatten', outputSize: total });
    return flowOf(
      draft,
      sizes.map((size) => units(size as number)),
      undefined,
    );
  }
  const width = numbers(rest);
  const fits = total === undefined ? rows === undefined : total === width * Number(rows);
  if (rest.length === 0 || !fits || !(width > 0)) {
    throw new Unsupported(
      say`${shapeInWords(x)} is put into rows of which only a run knows how many there are`,
    );
  }
  const draft = context.draft(node.layerName, [x], { type: 'reshape', outputSize: width });
  const axes = sizes.map((size, axis): Axis => (axis === to[0] ? ROWS : units(size as number)));
  return flowOf(draft, axes, { size: rows });
}
