/** A network that ends in no numbers: h is 1, 1e20 and 1e40, which no float32 is; its second row takes 0 times that. */
export const OVERFLOW = {
  layers: [
    { name: 'rnn', type: 'rnn', hidden_size: 2, nonlinearity: 'relu' },
    { name: 'fc', type: 'linear', out_features: 2 },
  ],
  weights: {
    values: {
      'rnn.weight_ih_l0': [[1], [1]],
      'rnn.weight_hh_l0': [
        [1e20, 0],
        [0, 1e20],
      ],
      'rnn.bias_ih_l0': [0, 0],
      'rnn.bias_hh_l0': [0, 0],
      'fc.weight': [
        [1, -1],
        [1, 1],
      ],
      'fc.bias': [0, 0],
    },
  },
};
