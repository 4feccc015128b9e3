import assert from 'node:assert/strict';
import { clampStep, columnsFor, windowStart } from '../../../../webview/shared/window';

describe('the window', () => {
  it('has as many columns as the sequence has steps, at most eight', () => {
    assert.equal(columnsFor(1), 1);
    assert.equal(columnsFor(5), 5);
    assert.equal(columnsFor(8), 8);
    assert.equal(columnsFor(1000), 8);
  });

  it('is whole where there is no sequence', () => {
    assert.equal(columnsFor(0), 8);
  });

  it('stays while the playhead is inside its margin', () => {
    for (let playhead = 11; playhead <= 16; playhead++) assert.equal(windowStart(10, 8, 100, playhead), 10);
  });

  it('moves just as far as keeps one column before and after the playhead', () => {
    assert.equal(windowStart(10, 8, 100, 17), 11);
    assert.equal(windowStart(10, 8, 100, 10), 9);
    assert.equal(windowStart(10, 8, 100, 50), 44);
    assert.equal(windowStart(50, 8, 100, 20), 19);
  });

  it('ends at the ends of the sequence', () => {
    assert.equal(windowStart(10, 8, 100, 0), 0);
    assert.equal(windowStart(10, 8, 100, 99), 92);
    assert.equal(windowStart(92, 8, 100, 98), 92);
  });

  it('has no margin where there is no room for one', () => {
    assert.equal(windowStart(0, 1, 1, 0), 0);
    assert.equal(windowStart(3, 1, 9, 4), 4);
    assert.equal(windowStart(3, 2, 9, 4), 3);
  });

  it('starts at 0 where there is no sequence', () => {
    assert.equal(windowStart(5, 8, 0, 0), 0);
  });
});

describe('a step', () => {
  it('is brought to the nearest there is', () => {
    assert.equal(clampStep(-3, 10), 0);
    assert.equal(clampStep(4, 10), 4);
    assert.equal(clampStep(10, 10), 9);
    assert.equal(clampStep(7, 0), 0);
  });
});
