import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { promisify } from 'node:util';
import { speak, translated } from '../../src/words/translated';
import {
  englishSchema,
  KOREAN,
  koreanSchema,
  SCHEMA_TEXTS,
  schemaFaults,
  textsOf,
  translatedSchema,
} from '../l10n/schema';
import {
  bareSentences,
  BUNDLE,
  faultsOf,
  inCatalogues,
  inTemplates,
  manifestFaults,
  read,
  sentences,
  sources,
} from '../l10n/sentences';

const NONE = { missing: [], unused: [], differing: [] };

/** Particles have two forms, one behind a consonant: behind a value it is not known which is right. */
const PARTICLE = /\}["”)]?(을|를|은|는|이|가|과|와|으로|로)(?=[\s.,;:!?)]|$)/;

describe('Korean', () => {
  it('has every sentence that is said, no other, and the same values in each', async function () {
    this.timeout(60_000);
    const said = await sentences();
    assert.deepEqual(faultsOf(said, read(BUNDLE)), NONE);
    assert.ok(said.size > 800);
    assert.ok(said.has('Run Sample Sequence') && said.has('the largest: {0}') && said.has('forget gate'));
  });

  it('has every text of the manifest, which has no other', () => {
    assert.deepEqual(manifestFaults(), NONE);
  });

  it('has no particle that would depend on a value', () => {
    const all = { ...read(BUNDLE), ...read('package.nls.ko.json'), ...read(SCHEMA_TEXTS) };
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

describe('the JSON schema in Korean', () => {
  it('has every text of the English one, and no other', () => {
    assert.deepEqual(schemaFaults(), NONE);
    assert.ok(textsOf(englishSchema()).length > 500);
  });

  it('is the file that package.json names in Korean, and is up to date: npm run l10n writes it', async () => {
    assert.equal(read('package.nls.ko.json').schema, `./${KOREAN}`);
    assert.equal(readFileSync(KOREAN, 'utf8'), await koreanSchema());
  });

  it('has other texts, and nothing else', () => {
    const sentences = { 'A name.': '이름.', Units: '유닛', name: '성명', number: '숫자' };
    const schema = {
      ...{ title: 'Units', type: 'number', required: ['name'] },
      properties: {
        description: { description: 'A name.', enum: ['name'], enumDescriptions: ['Units', 'x'] },
      },
    };
    assert.deepEqual(translatedSchema(schema, sentences), {
      ...{ title: '유닛', type: 'number', required: ['name'] },
      properties: { description: { description: '이름.', enum: ['name'], enumDescriptions: ['유닛', 'x'] } },
    });
    assert.deepEqual(textsOf(schema), ['Units', 'A name.', 'Units', 'x']);
  });
});

describe('what the readers say', () => {
  /** Python that is written, training, and names of what takes time, which no one reads in the editor. */
  const OTHERS = /^src\/(model\/python\/|engine\/(train\/|recurrentBackward\.ts))/;

  it('is said in sentences that can be translated', () => {
    const readers = sources().filter(
      ({ file }) =>
        /^src\/(cells|differences|engine|files|host|model|platform|verify|whatIf)\//.test(file) &&
        !OTHERS.test(file),
    );
    assert.deepEqual(
      readers.flatMap(({ file, contents }) => bareSentences(file, contents)),
      [],
    );
  });

  it('is Korean of every fixture, as it is and cut off, where Korean is spoken', async function () {
    this.timeout(180_000);
    const program = [...process.execArgv, '--import', 'tsx', 'test/l10n/readers.ts', 'ko'];
    const { stdout } = await promisify(execFile)(process.execPath, program, { maxBuffer: 2 ** 25 });
    const said: Record<string, string[]> = JSON.parse(stdout);
    const messages = [...new Set(Object.values(said).flat())];
    assert.ok(messages.length > 500, String(messages.length));
    assert.deepEqual(
      messages.filter((message) => !/[가-힣]/.test(message)),
      [],
    );
    /** Three words in a row, none of them a file's own. */
    const english = messages.filter((message) =>
      /[a-z]{2,} [a-z]{2,} [a-z]{2,}/.test(withoutQuotes(message)),
    );
    assert.deepEqual(english, []);
  });

  function withoutQuotes(message: string): string {
    return message.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  }
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

  it('are found with the sentences of templates, whatever stands in them', () => {
    const code = `
      const all = say\`a list of \${count(say\`none\`)} \${"numbers"}, \${many ? say\` or more\` : ''}\`;
      const other = another\`not said\`;
    `;
    assert.deepEqual(inTemplates('reader.ts', code), ['a list of {0} {1}, {2}', 'none', ' or more']);
    const bare =
      'report(`the layer ${name} is missing here`, say`the ${"other one is fine not"} x`, "a name")';
    assert.deepEqual(bareSentences('reader.ts', bare), [
      'reader.ts: the layer … is missing here',
      'reader.ts: other one is fine not',
    ]);
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
