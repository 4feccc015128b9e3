import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { speak, translated } from '../../src/words/translated';
import { BUNDLE, faultsOf, inCatalogues, manifestFaults, read, sentences, sources } from '../l10n/sentences';

const NONE = { missing: [], unused: [], differing: [] };

/** Particles have two forms, one behind a consonant: behind a value it is not known which is right. */
const PARTICLE = /\}["”)]?(을|를|은|는|이|가|과|와|으로|로)(?=[\s.,;:!?)]|$)/;

describe('Korean', () => {
  it('has every sentence that is said, no other, and the same values in each', async () => {
    const said = await sentences();
    assert.deepEqual(faultsOf(said, read(BUNDLE)), NONE);
    assert.ok(said.size > 800);
    assert.ok(said.has('Run Sample Sequence') && said.has('the largest: {0}') && said.has('forget gate'));
  });

  it('has every text of the manifest, which has no other', () => {
    assert.deepEqual(manifestFaults(), NONE);
  });

  it('has no particle that would depend on a value', () => {
    const all = { ...read(BUNDLE), ...read('package.nls.ko.json') };
    assert.deepEqual(
      Object.values(all).filter((text) => PARTICLE.test(text)),
      [],
    );
    assert.ok(PARTICLE.test('“{0}”을 읽는 중') && PARTICLE.test('{0}가 없습니다.'));
    assert.ok(!PARTICLE.test('{0}이하'));
  });

  it('has every page of the walkthrough, with the same code', () => {
    const folder = 'media/walkthrough';
    const pages = readdirSync(folder).filter((name) => /^[^.]+\.md$/.test(name));
    const korean = readdirSync(folder).filter((name) => name.endsWith('.nls.ko.md'));
    assert.deepEqual(
      korean.map((name) => name.replace('.nls.ko', '')),
      pages,
    );
    const codeOf = (name: string) => readFileSync(`${folder}/${name}`, 'utf8').match(/```[^`]*```|!\[.*\)/g);
    for (const page of pages) {
      assert.ok(existsSync(`${folder}/${page}`));
      assert.deepEqual(codeOf(page.replace('.md', '.nls.ko.md')), codeOf(page));
    }
  });
});

describe('catalogues of words', () => {
  it('are all in the language of the user', () => {
    const bare = /^(export )?const (words|common)(: [^=\n]+)? = \{/m;
    assert.deepEqual(
      sources()
        .filter(({ contents }) => bare.test(contents))
        .map(({ file }) => file),
      [],
    );
  });

  it('are translated in all their parts, as far as there are translations', () => {
    const words = { run: 'Run', more: { steps: ['{0} steps', 'Home'], none: '–' }, toString: 'toString' };
    try {
      speak('ko', { Run: '실행', '{0} steps': '시점 {0}개' });
      assert.deepEqual(translated(words), {
        run: '실행',
        more: { steps: ['시점 {0}개', 'Home'], none: '–' },
        toString: 'toString',
      });
    } finally {
      speak('en', {});
    }
    assert.deepEqual(translated(words), words);
  });

  it('are found in the code, their names apart', () => {
    const code = `
      export const words = translated({ run: 'Run', 'not-run': { one: "Don't", keys: [['?', \`Keys\`]] } });
      const other = { text: 'no words', of: translated({ h: 'hidden state' }) };
    `;
    assert.deepEqual(inCatalogues('words.ts', code), ['Run', "Don't", '?', 'Keys', 'hidden state']);
    assert.throws(() => inCatalogues('words.ts', 'translated({ run: `Run ${name}` })'), /words\.ts/);
  });

  it('show what a language lacks, has too much and has otherwise', () => {
    const said = ['Run', '{0} of {1}', 'Open {0}'];
    const language = { '{0} of {1}': '{1} 중 {0}', 'Open {0}': '열기', Close: '닫기' };
    assert.deepEqual(faultsOf(said, language), {
      missing: ['Run'],
      unused: ['Close'],
      differing: ['Open {0}'],
    });
  });
});
