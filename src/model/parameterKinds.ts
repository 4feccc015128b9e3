/** What a cell normalises: what the input gives, what the hidden state gives, the cell state, or one sum of it all. */
const NORM_PARTS = ['ih', 'hh', 'c', 'sum'] as const;
export type NormPart = (typeof NORM_PARTS)[number];

/** Every kind of tensor that a layer may have, by PyTorch's name without layer, level and direction. */
export const PARAMETER_KINDS = [
  ...(['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh', 'weight_hr'] as const),
  ...(['peephole_i', 'peephole_f', 'peephole_o', 'h0', 'c0'] as const),
  ...NORM_PARTS.flatMap((part) => [`norm_${part}_weight` as const, `norm_${part}_bias` as const]),
  ...(['weight', 'bias', 'running_mean', 'running_var'] as const),
] as const;
export type ParameterKind = (typeof PARAMETER_KINDS)[number];
