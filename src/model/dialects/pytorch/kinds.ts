/**
 * Sequence models that are no RNN, LSTM or GRU, told by the names that their own programs give to tensors: what each is, and
 * what can be done with it.
 */
import { say } from '../../../words/say';
import type { Shapes } from '../loading';
import { plainName, splitName } from './names';

export interface Kind {
  readonly name: string;
  /** Why it is not run, as a clause, and what can be done. */
  readonly advice: string;
}

export interface FoundKind {
  readonly kind: Kind;
  readonly prefix: string;
  readonly tensors: readonly string[];
}

/** Names directly below a prefix that only one kind of model has. */
interface Marks extends Kind {
  /** All of these. */
  readonly all: readonly RegExp[];
  /** None of these. */
  readonly not?: RegExp;
  /** The names below the prefix that belong to it too; all where absent. */
  readonly members?: RegExp;
}

const STATE_SPACE = say`a state space model, whose state is no cell of an RNN, LSTM or GRU; layers of these kinds beside it run where the file has them`;
const LINEAR_STATE = say`its state is not that of an RNN, LSTM or GRU; layers of these kinds beside it run where the file has them`;

/** In the order in which they are looked for. */
const KINDS: readonly Marks[] = [
  {
    name: 'Mamba',
    advice: STATE_SPACE,
    all: [/^A_log$/, /^(?:D|dt_proj|x_proj)$/],
    not: /^(?:dt_bias|a_proj|b_proj)$/,
    members:
      /^(?:A_log|A_b_log|D|D_b|in_proj|out_proj|conv1d(?:_b)?|x_proj(?:_b)?|dt_proj(?:_b)?|(?:dt|B|C)_layernorm|norm)$/,
  },
  {
    name: say`gated DeltaNet`,
    advice: LINEAR_STATE,
    all: [/^A_log$/, /^dt_bias$/, /^(?:[ab]_proj|in_proj_ba)$/],
  },
  {
    name: 'Mamba-2',
    advice: STATE_SPACE,
    all: [/^A_log$/, /^dt_bias$/],
    members: /^(?:A_log|D|dt_bias|in_proj|out_proj|conv1d|norm)$/,
  },
  {
    name: 'RWKV',
    advice: LINEAR_STATE,
    all: [/^(?:time_(?:decay|first|faaaa|mix|maa)|x_k$)/, /^(?:key$|time_)/],
  },
  {
    name: 'xLSTM',
    advice: say`its gates are exponential, and an mLSTM has a matrix as its cell state; LSTM layers beside it run where the file has them`,
    all: [/^(?:_recurrent_kernel_|[ms]lstm_cell|zgate)$/],
  },
  {
    name: 'minGRU',
    advice: say`its gate sees the input alone: h = (1 − z)∘h₋₁ + z∘h̃; written as a .rnn.json with a layer of type "gru" whose weight_hh is zero, whose rows of z are negated and whose activation is none, it runs`,
    all: [/^(?:to_z|linear_z|to_hidden_and_gate)$/, /^(?:to_h|to_h_tilde|linear_h|to_hidden_and_gate)$/],
    not: /^(?:linear_r|to_r)$/,
    members: /^(?:to_z|to_h|to_h_tilde|linear_z|linear_h|to_hidden_and_gate|to_out)$/,
  },
  {
    name: 'minLSTM',
    advice: say`its gates see the input alone, and are divided by their sum; no layer that runs here does that: what it can be compared with is an LSTM or GRU`,
    all: [
      /^(?:linear_f|to_f|to_hidden_and_f_i_gate)$/,
      /^(?:linear_i|to_i|to_hidden_and_f_i_gate)$/,
      /^(?:linear_h|to_h|to_hidden_and_f_i_gate)$/,
    ],
    not: /^(?:linear_[og]|to_o)$/,
    members: /^(?:(?:linear|to)_[fih]|to_hidden_and_f_i_gate|to_output_gate|to_out)$/,
  },
  { name: 'LRU', advice: STATE_SPACE, all: [/^nu_log$/, /^theta_log$/] },
  { name: 'S5', advice: STATE_SPACE, all: [/^(?:Lambda(?:_re|_im)?)$/, /^log_step$/] },
  {
    name: 'S4',
    advice: STATE_SPACE,
    all: [/^log_dt$/, /^(?:A_imag|log_A_real|inv_A_real|inv_w_real|w_imag|P|B)$/],
  },
  { name: 'SRU', advice: LINEAR_STATE, all: [/^weight_c$/, /^weight(?:_proj)?$/] },
  {
    name: say`closed-form continuous-time network (CfC)`,
    advice: LINEAR_STATE,
    all: [/^ff1$/, /^ff2$/, /^time_a$/, /^time_b$/],
  },
  {
    name: say`liquid time-constant network (LTC)`,
    advice: LINEAR_STATE,
    all: [/^gleak$/, /^vleak$/, /^cm$/],
  },
  {
    name: say`echo state network`,
    advice: say`how much its state leaks the file does not say; written as a .rnn.json with a layer of type "rnn" whose weight_ih and weight_hh are the input and the reservoir matrix, one that does not leak runs`,
    all: [
      /^(?:w_?in|input_weights|weight_in|win)$/i,
      /^(?:w_?res|reservoir(?:_weights?)?|w_hat|weight_res|w_reservoir)$/i,
    ],
    members:
      /^(?:w_?(?:in|out|res|bias|fb|hat|reservoir)|win|input_weights|weight_(?:in|res)|reservoir(?:_weights?)?|(?:readout|output)_weights?)$/i,
  },
];

/** A segment of a name by which a program calls the whole model, and the kind that it then is. */
const BY_SEGMENT: readonly { readonly segment: RegExp; readonly below: RegExp; readonly kind: Kind }[] = [
  {
    segment: /^(?:xlstm|[sm]lstm(?:_cell|_layer|_block)?)$/i,
    below:
      /(?:^|[./])(?:_recurrent_kernel_|[ms]lstm_cell|[ifzo]gate(?:_preact)?|learnable_skip|outnorm|multihead_norm)(?=[./]|$)/,
    kind: KINDS.find(({ name }) => name === 'xLSTM')!,
  },
  {
    segment: /^qrnn/i,
    below: /(?:^|[./])(?:linear|conv1d|conv)[./]weight$/,
    kind: {
      name: 'QRNN',
      advice: say`its gates see the inputs alone, by a convolution along the steps; no layer that runs here does that: what it can be compared with is an LSTM or GRU`,
    },
  },
];

/** What of a file belongs to models of such kinds. */
export function kindsIn(shapes: Shapes): FoundKind[] {
  const left = new Set(shapes.keys());
  const found: FoundKind[] = [];
  const claim = (kind: Kind, prefix: string, tensors: readonly string[]) => {
    for (const name of tensors) left.delete(name);
    if (tensors.length > 0) found.push({ kind, prefix, tensors });
  };
  for (const { segment, below, kind } of BY_SEGMENT) {
    for (const [prefix, tensors] of underSegment([...left], segment)) {
      const ends = tensors.map((name) => plainName(name).slice(prefix.length + 1));
      if (ends.some((end) => below.test(end))) claim(kind, prefix, tensors);
    }
  }
  const owners = ownersOf(left);
  for (const marks of KINDS) {
    for (const [prefix, children] of owners) {
      const names = [...children.keys()];
      const has = (mark: RegExp) => names.some((name) => mark.test(name));
      if (!marks.all.every(has) || (marks.not && has(marks.not))) continue;
      const own = names.filter(
        (name) => marks.members?.test(name) ?? (prefix !== '' || marks.all.some((mark) => mark.test(name))),
      );
      claim(
        marks,
        prefix,
        own.flatMap((name) => children.get(name)!).filter((name) => left.has(name)),
      );
    }
  }
  return found;
}

/** Tensors by the prefix that ends in the first such segment. */
function underSegment(names: readonly string[], segment: RegExp): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const parts = plainName(name).split(/([./])/);
    const at = parts.findIndex((part) => segment.test(part));
    if (at < 0 || at === parts.length - 1) continue;
    pushTo(groups, parts.slice(0, at + 1).join(''), name);
  }
  return groups;
}

/** Deep names are of no model. */
const MAX_DEPTH = 32;

/** For every prefix, what stands directly below it, with the tensors below that. */
function ownersOf(names: Iterable<string>): ReadonlyMap<string, ReadonlyMap<string, readonly string[]>> {
  const owners = new Map<string, Map<string, string[]>>();
  for (const name of names) {
    let rest = plainName(name);
    for (let depth = 0; rest !== '' && depth < MAX_DEPTH; depth++) {
      const [owner, child] = splitName(rest);
      let children = owners.get(owner);
      if (!children) owners.set(owner, (children = new Map()));
      pushTo(children, child, name);
      rest = owner;
    }
  }
  return owners;
}

function pushTo(groups: Map<string, string[]>, key: string, name: string): void {
  const group = groups.get(key);
  if (group) group.push(name);
  else groups.set(key, [name]);
}
