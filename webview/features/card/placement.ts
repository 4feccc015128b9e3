/** Where a card goes so that what it speaks of stays in view. Pure geometry, in CSS pixels. */

export interface Rect {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const GAP = 10;
const MARGIN = 8;
/** How far the card's corner stands out beyond the anchor's. */
const OVERHANG = 14;

/**
 * The card's corner: below the anchor if it fits there, else above, right, left; in the side with the most room if it
 * fits nowhere. It never leaves the viewport unless it is larger.
 */
export function placeCard(
  anchor: Rect,
  card: { readonly width: number; readonly height: number },
  viewport: { readonly width: number; readonly height: number },
): { readonly left: number; readonly top: number } {
  const right = anchor.left + anchor.width;
  const bottom = anchor.top + anchor.height;
  const sides = [
    { left: anchor.left - OVERHANG, top: bottom + GAP, room: viewport.height - bottom - card.height },
    { left: anchor.left - OVERHANG, top: anchor.top - GAP - card.height, room: anchor.top - card.height },
    { left: right + GAP, top: anchor.top - OVERHANG, room: viewport.width - right - card.width },
    { left: anchor.left - GAP - card.width, top: anchor.top - OVERHANG, room: anchor.left - card.width },
  ];
  const side =
    sides.find(({ room }) => room >= GAP + MARGIN) ?? sides.reduce((a, b) => (b.room > a.room ? b : a));
  return keptIn({ ...side, width: card.width, height: card.height }, viewport);
}

/** Where it stands, or as near to that as the viewport lets it be seen whole. */
export function keptIn(
  { left, top, width, height }: Rect,
  viewport: { readonly width: number; readonly height: number },
): { readonly left: number; readonly top: number } {
  return { left: within(left, viewport.width - width), top: within(top, viewport.height - height) };
}

function within(wanted: number, room: number): number {
  return Math.max(MARGIN, Math.min(wanted, room - MARGIN));
}
