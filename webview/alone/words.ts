import { translated } from '../../src/words/translated';

/** Every sentence that the page makes where it stands alone. */
export const words = translated({
  noFiles: 'this page reads no files',
  whatIf:
    'LAYER.SIGNAL[UNIT]@STEP=VALUE, such as lstm.f=1, lstm.f[12]@1..3=0, lstm.h0=0, input@3=0.5; more than one with “; ” between them',
} as const);
