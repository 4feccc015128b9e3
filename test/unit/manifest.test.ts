/** That package.json, where VS Code wants them, names the endings that the dialects say they have. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { TOOLS } from '../../src/tools/tools';
import { DIALECTS, isTextName, withoutEnding } from '../../src/model/dialects/all';
import { jsonSchema } from './tools/jsonSchema';

const { contributes } = JSON.parse(readFileSync('package.json', 'utf8'));

/** `pb` of `{saved_model,keras_metadata}.pb`, each of `*.{onnx,h5}`. */
function endingsOf(pattern: string): string[] {
  const [, list] = /\.(?:\{([^}]*)\}|[^{}]*)$/.exec(pattern)!;
  return list?.split(',') ?? [pattern.replace(/^(\*|\{[^}]*\})\./, '')];
}

const selected = new Set<string>(
  contributes.customEditors.flatMap(({ selector }: { selector: { filenamePattern: string }[] }) =>
    selector.flatMap(({ filenamePattern }) => endingsOf(filenamePattern)),
  ),
);
const endings = new Set(DIALECTS.flatMap((dialect) => dialect.endings));

describe('package.json', () => {
  it('opens the files of every dialect in the unrolled view, and no others', () => {
    assert.deepEqual([...selected].sort(), [...endings].sort());
  });

  it('has them in the menu of the explorer', () => {
    const [{ when }] = contributes.menus['explorer/context'];
    const listed = /\\\.\(([a-z0-9|]+)\)\$\/i/.exec(when)![1].split('|');
    const own = [...endings].map((ending) => ending.replace(/^.*\./, ''));
    const byName = ['pb'];
    assert.deepEqual([...listed, ...byName].sort(), [...new Set(own)].sort());
  });
});

describe('the tools of language models in package.json', () => {
  const listed: Record<string, unknown>[] = contributes.languageModelTools;

  it('are those that there are, with what they take', () => {
    assert.deepEqual(
      listed.map(({ name, modelDescription, inputSchema }) => ({ name, modelDescription, inputSchema })),
      TOOLS.map((tool) => ({
        name: `gatescope_${tool.name}`,
        modelDescription: tool.description,
        inputSchema: jsonSchema(tool),
      })),
    );
  });

  it('can be named in a question, each by a name of its own, and are translated', () => {
    const names = listed.map(({ toolReferenceName }) => String(toolReferenceName));
    assert.equal(new Set(names).size, TOOLS.length);
    for (const tool of listed) {
      assert.match(String(tool.toolReferenceName), /^rnn[A-Z][a-z]+$/);
      assert.equal(tool.canBeReferencedInPrompt, true);
      for (const text of [tool.displayName, tool.userDescription]) assert.match(String(text), /^%tool\..+%$/);
    }
  });
});

describe('endings', () => {
  it('are taken off by the longest that fits', () => {
    assert.equal(withoutEnding('names.rnn.json'), 'names');
    assert.equal(withoutEnding('net.JSON'), 'net');
    assert.equal(withoutEnding('net.onnx'), 'net');
    assert.equal(withoutEnding('notes.txt'), 'notes.txt');
  });

  it('tell text from what is none', () => {
    assert.deepEqual(['a.nam', 'a.rnn.json', 'a.onnx', 'a'].map(isTextName), [true, true, false, false]);
  });
});
