import assert from 'node:assert/strict';
import { setTimeout as after } from 'node:timers/promises';
import type { StepAddress } from '../../../src/model/network';
import type { Memory, Values } from '../../../src/protocol';
import { Questions, type RequestKind } from '../../../webview/questions';

interface Sent {
  readonly kind: RequestKind;
  readonly ask: { readonly trace: number; readonly step?: number; readonly address?: StepAddress };
  answer(value?: unknown): void;
  fail(message: string): void;
}

/** A host that answers when it is told to. */
function host() {
  const sent: Sent[] = [];
  const changed: string[] = [];
  const send = (kind: RequestKind, ask: Sent['ask']) =>
    new Promise((resolve, reject) =>
      sent.push({ kind, ask, answer: resolve, fail: (message) => reject(new Error(message)) }),
    );
  const questions = new Questions(send as any, (asker) => changed.push(asker));
  return { questions, sent, changed, steps: () => sent.map(({ ask }) => ask.step) };
}

function at(step: number): StepAddress {
  return { layer: 'lstm', level: 0, direction: 'forward', signal: 'f', step };
}

function valuesOf(mean: number): Values {
  const values = Float32Array.of(mean);
  return { values, mean, min: mean, max: mean, saturated: null, smallest: [0], largest: [0], nonFinite: 0 };
}

function memoryOf(step: number): Memory {
  return { trace: 7, step, part: 0, unit: null, target: { step, unit: 0, value: 1 }, reached: 0, rows: [] };
}

describe('a question', () => {
  it('is asked once, however often it is put', async () => {
    const { questions, sent, changed } = host();
    for (let times = 0; times < 3; times++) questions.put('card', { values: { trace: 1, address: at(3) } });
    assert.equal(sent.length, 1);
    assert.deepEqual(questions.answer('card', 'values'), { value: null, latest: null, failure: null });
    sent[0].answer(valuesOf(3));
    await after(0);
    questions.put('card', { values: { trace: 1, address: { ...at(3) } } });
    assert.equal(sent.length, 1);
    assert.equal(questions.answer('card', 'values').value?.mean, 3);
    assert.deepEqual(changed, ['card']);
  });

  it('is the same, whatever the order of its fields', () => {
    const { questions, sent } = host();
    const { layer, ...others } = at(3);
    questions.put('card', { values: { trace: 1, address: at(3) } });
    questions.put('card', { values: { address: { ...others, layer }, trace: 1 } });
    assert.equal(sent.length, 1);
  });

  it('is answered at once where the answer is kept, also for another asker or after asking ahead', async () => {
    const { questions, sent } = host();
    questions.prefetch('values', { trace: 1, address: at(3) });
    sent[0].answer(valuesOf(3));
    await after(0);
    questions.put('card', { values: { trace: 1, address: at(3) } });
    questions.put('why', { values: { trace: 1, address: at(3) } });
    assert.equal(questions.answer('card', 'values').value?.mean, 3);
    assert.equal(questions.answer('why', 'values').value?.mean, 3);
    assert.equal(sent.length, 1);
  });

  it('gives way to the newest, whose answer alone is its value', async () => {
    const { questions, sent } = host();
    questions.put('card', { values: { trace: 1, address: at(3) } });
    questions.put('card', { values: { trace: 1, address: at(4) } });
    sent[1].answer(valuesOf(4));
    await after(0);
    sent[0].answer(valuesOf(3));
    await after(0);
    const { value, latest } = questions.answer('card', 'values');
    assert.deepEqual([value?.mean, latest?.mean], [4, 4]);
  });

  it('stands beside others of its kind, each in a place of its own', async () => {
    const { questions, sent, changed } = host();
    questions.put('lens', { memory: { trace: 7, step: 3, part: 0, unit: null } });
    questions.put('lens', { memory: { trace: 8, step: 3, part: 0, unit: null } }, 1);
    assert.deepEqual(
      sent.map(({ ask }) => ask.trace),
      [7, 8],
    );
    const other = { ...memoryOf(3), trace: 8 };
    sent[1].answer(other);
    await after(0);
    assert.equal(questions.answer('lens', 'memory').latest, null);
    assert.equal(questions.answer('lens', 'memory', 1).value, other);
    assert.deepEqual(changed, ['lens']);
    questions.put('lens', { memory: null }, 1);
    assert.equal(questions.answer('lens', 'memory', 1).value, null);
  });

  it('is about one run: the answer about another is none', async () => {
    const { questions, sent } = host();
    questions.put('card', { values: { trace: 1, address: at(3) } });
    sent[0].answer(valuesOf(1));
    await after(0);
    questions.put('card', { values: { trace: 2, address: at(3) } });
    assert.equal(questions.answer('card', 'values').value, null);
    assert.equal(sent.length, 2);
  });

  it('that is withdrawn has no value; the last answer stays', async () => {
    const { questions, sent } = host();
    questions.put('memory', { memory: { trace: 1, step: 3, part: 0, unit: null } });
    sent[0].answer(memoryOf(3));
    await after(0);
    questions.put('memory', { memory: null });
    const { value, latest } = questions.answer('memory', 'memory');
    assert.deepEqual([value, latest?.target.step], [null, 3]);
  });

  it('that fails says why, until another stands, and is asked again when it stands again', async () => {
    const { questions, sent } = host();
    questions.put('card', { values: { trace: 1, address: at(3) } });
    sent[0].fail('not now');
    await after(0);
    assert.equal(questions.answer('card', 'values').failure, 'not now');
    questions.put('card', { values: { trace: 1, address: at(4) } });
    assert.equal(questions.answer('card', 'values').failure, null);
    questions.put('card', { values: { trace: 1, address: at(3) } });
    assert.equal(sent.length, 3);
  });

  it('that fails when another has followed says nothing', async () => {
    const { questions, sent } = host();
    questions.put('card', { values: { trace: 1, address: at(3) } });
    questions.put('card', { values: { trace: 1, address: at(4) } });
    sent[0].fail('superseded');
    await after(0);
    assert.equal(questions.answer('card', 'values').failure, null);
  });
});

describe('questions that take long', () => {
  const memory = (step: number) => ({ memory: { trace: 7, step, part: 0, unit: null } });

  it('are asked one at a time, the newest next: a playhead that is dragged is followed', async () => {
    const { questions, sent, steps } = host();
    for (const step of [0, 1, 2, 3]) questions.put('memory', memory(step));
    assert.deepEqual(steps(), [0]);
    sent[0].answer(memoryOf(0));
    await after(0);
    assert.deepEqual(steps(), [0, 3]);
    const between = questions.answer('memory', 'memory');
    assert.deepEqual([between.value, between.latest?.target.step], [null, 0]);
    sent[1].answer(memoryOf(3));
    await after(0);
    assert.deepEqual(steps(), [0, 3]);
    assert.equal(questions.answer('memory', 'memory').value?.target.step, 3);
  });

  it('give way to newer ones where the answer takes very long', async () => {
    const { questions, steps } = host();
    questions.put('memory', memory(0));
    questions.put('memory', memory(5));
    await after(500);
    assert.deepEqual(steps(), [0, 5]);
  });

  it('are not asked any more once withdrawn', async () => {
    const { questions, sent, steps } = host();
    questions.put('memory', memory(0));
    questions.put('memory', memory(4));
    questions.put('memory', { memory: null });
    sent[0].answer(memoryOf(0));
    await after(500);
    assert.deepEqual(steps(), [0]);
  });
});

describe('what is kept', () => {
  it('is forgotten with the model: answers on their way are not heard', async () => {
    const { questions, sent, changed } = host();
    questions.put('memory', { memory: { trace: 1, step: 3, part: 0, unit: null } });
    questions.forget();
    sent[0].answer(memoryOf(3));
    await after(0);
    assert.equal(questions.answer('memory', 'memory').latest, null);
    assert.deepEqual(changed, []);
    questions.put('memory', { memory: { trace: 1, step: 3, part: 0, unit: null } });
    assert.equal(sent.length, 2);
  });

  it('is of the run on screen only; what is shown of the one before stays until newer arrives', async () => {
    const { questions, sent } = host();
    questions.put('memory', { memory: { trace: 1, step: 3, part: 0, unit: null } });
    sent[0].answer(memoryOf(3));
    await after(0);
    questions.keepOnly(2);
    questions.put('memory', { memory: { trace: 2, step: 3, part: 0, unit: null } });
    assert.equal(questions.answer('memory', 'memory').latest?.target.step, 3);
    questions.put('memory', { memory: { trace: 1, step: 3, part: 0, unit: null } });
    assert.equal(questions.answer('memory', 'memory').value, null);
  });

  it('has an end: what was kept longest gives way', async () => {
    const { questions, sent } = host();
    for (let step = 0; step <= 1024; step++) questions.prefetch('values', { trace: 1, address: at(step) });
    sent.forEach(({ answer }, step) => answer(valuesOf(step)));
    await after(0);
    questions.put('card', { values: { trace: 1, address: at(1024) } });
    assert.equal(sent.length, 1025);
    questions.put('card', { values: { trace: 1, address: at(0) } });
    assert.equal(sent.length, 1026);
  });
});

describe('what is asked ahead', () => {
  it('is asked when it has stood for a while, and not while it changes', async () => {
    const { questions, sent } = host();
    for (let from = 0; from < 5; from++) {
      questions.put('card', { window: { trace: 1, from, to: from + 2 } });
      await after(30);
      assert.equal(sent.length, 0);
    }
    await after(120);
    assert.deepEqual(
      sent.map(({ ask }) => ask),
      [{ trace: 1, from: 4, to: 6 }],
    );
    questions.put('card', { window: { trace: 1, from: 0, to: 2 } });
    questions.put('card', { window: null });
    await after(120);
    assert.equal(sent.length, 1);
  });

  it('answers what is asked later', async () => {
    const { questions, sent } = host();
    questions.put('card', { window: { trace: 1, from: 3, to: 4 } });
    await after(120);
    sent[0].answer([{ address: at(3), values: valuesOf(0.25) }]);
    await after(0);
    questions.put('card', { values: { trace: 1, address: at(3) } });
    assert.equal(questions.answer('card', 'values').value?.mean, 0.25);
    questions.put('card', { values: { trace: 1, address: at(4) } });
    assert.deepEqual(
      sent.map(({ kind }) => kind),
      ['window', 'values'],
    );
  });
});
