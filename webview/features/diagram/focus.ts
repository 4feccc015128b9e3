/** Moving between signals with the keyboard: one of them is in the tab order, Ctrl + arrows go to the next in space. */

/** A place that can have the focus. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** Where the focus is asked to go: to a neighbour, or to an end of the sequence. */
export type Heading = 'left' | 'right' | 'up' | 'down' | 'first' | 'last';

const HEADINGS: Record<string, Heading> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  Home: 'first',
  End: 'last',
};

/** The heading that a key press asks for, or null. */
export function headingOf(event: {
  key: string;
  ctrlKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}): Heading | null {
  if (!event.ctrlKey || event.altKey || event.shiftKey) return null;
  return HEADINGS[event.key] ?? null;
}

/** Signals whose heights differ by less stand in one row. */
const ROW_HEIGHT = 24;

/** The nearest spot in a heading: to the sides within the row, up and down before aside. Null at the edge. */
export function neighbour<T extends Spot>(
  spots: readonly T[],
  from: T,
  heading: 'left' | 'right' | 'up' | 'down',
): T | null {
  const horizontal = heading === 'left' || heading === 'right';
  const sign = heading === 'right' || heading === 'down' ? 1 : -1;
  let best: T | null = null;
  let bestCost = Infinity;
  for (const spot of spots) {
    const dx = spot.x - from.x;
    const dy = spot.y - from.y;
    const along = sign * (horizontal ? dx : dy);
    if (along <= 1 || (horizontal && Math.abs(dy) >= ROW_HEIGHT)) continue;
    const cost = horizontal ? along : along * 2 + Math.abs(dx);
    if (cost < bestCost) [best, bestCost] = [spot, cost];
  }
  return best;
}

/** Keeps exactly one element in the tab order. */
export class RovingFocus<T extends { setAttribute(name: string, value: string): void }> {
  private current: T | null = null;

  /** The element that Tab reaches. */
  get element(): T | null {
    return this.current;
  }

  set(element: T): void {
    this.current?.setAttribute('tabindex', '-1');
    element.setAttribute('tabindex', '0');
    this.current = element;
  }
}
