import assert from 'node:assert/strict';
import { isFromWebview } from '../../../src/host/fromPanel';
import { Pictures } from '../../../src/host/pictures';
import { wantedPicture } from '../../../src/picture/wanted';
import type { ToWebview } from '../../../src/protocol';

describe('pictures of the panel', () => {
  const asked: ToWebview[] = [];
  const pictures = new Pictures((message) => asked.push(message));
  const ids = () => asked.map((message) => (message.type === 'takePicture' ? message.id : -1));

  it('are answered one by one, whatever the order', async () => {
    const [one, other] = [
      pictures.take(wantedPicture({}), 'file'),
      pictures.take(wantedPicture({ view: 'memory' }), 'clipboard'),
    ];
    const [first, second] = ids();
    assert.deepEqual(
      asked.map((message) => message.type === 'takePicture' && message.to),
      ['file', 'clipboard'],
    );
    pictures.taken({ type: 'picture', id: second, result: { err: 'There is nothing to see.' } });
    pictures.taken({ type: 'picture', id: first, result: { ok: Uint8Array.of(1, 2) } });
    pictures.taken({ type: 'picture', id: 99, result: { err: 'nobody asked' } });
    assert.deepEqual(await one, Uint8Array.of(1, 2));
    await assert.rejects(other, /nothing to see/);
  });

  it('are given up where the panel is gone', async () => {
    const one = pictures.take(wantedPicture({}), 'file');
    pictures.giveUp('gone');
    await assert.rejects(one, /gone/);
  });

  it('are as usual where what is asked for makes no sense', () => {
    const usual = { view: 'diagram', format: 'svg', scale: 1, theme: null, values: true, of: 'window' };
    assert.deepEqual(wantedPicture({ view: 3, format: 'gif', scale: 900, theme: 'pink', of: 'all' }), usual);
    assert.deepEqual(
      wantedPicture({ format: 'png', scale: 2.5, theme: 'print', values: false, of: 'chosen' }),
      {
        ...usual,
        ...{ format: 'png', scale: 2.5, theme: 'print', values: false, of: 'chosen' },
      },
    );
  });

  it('come in messages whose every field is looked at', () => {
    const offer = { view: 'diagram', label: 'Unrolled network', bare: true, chosen: { from: 1, to: 2 } };
    const offers = (...all: unknown[]) =>
      isFromWebview({ type: 'savePicture', offers: all, to: 'clipboard' });
    assert.ok(offers(offer, { ...offer, chosen: null }));
    assert.ok(!offers({ ...offer, label: 1 }) && !offers({ ...offer, chosen: { from: -1, to: 2 } }));
    assert.ok(!isFromWebview({ type: 'savePicture', offers: [offer], to: 'anywhere' }));
    assert.ok(!offers(...Array<unknown>(100).fill(offer)));
    const picture = (result: unknown, id: unknown = 1) => isFromWebview({ type: 'picture', id, result });
    assert.ok(picture({ ok: Uint8Array.of(1) }) && picture({ err: 'why' }));
    assert.ok(!picture({ ok: [1] }) && !picture({}) && !picture({ err: 'why' }, 'one'));
  });
});
