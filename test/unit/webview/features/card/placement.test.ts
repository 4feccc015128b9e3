import assert from 'node:assert/strict';
import { keptIn, placeCard, type Rect } from '../../../../../webview/features/card/placement';

const VIEWPORT = { width: 1000, height: 800 };
const CARD = { width: 370, height: 200 };

function covers(anchor: Rect, { left, top }: { left: number; top: number }): boolean {
  return (
    left < anchor.left + anchor.width &&
    left + CARD.width > anchor.left &&
    top < anchor.top + anchor.height &&
    top + CARD.height > anchor.top
  );
}

describe('the place of the card', () => {
  it('is below the anchor if it fits there', () => {
    const anchor = { left: 400, top: 300, width: 30, height: 40 };
    assert.deepEqual(placeCard(anchor, CARD, VIEWPORT), { left: 386, top: 350 });
  });

  it('is above near the lower edge', () => {
    const anchor = { left: 400, top: 700, width: 30, height: 40 };
    assert.deepEqual(placeCard(anchor, CARD, VIEWPORT), { left: 386, top: 490 });
  });

  it('is beside it in a low viewport', () => {
    const anchor = { left: 100, top: 120, width: 30, height: 40 };
    const { left, top } = placeCard(anchor, CARD, { width: 1000, height: 300 });
    assert.equal(left, 140);
    assert.equal(top, 92);
  });

  it('stays in the viewport and off the anchor wherever the anchor is', () => {
    for (let left = 0; left <= 970; left += 97) {
      for (let top = 0; top <= 760; top += 95) {
        const anchor = { left, top, width: 30, height: 40 };
        const place = placeCard(anchor, CARD, VIEWPORT);
        assert.ok(place.left >= 8 && place.left + CARD.width <= VIEWPORT.width - 8);
        assert.ok(place.top >= 8 && place.top + CARD.height <= VIEWPORT.height - 8);
        assert.ok(!covers(anchor, place), `anchor at ${left}, ${top}`);
      }
    }
  });

  it('is inside of a viewport that has become smaller', () => {
    const inside = { left: 40, top: 60, ...CARD };
    assert.deepEqual(keptIn(inside, VIEWPORT), { left: 40, top: 60 });
    assert.deepEqual(keptIn({ ...inside, left: 600 }, { width: 660, height: 240 }), { left: 282, top: 32 });
  });

  it('keeps its corner in view where it fits nowhere', () => {
    const place = placeCard({ left: 20, top: 20, width: 30, height: 40 }, CARD, { width: 200, height: 120 });
    assert.deepEqual(place, { left: 8, top: 8 });
  });
});
