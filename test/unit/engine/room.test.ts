import assert from 'node:assert/strict';
import { Room } from '../../../src/engine/room';

describe('the room for a stretch', () => {
  it('is zeros, and the same memory again once it is cleared', () => {
    const room = new Room();
    const [first, second] = [room.take(3), room.take(2)];
    assert.notEqual(first.buffer, second.buffer);
    first.fill(7);
    room.clear();
    assert.equal(room.take(3), first);
    assert.deepEqual([...first], [0, 0, 0]);
    assert.equal(room.take(2), second);
  });

  it('is made anew for a stretch of another length', () => {
    const room = new Room();
    const long = room.take(4);
    room.clear();
    const short = room.take(3);
    assert.notEqual(short, long);
    assert.equal(short.length, 3);
  });
});
