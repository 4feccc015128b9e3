import assert from 'node:assert/strict';
import type { Layer, Network, SignalAddress } from '../../../src/model/network';
import { equationOf, plainText, signalName } from '../../../src/unroll/equations';
import { gru, linear, lstm, network, rnn, STRUCTURES } from './networks';

function address(
  layer: string,
  signal: string,
  direction: SignalAddress['direction'] = 'forward',
): SignalAddress {
  return { layer, level: 0, direction, signal };
}

function equation(layer: Layer, signal: string, direction: SignalAddress['direction'] = 'forward'): string {
  const found = equationOf(network([layer]), address(layer.name, signal, direction));
  assert.ok(found);
  return plainText(found);
}

describe('equations', () => {
  it("are PyTorch's for an LSTM", () => {
    assert.equal(equation(lstm(), 'f'), 'f_t = σ(W_if x_t + b_if + W_hf h_{t−1} + b_hf)');
    assert.equal(equation(lstm(), 'i'), 'i_t = σ(W_ii x_t + b_ii + W_hi h_{t−1} + b_hi)');
    assert.equal(equation(lstm(), 'o'), 'o_t = σ(W_io x_t + b_io + W_ho h_{t−1} + b_ho)');
    assert.equal(equation(lstm(), 'g'), 'g_t = tanh(W_ig x_t + b_ig + W_hg h_{t−1} + b_hg)');
    assert.equal(equation(lstm(), 'c'), 'c_t = f_t ⊙ c_{t−1} + i_t ⊙ g_t');
    assert.equal(equation(lstm(), 'h'), 'h_t = o_t ⊙ tanh(c_t)');
  });

  it('project the hidden state', () => {
    assert.equal(equation(lstm({ projSize: 1 }), 'h'), 'h_t = W_hr (o_t ⊙ tanh(c_t))');
  });

  it('reset a GRU after or before the matrix product', () => {
    assert.equal(equation(gru(), 'r'), 'r_t = σ(W_ir x_t + b_ir + W_hr h_{t−1} + b_hr)');
    assert.equal(equation(gru(), 'z'), 'z_t = σ(W_iz x_t + b_iz + W_hz h_{t−1} + b_hz)');
    assert.equal(equation(gru(), 'n'), 'n_t = tanh(W_in x_t + b_in + r_t ⊙ (W_hn h_{t−1} + b_hn))');
    assert.equal(
      equation(gru({ resetAfter: false }), 'n'),
      'n_t = tanh(W_in x_t + b_in + W_hn (r_t ⊙ h_{t−1}) + b_hn)',
    );
    assert.equal(equation(gru(), 'h'), 'h_t = (1 − z_t) ⊙ n_t + z_t ⊙ h_{t−1}');
  });

  it('have one bias where the file has one, after all products', () => {
    const fixed = ['bias_hh'] as const;
    assert.equal(equation(lstm({ fixed }), 'f'), 'f_t = σ(W_if x_t + W_hf h_{t−1} + b_f)');
    assert.equal(
      equation(lstm({ fixed, peepholes: true, clip: 2 }), 'i'),
      'i_t = σ(clip_{±2}(W_ii x_t + W_hi h_{t−1} + b_i + p_i ⊙ c_{t−1}))',
    );
    assert.equal(equation(rnn({ fixed }), 'h'), 'h_t = tanh(W_ih x_t + W_hh h_{t−1} + b_h)');
    assert.equal(
      equation(rnn({ fixed, layerNorm: { epsilon: 1e-5 } }), 'h'),
      'h_t = tanh(LN(W_ih x_t + W_hh h_{t−1}) + b_h)',
    );
    assert.equal(
      equation(gru({ fixed, resetAfter: false }), 'n'),
      'n_t = tanh(W_in x_t + W_hn (r_t ⊙ h_{t−1}) + b_n)',
    );
  });

  it('have both biases where neither counts, since the layer is another once more', () => {
    const all = ['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh'] as const;
    assert.equal(equation(rnn({ fixed: all }), 'h'), equation(rnn(), 'h'));
  });

  it('leave out what is not there', () => {
    assert.equal(equation(rnn({ bias: false }), 'h'), 'h_t = tanh(W_ih x_t + W_hh h_{t−1})');
    assert.equal(equation(gru({ bias: false }), 'n'), 'n_t = tanh(W_in x_t + r_t ⊙ (W_hn h_{t−1}))');
    assert.equal(equation(linear({ bias: false }), 'y'), 'y_t = W x_t');
  });

  it('look ahead in the backward direction', () => {
    assert.equal(equation(lstm(), 'c', 'backward'), 'c_t = f_t ⊙ c_{t+1} + i_t ⊙ g_t');
    assert.equal(
      equation(rnn({ nonlinearity: 'relu' }), 'h', 'backward'),
      'h_t = ReLU(W_ih x_t + b_ih + W_hh h_{t+1} + b_hh)',
    );
  });

  it('tell every option of a cell', () => {
    const hard = { kind: 'hard_sigmoid', alpha: 1 / 6, beta: 0.5 } as const;
    assert.equal(
      equation(lstm({ recurrentActivation: hard, bias: false }), 'i'),
      'i_t = min(1, max(0, 0.1667 (W_ii x_t + W_hi h_{t−1}) + 0.5))',
    );
    assert.equal(
      equation(lstm({ clip: 3, bias: false, activation: 'softsign' }), 'g'),
      'g_t = softsign(clip_{±3}(W_ig x_t + W_hg h_{t−1}))',
    );
    assert.equal(equation(lstm({ activation: 'softsign' }), 'h'), 'h_t = o_t ⊙ softsign(c_t)');
    assert.equal(
      equation(lstm({ peepholes: true, forgetBias: 1, bias: false }), 'f'),
      'f_t = σ(W_if x_t + W_hf h_{t−1} + p_f ⊙ c_{t−1} + 1)',
    );
    assert.equal(
      equation(lstm({ peepholes: true, bias: false }), 'o', 'backward'),
      'o_t = σ(W_io x_t + W_ho h_{t+1} + p_o ⊙ c_t)',
    );
    assert.equal(equation(lstm({ coupled: 'forget' }), 'i'), 'i_t = 1 − f_t');
    assert.equal(equation(lstm({ coupled: 'input' }), 'f'), 'f_t = 1 − i_t');
    assert.equal(equation(lstm({ keeps: 'output' }), 'c'), 'c_t = f_t ⊙ h_{t−1} + i_t ⊙ g_t');
    assert.equal(equation(rnn({ nonlinearity: 'none', bias: false }), 'h'), 'h_t = W_ih x_t + W_hh h_{t−1}');
  });

  it('tell what a cell normalises', () => {
    const layerNorm = { epsilon: 1e-5 };
    assert.equal(equation(rnn({ layerNorm }), 'h'), 'h_t = tanh(LN(W_ih x_t + W_hh h_{t−1}) + b_ih + b_hh)');
    assert.equal(equation(gru({ layerNorm }), 'z'), 'z_t = σ(LN(W_iz x_t) + b_iz + LN(W_hz h_{t−1}) + b_hz)');
    assert.equal(
      equation(gru({ layerNorm }), 'n'),
      'n_t = tanh(LN(W_in x_t) + b_in + r_t ⊙ (LN(W_hn h_{t−1}) + b_hn))',
    );
    const output = lstm({ layerNorm: { ...layerNorm, cell: 'output' }, bias: false });
    assert.equal(equation(output, 'i'), 'i_t = σ(LN(W_ii x_t) + LN(W_hi h_{t−1}))');
    assert.equal(equation(output, 'h'), 'h_t = o_t ⊙ tanh(LN(c_t))');
    const state = lstm({ layerNorm: { ...layerNorm, cell: 'state' } });
    assert.equal(equation(state, 'c'), 'c_t = LN(f_t ⊙ c_{t−1} + i_t ⊙ g_t)');
    assert.equal(equation(state, 'h'), 'h_t = o_t ⊙ tanh(c_t)');
  });

  it('tell what layers without state do', () => {
    const base = { name: 'x', inputs: ['input', 'a'], inputSize: 2, outputSize: 2 };
    assert.equal(equation({ ...base, type: 'merge', mode: 'add' }, 'y'), 'y_t = x_{1,t} + x_{2,t}');
    assert.equal(
      equation({ ...base, type: 'layer_norm', epsilon: 1e-5, bias: false }, 'y'),
      'y_t = γ ⊙ (x_t − μ_t) / √(σ²_t + ε)',
    );
    assert.equal(equation({ ...base, type: 'global_pool', mode: 'max' }, 'y'), 'y = max_t x_t');
    assert.equal(equation({ ...base, type: 'global_pool', mode: 'sum' }, 'y'), 'y = Σ_t x_t');
    assert.equal(equation({ ...base, type: 'select', step: -1 }, 'y'), 'y = x_{T − 1}');
    const slice = { ...base, type: 'slice' } as const;
    assert.equal(equation({ ...slice, from: -3, stride: 1 }, 'y'), 'y_t = x_{T − 3 + t}');
    assert.equal(equation({ ...slice, from: 0, stride: 2 }, 'y'), 'y_t = x_2t');
    const state = { ...base, type: 'final_state', signal: 'c', level: 0 } as const;
    assert.equal(equation({ ...state, direction: 'forward' }, 'y'), 'y = c_{T − 1}');
    assert.equal(equation({ ...state, direction: 'backward' }, 'y'), 'y = c_0');
    assert.equal(
      equation({ ...base, type: 'attention', scale: 0.5 }, 'y'),
      'y_t = Σ_j a_tj v_j, a_t = softmax_j(0.5 q_t · k_j)',
    );
    assert.equal(
      equation({ ...base, type: 'attention', heads: 2 }, 'y'),
      'y_t = Σ_j a_tj v_j, a_t = softmax_j(q_t · k_j), each of 2 heads',
    );
    assert.equal(
      equation(
        {
          ...{ ...base, type: 'conv1d', kernelSize: 3, stride: 2, dilation: 1, padding: 'causal' },
          ...{ bias: true, activation: 'relu' },
        },
        'y',
      ),
      'y_t = ReLU(Σ_k W_k x_{2t + k − 2} + b)',
    );
    assert.equal(
      equation(
        { ...base, type: 'pool1d', mode: 'max', size: 3, stride: 2, padding: { before: 1, after: 0 } },
        'y',
      ),
      'y_t = max_k x_{2t + k − 1}',
    );
  });

  it('apply the activation', () => {
    assert.equal(equation(linear(), 'y'), 'y_t = W x_t + b');
    assert.equal(equation(linear({ activation: 'softmax' }), 'y'), 'y_t = softmax(W x_t + b)');
    assert.equal(equation(linear({ activation: 'sigmoid' }), 'y'), 'y_t = σ(W x_t + b)');
  });

  it('set symbols, words and subscripts apart', () => {
    const net = network([lstm()]);
    assert.deepEqual(equationOf(net, address('lstm', 'h')), [
      { text: 'h', style: 'symbol' },
      { text: 't', style: 'subscript' },
      { text: ' = ', style: 'plain' },
      { text: 'o', style: 'symbol' },
      { text: 't', style: 'subscript' },
      { text: ' ⊙ ', style: 'plain' },
      { text: 'tanh', style: 'plain' },
      { text: '(', style: 'plain' },
      { text: 'c', style: 'symbol' },
      { text: 't', style: 'subscript' },
      { text: ')', style: 'plain' },
    ]);
  });

  it('do not exist for inputs, nor for signals that a layer has not', () => {
    assert.equal(equationOf(STRUCTURES.lstm, address('input', 'x')), null);
    assert.equal(equationOf(STRUCTURES.lstm, address('lstm', 'constructor')), null);
    assert.equal(equationOf(STRUCTURES.lstm, address('nowhere', 'h')), null);
  });
});

describe('names of signals', () => {
  const name = (net: Network, layer: string, signal: string) => signalName(net, address(layer, signal));

  it('are the words of the papers', () => {
    assert.equal(name(STRUCTURES.lstm, 'lstm', 'f'), 'forget gate');
    assert.equal(name(STRUCTURES.lstm, 'lstm', 'g'), 'cell candidate');
    assert.equal(name(STRUCTURES.lstm, 'lstm', 'c'), 'cell state');
    assert.equal(name(STRUCTURES.gru, 'gru', 'n'), 'candidate');
    assert.equal(name(STRUCTURES.gru, 'gru', 'z'), 'update gate');
    assert.equal(name(STRUCTURES.rnn, 'rnn', 'h'), 'hidden state');
    assert.equal(name(STRUCTURES.embedding, 'emb', 'y'), 'embedding');
    assert.equal(name(STRUCTURES.lstm, 'fc', 'y'), 'output');
    assert.equal(name(STRUCTURES.lstm, 'input', 'x'), 'input');
  });

  it('are the bare signal where there is no word', () => {
    assert.equal(name(STRUCTURES.lstm, 'lstm', 'toString'), 'toString');
  });
});
