/** Bad files: a message with its place, nothing executed, everything still usable. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { GALLERY, SECRET, writeGallery } from '../../fixtures/hostile/gallery';
import { openRun, useVSCode } from './rig';

const NAME = `<script>window.pwned=1</script><img src=x onerror="window.pwned=1">"'];--\n😀 한글`;

describe('hostile files', () => {
  const rig = useVSCode();

  it('names are shown as they are and never interpreted', async () => {
    const token = '<b onmouseover="window.pwned=1">';
    rig.workspace.write(
      'names.rnn.json',
      JSON.stringify({
        format: 'rnn-model',
        version: 1,
        name: NAME,
        description: NAME,
        input: { kind: 'token', vocabulary: [token, '"];', '한글', '😀'], split: 'word' },
        layers: [
          { name: NAME, type: 'lstm', hidden_size: 3, num_layers: 2, bidirectional: true },
          { name: 'end --> x["', type: 'linear', out_features: 2, activation: 'softmax' },
        ],
        output: { labels: [token, NAME] },
        samples: [{ name: NAME, tokens: [token, '"];', '한글', '😀'] }],
      }),
    );
    const panel = await openRun(rig, 'names.rnn.json');
    const card = await panel.hover({ layer: NAME, level: 1, direction: 'backward', signal: 'f', step: 2 });
    assert.equal(card.values.length, 3);
    const body = await panel.frame.locator('body').innerText();
    assert.ok(body.includes('<script>window.pwned=1</script>'), 'the name is shown');
    assert.ok(body.includes('한글'));
    const found = await panel.frame.evaluate(() => ({
      pwned: 'pwned' in window,
      images: document.querySelectorAll('img[src="x"]').length,
      handlers: document.querySelectorAll('[onmouseover], [onerror]').length,
    }));
    assert.deepEqual(found, { pwned: false, images: 0, handlers: 0 });
  });

  describe('of the gallery', () => {
    before(() => writeGallery(rig.workspace.folder));

    // Of the ways out two: all take the same one in the reader, as its own test shows.
    const opened = GALLERY.filter(({ name }) => !/^way-(?!parent|link)/.test(name));
    for (const { name, shows, says } of opened) {
      it(`${name} runs no script and shows no other file`, async () => {
        await rig.workbench.openFile(name);
        const panel = await rig.workbench.panel(...(says ? ['error'] : ['ready']));
        if (says)
          await panel.frame
            .getByText(/line \d+, column \d+/i)
            .first()
            .waitFor();
        const nodes = panel.frame.locator('g[data-signal]');
        if (shows === 'structure') await nodes.first().waitFor();
        else assert.equal(await nodes.count(), 0);
        if (!says) await panel.hasRun();
        const found = await panel.frame.evaluate(() => ({
          pwned: 'pwned' in window,
          made: document.querySelectorAll('img, iframe, object, [onload], [onerror]').length,
          scripts: [...document.scripts].filter(({ text }) => text.includes('pwned')).length,
          text: document.body.innerText,
        }));
        const { pwned, made, scripts } = found;
        assert.deepEqual({ pwned, made, scripts }, { pwned: false, made: 0, scripts: 0 });
        assert.ok(!found.text.includes(`{}${SECRET}`));
        await rig.workbench.runCommand('View: Close All Editors');
      });
    }
  });

  const bad: Record<string, string> = {
    'empty.rnn.json': '',
    'no-json.rnn.json': 'no JSON at all',
    'array.rnn.json': '[1, 2, 3]',
    'twice.rnn.json': '{"format": "rnn-model", "format": "rnn-model", "version": 1}',
    'unknown-layer.rnn.json':
      '{"format":"rnn-model","version":1,"input":{"kind":"vector","size":1},"layers":[{"type":"transformer"}]}',
  };

  for (const [name, text] of Object.entries(bad)) {
    it(`${name} says what is wrong and where`, async () => {
      rig.workspace.write(name, text);
      await rig.workbench.openFile(name);
      const panel = await rig.workbench.panel('error', 'ready');
      await panel.frame
        .getByText(/line \d+, column \d+/i)
        .first()
        .waitFor();
      await rig.workbench.runCommand('View: Close All Editors');
    });
  }

  it('a pickle that would run code does nothing but give a message', async () => {
    const target = rig.workspace.path('pwned');
    const command = `touch ${target}`;
    const text = Buffer.concat([Buffer.from('X'), Buffer.alloc(4), Buffer.from(command)]);
    text.writeUInt32LE(command.length, 1);
    const call = [Buffer.from('cposix\nsystem\n'), text, Buffer.from([0x85, 0x52])];
    rig.workspace.write('gadget.pt', Buffer.concat([Buffer.from([0x80, 2]), ...call, Buffer.from('.')]));
    await rig.workbench.openFile('gadget.pt');
    const panel = await rig.workbench.panel('error');
    await panel.frame.getByText('what posix.system gives').first().waitFor();
    assert.ok(!existsSync(target));
    await rig.workbench.runCommand('View: Close All Editors');
  });

  it('a weights file that lies is refused, and the structure is still drawn', async () => {
    const model = (file: string) =>
      JSON.stringify({
        format: 'rnn-model',
        version: 1,
        input: { kind: 'vector', size: 1 },
        layers: [{ name: 'rnn', type: 'rnn', hidden_size: 2 }],
        weights: { file },
        samples: [{ name: 'a', values: [[1], [2]] }],
      });
    const header = Buffer.alloc(8);
    header.writeBigUInt64LE(1n << 60n);
    rig.workspace.write('lying.safetensors', header);
    for (const [name, weights] of [
      ['lying.rnn.json', 'lying.safetensors'],
      ['outside.rnn.json', '../outside.safetensors'],
      ['gone.rnn.json', 'gone.safetensors'],
    ]) {
      rig.workspace.write(name, model(weights));
      await rig.workbench.openFile(name);
      const panel = await rig.workbench.panel('error', 'ready');
      const alert = panel.frame.getByText(/line \d+, column \d+/i).first();
      await alert.waitFor();
      await panel.node({ layer: 'rnn', signal: 'h', step: 0 }).waitFor();
      await rig.workbench.runCommand('View: Close All Editors');
    }
  });
});
