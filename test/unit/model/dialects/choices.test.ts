import assert from 'node:assert/strict';
import { chosenWith, type Choice } from '../../../../src/model/dialects/dialect';

const [nam, pytorch] = ['nam', 'pytorch'].map((value): Choice => ({ kind: 'dialect', value, label: value }));
const [first, second] = ['1', '2'].map((value): Choice => ({ kind: 'order', value, label: value }));
const all = [nam, pytorch, first, second];

describe('a choice of how to read a file', () => {
  it('stands beside one of another kind', () => {
    assert.deepEqual(chosenWith(first, ['pytorch'], all), ['pytorch', '1']);
  });

  it('takes the place of one of its kind', () => {
    assert.deepEqual(chosenWith(second, ['pytorch', '1'], all), ['pytorch', '2']);
  });

  it('of another dialect drops what was chosen within the one before', () => {
    assert.deepEqual(chosenWith(nam, ['pytorch', '1'], all), ['nam']);
  });

  it('of another state dict drops the order of the modules of the one before', () => {
    const dict: Choice = { kind: 'state-dict', value: 'key:ema', label: 'ema' };
    const input: Choice = { kind: 'input rate', value: 'rate=8000', label: '8000' };
    assert.deepEqual(chosenWith(dict, ['pytorch', '1'], [...all, dict, input]), ['pytorch', 'key:ema']);
    assert.deepEqual(chosenWith(first, ['pytorch', 'key:ema', 'rate=8000'], [...all, dict, input]), [
      ...['pytorch', 'key:ema', 'rate=8000'],
      '1',
    ]);
  });

  it('made again changes nothing', () => {
    assert.deepEqual(chosenWith(pytorch, ['pytorch', '1'], all), ['pytorch', '1']);
  });

  it('drops what the file no longer offers', () => {
    assert.deepEqual(chosenWith(first, ['keras', '7'], all), ['1']);
  });
});
