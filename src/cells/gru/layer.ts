import type { GatedBase } from '../../model/layer';

export interface GruLayer extends GatedBase {
  readonly type: 'gru';
  /** True multiplies the reset gate after the matrix product (PyTorch, cuDNN), false before it (Cho et al. 2014). */
  readonly resetAfter: boolean;
}
