/** What is said of a sequence of another length, on the command line and in the panel. */
import { quote } from '../model/json/decode';
import type { Remark } from '../model/partial';
import { type Translate, inEnglish } from './translate';
import { translated } from './translated';

const words = translated({
  ofLayer: {
    one: '{0} is given 1 step, the input {1}: they are taken as they are',
    many: '{0} is given {2} steps, the input {1}: they are taken as they are',
  },
  fixed: {
    one: 'the file fixes sequences to 1 step, this one has {0}: it is run as if their number were open',
    many: 'the file fixes sequences to {1} steps, this one has {0}: it is run as if their number were open',
  },
});

export function remarkInWords(remark: Remark, translate: Translate = inEnglish): string {
  switch (remark.code) {
    case 'layer-length': {
      const { layer, steps, input } = remark;
      return translate(words.ofLayer[steps === 1 ? 'one' : 'many'], quote(layer), input, steps);
    }
    case 'fixed-length': {
      const { fixed, steps } = remark;
      return translate(words.fixed[fixed === 1 ? 'one' : 'many'], steps, fixed);
    }
  }
}
