import assert from 'node:assert/strict';
import { gunzipSync } from 'node:zlib';
import { html } from '../../../src/export/html';
import { packed, unpacked } from '../../../src/export/packed';
import type { PLACES } from '../../../src/export/pageScene';
import { type PageScene } from '../../../src/export/pageScene';
import { speak } from '../../../src/words/translated';
import { gru, network, randomSequence } from '../engine/networks';
import { bothWays, written } from './runs';

const NAME = '</script><script>pwned = 1</script>{{scene}}{{title}}$&"\'';

const NETWORK = { ...network(gru(3, { hiddenSize: 4 })), name: NAME };

const FORM =
  `<html lang="{{language}}" data-theme="{{theme}}"><title>{{title}}</title><i data-needs="{{needs}}">{{noScript}}</i>` +
  `<script>{{sentences}}</script><script>{{scene}}</script><i>{{program}}</i>`;
const own = async () => new TextEncoder().encode(FORM);

/** What stands in the form's places. */
function places(page: string): Record<(typeof PLACES)[number], string> {
  const found =
    /^<html lang="(.*)" data-theme="(.*)"><title>(.*)<\/title><i data-needs="(.*)">(.*)<\/i><script>(.*)<\/script><script>(.*)<\/script><i>\{\{program\}\}<\/i>$/.exec(
      page,
    );
  assert.ok(found, page.slice(0, 200));
  const [language, theme, title, needs, noScript, sentences, scene] = found.slice(1);
  return { language, theme, title, needs, noScript, sentences, scene };
}

function sceneIn(page: string): PageScene {
  return unpacked(gunzipSync(Buffer.from(places(page).scene, 'base64')).toString()) as PageScene;
}

describe('a page', () => {
  it('holds the model, its weights and the sequence, to the last bit', async () => {
    const sequence = randomSequence(6, 3, 5);
    const { whole } = await bothWays(NETWORK, sequence);
    const scene = sceneIn(await written(html, whole, {}, { own }));
    assert.deepEqual(scene.network, NETWORK);
    assert.deepEqual(scene.weights, whole.ran.weights);
    assert.deepEqual(scene.sequence, sequence);
    assert.equal(scene.sample, null);
    assert.equal(scene.title, 'own sequence');
  });

  it('has nothing of the model in its own text that is not text there', async () => {
    const { whole } = await bothWays(NETWORK, randomSequence(6, 3, 5));
    const page = await written(html, whole, { theme: 'hc-dark' }, { own });
    const { theme, title, scene } = places(page);
    assert.equal(theme, 'hc-dark');
    assert.doesNotMatch(title, /[<>"']|&(?!#\d+;)/);
    assert.match(title, /\{\{scene\}\}\{\{title\}\}\$/);
    assert.match(scene, /^[A-Za-z0-9+/]+=*$/);
  });

  it('speaks the language that it is written in', async () => {
    const { whole } = await bothWays(NETWORK, randomSequence(6, 3, 5));
    const english = places(await written(html, whole, {}, { own }));
    assert.deepEqual([english.language, english.sentences], ['en', '{}']);
    const sentences = { Run: '실행', Step: '</script>' };
    try {
      speak('ko', sentences);
      const korean = places(await written(html, whole, {}, { own }));
      assert.equal(korean.language, 'ko');
      assert.doesNotMatch(korean.sentences, /</);
      assert.deepEqual(JSON.parse(korean.sentences), sentences);
    } finally {
      speak('en', {});
    }
  });

  it('begins with what is chosen: a step, detail, and a signal, the state where a layer is', async () => {
    const { whole } = await bothWays(NETWORK, randomSequence(6, 3, 5));
    const options = { range: { from: 3 }, detail: 'cells', signals: [{ layer: 'gru' }] } as const;
    const scene = sceneIn(await written(html, whole, options, { own }));
    assert.deepEqual([scene.step, scene.detail], [3, 'cells']);
    assert.deepEqual(scene.signal, { layer: 'gru', level: 0, direction: 'forward', signal: 'h' });
    await assert.rejects(written(html, whole, { signals: [{ layer: 'nowhere' }] }, { own }), /nowhere/);
  });

  it('holds the sequence as it is without the changes, and the changes', async () => {
    const { whole } = await bothWays(NETWORK, randomSequence(6, 3, 5));
    const unchanged = randomSequence(6, 3, 8);
    const scene = sceneIn(await written(html, { ...whole, unchanged, sets: ['gru.z=1'] }, {}, { own }));
    assert.deepEqual(scene.sequence, unchanged);
    assert.deepEqual(scene.sets, ['gru.z=1']);
  });

  it('has the other samples where they are small', async () => {
    const sequence = randomSequence(6, 3, 5);
    const { whole } = await bothWays(NETWORK, sequence);
    const origin = { ...whole.origin, sample: 'b' };
    const namesOf = async (steps: number) => {
      const samples = [{ name: 'a', sequence: randomSequence(steps, 3, 1) }, { name: 'b', sequence }]; // prettier-ignore
      const scene = sceneIn(await written(html, { ...whole, origin, samples }, {}, { own }));
      assert.equal(scene.title, 'b');
      return scene.samples.map(({ name }) => name);
    };
    assert.deepEqual(await namesOf(100), ['a', 'b']);
    assert.deepEqual(await namesOf(30_000), ['b']);
  });

  it('is refused where it would be too large, saying what helps, and where nothing is built', async () => {
    const { whole } = await bothWays(NETWORK, randomSequence(6, 3, 5));
    const long = { ...whole, unchanged: randomSequence(800_000, 3, 5) };
    await assert.rejects(written(html, long, {}, { own }), {
      name: 'RangeError',
      message: /up to 8\.0 MB of weights and sequence, found 9\.2 MB: choose a shorter sequence/,
    });
    await assert.rejects(written(html, whole), RangeError);
    await assert.rejects(written(html, whole, { theme: 'print' }, { own }), RangeError);
  });
});

describe('packed values', () => {
  it('come back as they were', () => {
    const value = {
      map: new Map<string, unknown>([
        ['a', Float32Array.of(1.1, NaN, -0, Infinity)],
        ['__proto__', Int32Array.of(-1)],
      ]),
      arrays: [Uint8Array.of(0, 255), Float64Array.of(0.1)],
      numbers: [NaN, Infinity, -Infinity, 0.1],
      text: '</script>\u2028\ud800',
      ...{ array: [1], base64: '', number: 3, more: null },
    };
    assert.deepEqual(unpacked(packed(value)), value);
  });

  it('may be long', () => {
    const values = Float32Array.from({ length: 100_001 }, (_, k) => Math.sin(k));
    assert.deepEqual(unpacked(packed(values)), values);
    const part = values.subarray(3, 1000);
    assert.deepEqual(unpacked(packed(part)), part.slice());
  });
});
