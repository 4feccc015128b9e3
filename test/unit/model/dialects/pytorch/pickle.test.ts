/** Files of torch.save, as models. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reading } from '../../../../../src/model/dialects/dialect';
import { fixture } from '../../../engine/fixtures';
import { codes, modelText } from '../../support';
import { bytes, call, global, PROTOCOL_2, text, uint32 } from '../../tensors/pickle/write';
import { assertOutput, assertSignal, openFile, runReading, vectors } from '../support';

const FIXTURES = join(import.meta.dirname, '../../../../fixtures/pickles');
const content = (...path: string[]) => new Uint8Array(readFileSync(join(FIXTURES, ...path)));
const open = (name: string, choices: string[] = []) => openFile(name, content(name), {}, { choices });
const expected = (name: string) => JSON.parse(readFileSync(join(FIXTURES, `${name}.expected.json`), 'utf8'));

const messages = ({ problems }: Reading, code: string) =>
  problems.filter((problem) => problem.code === code).map(({ message }) => message);

async function assertRuns(reading: Reading, name: string): Promise<void> {
  const { input, output } = expected(name);
  assertOutput(await runReading(reading, vectors(input)), output);
}

describe('a file of torch.save', () => {
  const gates = [
    ...['gru', 'gru-no-bias', 'gru-stacked-bidirectional', 'lstm', 'lstm-no-bias', 'lstm-projected'],
    ...['lstm-projected-stacked-bidirectional', 'lstm-stacked', 'rnn-tanh', 'rnn-stacked-bidirectional'],
    ...['width-one', 'saturated', 'one-step'],
  ];
  for (const name of gates) {
    for (const form of ['pth', 'legacy.pth']) {
      it(`${name}.${form}: every gate is PyTorch's`, async () => {
        const { sequence, expected: trace } = await fixture(name);
        const found = await runReading(
          await openFile('m.pth', content('gates', `${name}.${form}`)),
          sequence,
        );
        assertOutput(found, trace.output);
        for (const { layer, level, direction, signals } of trace.layers) {
          for (const [signal, rows] of Object.entries(signals)) {
            assertSignal(found, layer, signal, rows, { level, direction });
          }
        }
      });
    }
  }

  const holders = [
    ...['top.pt', 'model.pth', 'model_state_dict.pt', 'net.pt', 'weights.bin', 'other-key.pt', 'nested.pt'],
    ...['tuple.pt', 'averaged.pt', 'lightning.ckpt', 'plain.pt', 'plain-protocol-4.pt', 'numpy.pt'],
    ...[
      'parameters.pt',
      'big-endian.pt',
      'module.pt',
      'module-legacy.pt',
      'parallel.pt',
      'scripted.pt',
      'traced.pt',
    ],
  ];
  for (const name of holders) {
    it(`${name}: the output is PyTorch's`, async () => assertRuns(await open(name), 'tagger'));
  }

  for (const name of readdirSync(FIXTURES).filter((file) => /^(dumped|saved-0).*\.(pkl|pt)$/.test(file))) {
    it(`${name}: pickled in any protocol, the output is PyTorch's`, async () => {
      const reading = await open(name);
      await assertRuns(reading, 'dumped');
      const saidOfModule = name === 'dumped-module.pkl' ? ['warning whole-module'] : [];
      assert.deepEqual(codes(reading), [...saidOfModule, 'warning assumed', 'warning assumed']);
    });
  }

  for (const name of ['quantised-lstm', 'quantised-gru']) {
    for (const form of ['', '-module', '-scripted']) {
      it(`${name}${form}.pt: what is packed runs as PyTorch runs it unpacked, and comes near the quantised model`, async () => {
        const reading = await open(`${name}${form}.pt`);
        await assertRuns(reading, name);
        assert.equal(messages(reading, 'left-out').length, 0);
        assert.match(
          messages(reading, 'eight-bits')[0],
          /holds \d quantised tensors, taken times their scales/,
        );
        const rounded = JSON.parse(readFileSync(join(FIXTURES, `${name}.rounded.json`), 'utf8'));
        const trace = await runReading(reading, vectors(expected(name).input));
        assertOutput(trace, rounded, 2e-2);
      });
    }
  }

  for (const name of ['quantised-cell', 'quantised-cell-module']) {
    it(`${name}.pt: what is packed of a cell has its biases`, async () => {
      const reading = await open(`${name}.pt`);
      await assertRuns(reading, 'quantised-cell');
      assert.match(messages(reading, 'eight-bits')[0], /holds 2 quantised tensors/);
    });
  }

  it('with a tensor that is sparse names it, and reads the others', async () => {
    const reading = await open('sparse.pt');
    assert.deepEqual(messages(reading, 'left-out'), [
      '"sparse.pt": the tensor "emb.weight" is sparse, which is not read; save it anew with state = {k: v.to_dense() if k == "emb.weight" else v for k, v in state.items()}',
    ]);
    assert.ok(reading.weights);
  });

  it('takes from the hyperparameters what the tensors do not tell, and shows them', async () => {
    const reading = await open('hyper-parameters.ckpt');
    await assertRuns(reading, 'hyper-parameters');
    assert.deepEqual([reading.problems, reading.network?.conventions], [[], ['PyTorch state dict', 'relu']]);
    assert.equal(
      reading.network?.description,
      'hyper_parameters: hidden_size 3, nonlinearity relu, lr 0.001, optimizer.name adam, optimizer.eps 1e-8',
    );
    assert.equal(
      (await open('lightning.ckpt')).network?.description,
      'hyper_parameters: lr 0.001, args.hidden 3',
    );
    assert.equal((await open('model_state_dict.pt')).network?.description, 'args: lr 0.1');
    assert.equal((await open('top.pt')).network?.description, undefined);
  });

  for (const name of ['float16', 'bfloat16', 'float64', 'views']) {
    it(`${name}.pt: the output is PyTorch's`, async () => assertRuns(await open(`${name}.pt`), name));
  }

  it('keeps the prefixes of names', async () => {
    const layers = async (name: string) => (await open(name)).network?.layers.map((layer) => layer.name);
    assert.deepEqual(await layers('net.pt'), ['module.rnn', 'module.fc']);
    assert.deepEqual(await layers('weights.bin'), ['_orig_mod.rnn', '_orig_mod.fc']);
    assert.deepEqual(await layers('lightning.ckpt'), ['model.rnn', 'model.fc']);
  });

  it('of plain data gives no warning of it', async () => {
    for (const name of ['plain.pt', 'plain-protocol-4.pt', 'model.pth', 'numpy.pt']) {
      assert.deepEqual([...new Set(codes(await open(name)))], ['warning assumed'], name);
    }
  });

  it('with objects beside the state dict names them', async () => {
    assert.deepEqual(messages(await open('lightning.ckpt'), 'left-out'), [
      '"lightning.ckpt" holds objects of Python that are not made here and are left out: __main__.EarlyStopping in "callbacks"; pathlib.PurePosixPath, argparse.Namespace in "hyper_parameters"',
    ]);
    assert.match(
      messages(await open('model_state_dict.pt'), 'left-out')[0],
      /argparse\.Namespace in "args"$/,
    );
  });

  it('of a whole module, or a program, names its class', async () => {
    const said = async (name: string) => messages(await open(name), 'whole-module').join();
    assert.match(await said('module.pt'), /^"module\.pt" holds a whole module, of class __main__\.Tagger: /);
    assert.match(
      await said('module-legacy.pt'),
      /, under "net", holds a whole module, of class __main__\.Tagger/,
    );
    assert.match(await said('parallel.pt'), /of class torch\.nn\.parallel\.data_parallel\.DataParallel/);
    assert.match(
      await said('scripted.pt'),
      /a TorchScript program, of class __torch__\.Tagger: the program is not run/,
    );
  });

  it('of a whole module takes the activations that its classes say', async () => {
    const reading = await open('told.pt');
    await assertRuns(reading, 'told');
    assert.deepEqual(reading.network?.conventions, ['PyTorch state dict', 'relu']);
    assert.doesNotMatch(messages(reading, 'assumed').join(), /tanh|activation/);
  });

  it('of a program takes those of its Sequential', async () => {
    await assertRuns(await open('told-scripted.pt'), 'told-scripted');
  });

  it('leaves the last word on activations to the user', async () => {
    const { network } = await open('told.pt', ['head.1=relu', 'head.4=none']);
    const activations = network?.layers.flatMap((layer) =>
      layer.type === 'linear' ? [layer.activation] : [],
    );
    assert.deepEqual(activations, ['relu', 'none']);
  });

  it('with several state dicts asks which is meant', async () => {
    const reading = await open('several.pt');
    assert.deepEqual(codes(reading), ['error several-readings']);
    const decoder = await open('several.pt', ['key:decoder']);
    assert.ok(decoder.weights && decoder.network?.input.kind === 'vector');
    assert.equal(decoder.network.input.size, 3);
    assert.match(
      messages(await open('averaged.pt'), 'assumed')[0],
      /"model" is taken; .* others under "ema"/,
    );
  });

  it('are weights of a native model', async () => {
    const layers = [
      { name: 'rnn', type: 'lstm', hidden_size: 3 },
      { name: 'fc', type: 'linear', out_features: 2 },
    ];
    const model = (file: string) =>
      modelText({ input: { kind: 'vector', size: 2 }, layers, weights: { file } });
    for (const file of ['top.pt', 'model.pth', 'model_state_dict.pt']) {
      const reading = await openFile('m.rnn.json', model(file), { [file]: content(file) });
      assert.deepEqual([codes(reading), reading.weightsFile], [[], file]);
      await assertRuns(reading, 'tagger');
    }
    const several = await openFile('m.rnn.json', model('s.pt'), { 's.pt': content('several.pt') });
    assert.match(several.problems[0].message, /expected one state dict, found 2/);
  });
});

describe('a file of torch.save that cannot be read', () => {
  it('whole is read as far as it can be', async () => {
    const whole = content('gates', 'lstm.legacy.pth');
    const reading = await openFile('m.pth', whole.slice(0, -100));
    assert.ok(reading.network && !reading.weights);
    assert.match(
      reading.problems[0].message,
      /^m\.pth: tensor "lstm\..*" takes the bytes .* (which is missing|of which the file has \d+)$/,
    );
  });

  it('because it is damaged says where', async () => {
    for (const broken of [
      content('top.pt').slice(0, 300),
      bytes(PROTOCOL_2, '\x8a\x0a'),
      bytes(PROTOCOL_2, 'R.'),
    ]) {
      const reading = await openFile('m.pt', broken);
      assert.deepEqual(codes(reading), ['error bad-weights-file']);
      assert.match(reading.problems[0].message, /^m\.pt: .*(truncated|cut off|offset)/);
    }
  });

  it('without a recurrent layer says what it holds', async () => {
    const array = bytes(
      global('numpy.core.multiarray', '_reconstruct'),
      ')R(K\x01K\x02\x85',
      global('numpy', 'dtype'),
      text('f4'),
      '\x85R\x89C\x08',
      new Uint8Array(8),
      'tb',
    );
    const reading = await openFile('m.pt', bytes(PROTOCOL_2, '}', text('head.bias'), array, 's.'));
    assert.deepEqual(
      codes(reading),
      ['error unsupported-module', 'error no-recurrent-layer'].slice(-codes(reading).length),
    );
    assert.match(reading.problems.map(({ message }) => message).join(), /"head\.bias"/);
  });

  it('without tensors has the Python that exports them', async () => {
    const cases: [Uint8Array, RegExp][] = [
      [bytes('}', text('a'), 'K\x01s.'), /but a dict with "a";/],
      [bytes('}.'), /but an empty dict;/],
      [bytes(']K\x01a.'), /but a list of 1;/],
      [bytes('N.'), /but a single value;/],
      [bytes(global('m', 'Net'), ')\x81.'), /but what m\.Net gives;/],
    ];
    for (const [pickle, kind] of cases) {
      const reading = await openFile('net.pt', bytes(PROTOCOL_2, pickle));
      assert.deepEqual(codes(reading), ['error pickle']);
      assert.match(reading.problems[0].message, kind);
      assert.match(
        reading.problems[0].message,
        /where the model is made in Python.*save_file\(model\.state_dict\(\), "net\.safetensors"\)$/,
      );
    }
  });

  it('within the memory is refused before it is read', async () => {
    const reading = await openFile('m.pt', content('top.pt'), {}, { limits: { memory: 1000 } });
    assert.deepEqual(codes(reading), ['error bad-weights-file']);
    assert.match(reading.problems[0].message, /more memory than the limit of 1000 bytes/);
  });
});

/** BINBYTES */
const raw = (content: Uint8Array) => bytes('B', uint32(content.byteLength), content);

describe('a file within a pickle', () => {
  const load = (content: Uint8Array) =>
    bytes(global('torch.storage', '_load_from_bytes'), raw(content), '\x85R');
  const tensor = (storage: Uint8Array) =>
    bytes(global('torch._utils', '_rebuild_tensor_v2'), '(', storage, 'K\x00K\x02\x85K\x01\x85\x89N', 'tR');
  const dict = (storage: Uint8Array) => bytes(PROTOCOL_2, '}', text('a.weight_ih_l0'), tensor(storage), 's.');

  it('that would run code is not run, and said', async () => {
    const gadget = bytes(PROTOCOL_2, call('posix', 'system', 'touch pwned'), '.');
    const reading = await openFile('m.pkl', dict(load(gadget)));
    assert.match(messages(reading, 'calls-programs')[0], /would call posix\.system where Python loads it/);
  });

  it('is looked into once, not in files within it', async () => {
    const inner = bytes(PROTOCOL_2, load(bytes(PROTOCOL_2, 'N.')), '.');
    const reading = await openFile('m.pkl', dict(load(inner)));
    assert.ok(reading.problems.some(({ severity }) => severity === 'error'));
  });

  it('that is damaged is an error, and takes no memory beyond the limit', async () => {
    const whole = content('dumped-2.pkl');
    for (const limit of [2000, 1 << 24]) {
      const damaged = limit === 2000 ? whole : whole.slice(0, -200);
      const reading = await openFile('m.pkl', damaged, {}, { limits: { memory: limit } });
      assert.deepEqual(codes(reading), ['error bad-weights-file']);
    }
  });
});

describe('a pickle that would run code', () => {
  const TARGET = join(FIXTURES, 'pwned');
  const gadgets: Record<string, Uint8Array> = {
    'posix.system': call('posix', 'system', `touch ${TARGET}`),
    'builtins.eval': call('builtins', 'eval', `open(${JSON.stringify(TARGET)}, "w")`),
    'builtins.exec': call('__builtin__', 'exec', `open(${JSON.stringify(TARGET)}, "w")`),
    'subprocess.Popen': bytes(global('subprocess', 'Popen'), text(`touch ${TARGET}`), '\x85\x81'),
    'os.system': bytes(`(S'touch ${TARGET}'\nios\nsystem\n`),
  };
  for (const [name, gadget] of Object.entries(gadgets)) {
    it(`by ${name} does nothing but give a message`, async () => {
      const reading = await openFile('net.pt', bytes(PROTOCOL_2, gadget, '.'));
      assert.deepEqual(codes(reading), ['warning calls-programs', 'error pickle']);
      assert.match(
        reading.problems[0].message,
        new RegExp(`would call ${name} where Python loads it.*nothing was called`),
      );
      assert.ok(!existsSync(TARGET));
    });

    it(`by ${name}, and throws what it gives away, still opens`, async () => {
      const pickle = content('gates', 'lstm.legacy.pth');
      // Before the object itself, behind the three pickles that stand before it.
      const at = pickle.indexOf(0x80, pickle.lastIndexOf(0x2e, pickle.indexOf(0x63)));
      const infected = bytes(pickle.slice(0, at + 2), gadget, '0', pickle.slice(at + 2));
      const reading = await openFile('net.pt', infected);
      assert.ok(reading.weights, codes(reading).join());
      assert.deepEqual(messages(reading, 'calls-programs').length, 1);
      assert.ok(!existsSync(TARGET));
    });
  }
});
