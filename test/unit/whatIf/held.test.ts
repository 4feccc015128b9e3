import assert from 'node:assert/strict';
import { isHeld } from '../../../src/whatIf/held';

const f = { layer: 'lstm', level: 0, direction: 'forward', signal: 'f' } as const;

describe('what-ifs', () => {
  it('are of a signal at a step', () => {
    assert.ok(isHeld(['lstm.f=1'], f, 3));
    assert.ok(isHeld(['lstm.f[2]@3..5=1'], f, 4));
    assert.ok(!isHeld(['lstm.f[2]@3..5=1'], f, 6));
    assert.ok(!isHeld(['lstm.f0=1', 'lstm.1.f=1', 'lstm.i=1'], f, 0));
    assert.ok(isHeld(['lstm.1.backward.f=1'], { ...f, level: 1, direction: 'backward' }, 0));
    const input = { ...f, layer: 'input', signal: 'x' };
    assert.ok(isHeld(['input@3=b'], input, 3) && !isHeld(['input@3=b'], input, 2));
  });
});
