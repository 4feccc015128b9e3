/** Recurrent layers that nn.RNN, nn.LSTM and nn.GRU are not: classes that go step by step. */
import { say } from '../../words/say';
import type { CommonLayer } from '../commonCells';
import {
  type GruLayer,
  type LstmLayer,
  type RecurrentLayer,
  type RnnLayer,
  type UnitActivation,
  cellActivations,
  stateSize,
} from '../network';
import { statePartsOf } from '../states';
import { GATES, layerParameters, normParts } from '../parameters';
import { activated } from './pytorchActivations';
import { CannotExpress, float, indented, quoted, tuple } from './text';

/** What all of them share: levels, directions, masks, states. */
export const RECURRENT = `class Recurrent(nn.Module):
    """Levels and directions of a cell, one step after another; a subclass says what one step does."""

    PARAMETERS = {}  # shapes by name
    LEVELS = 1
    SUFFIXES = ("",)  # of the directions; "_reverse" reads from the end
    SIZES = ()  # units of h and, in an LSTM, of c

    def __init__(self):
        super().__init__()
        for name, shape in self.PARAMETERS.items():
            self.register_parameter(name, nn.Parameter(torch.zeros(shape)))

    def forward(self, x, state=None, mask=None):
        """The outputs, batch x steps x units, and every direction's state after the last step that it reads.

        Where mask (batch x steps) is False the state stays as it is.
        """
        steps = x.shape[1]
        states = []
        for level in range(self.LEVELS):
            outputs = []
            for suffix in self.SUFFIXES:
                end = f"_l{level}{suffix}"
                p = {name[: -len(end)]: value for name, value in self.named_parameters() if name.endswith(end)}
                if state is None:
                    now = self.first(p, x)
                else:
                    now = tuple(part[len(states)] for part in state)
                rows = [None] * steps
                for t in reversed(range(steps)) if suffix else range(steps):
                    new = self.step(p, x[:, t], *now)
                    if mask is not None:
                        new = tuple(torch.where(mask[:, t, None], a, b) for a, b in zip(new, now))
                    now = new
                    rows[t] = now[0]
                outputs.append(torch.stack(rows, dim=1))
                states.append(now)
            x = torch.cat(outputs, dim=-1)
        return x, tuple(torch.stack(part) for part in zip(*states))

    def first(self, p, x):
        """The state before the first step: learned, or zeros."""
        batch = x.shape[0]
        return tuple(
            p[name].expand(batch, -1) if name in p else x.new_zeros(batch, size)
            for name, size in zip(("h0", "c0"), self.SIZES)
        )

    def step(self, p, x, *state):
        raise NotImplementedError`.split('\n');

/** The class of one layer. */
export function cellClass(name: string, layer: CommonLayer): string[] {
  const suffixes = layer.directions.map((direction) => (direction === 'backward' ? '"_reverse"' : '""'));
  const sizes = statePartsOf(layer.type).map((part) => (part === 'h' ? stateSize(layer) : layer.hiddenSize));
  const prefix = layer.name.length + 1;
  return [
    `class ${name}(Recurrent):`,
    ...indented([
      'PARAMETERS = {',
      ...layerParameters(layer).map(
        (parameter) => `    ${quoted(parameter.name.slice(prefix))}: ${tuple(parameter.shape)},`,
      ),
      '}',
      `LEVELS = ${layer.levels}`,
      `SUFFIXES = (${suffixes.join(', ')}${suffixes.length === 1 ? ',' : ''})`,
      `SIZES = ${tuple(sizes)}`,
      '',
      ...stepOf(layer),
    ]),
  ];
}

function stepOf(layer: CommonLayer): string[] {
  const clip = layer.clip === undefined ? undefined : float(layer.clip);
  switch (layer.type) {
    case 'rnn':
      return rnnStep(layer, clip);
    case 'gru':
      return gruStep(layer, clip);
    case 'lstm':
      return lstmStep(layer, clip);
  }
}

/** The activation of a sum, which is kept within the clip first. */
function phi(activation: UnitActivation, clip: string | undefined, sum: string): string {
  return activated(activation, clip === undefined ? sum : `torch.clamp(${sum}, -${clip}, ${clip})`);
}

/** W_ih x or W_hh h with its bias, normalised before that where the layer does. */
function product(layer: RecurrentLayer, of: 'x' | 'h'): string {
  const side = of === 'x' ? 'ih' : 'hh';
  const weight = `p["weight_${side}"]`;
  const bias = layer.bias ? `p["bias_${side}"]` : undefined;
  if (!normParts(layer).includes(side))
    return `F.linear(${[of, weight, ...(bias ? [bias] : [])].join(', ')})`;
  const norm = normalised(layer, side, `F.linear(${of}, ${weight})`, GATES[layer.type] * layer.hiddenSize);
  return bias ? `${norm} + ${bias}` : norm;
}

function normalised(layer: RecurrentLayer, part: string, value: string, units: number): string {
  const affine = `p["norm_${part}_weight"], p["norm_${part}_bias"]`;
  return `F.layer_norm(${value}, (${units},), ${affine}, ${float(layer.layerNorm!.epsilon)})`;
}

function rnnStep(layer: RnnLayer, clip: string | undefined): string[] {
  const sums = normParts(layer).includes('sum')
    ? [
        `sums = F.linear(x, p["weight_ih"]) + F.linear(h, p["weight_hh"])`,
        `sums = ${normalised(layer, 'sum', 'sums', layer.hiddenSize)}`,
        ...(layer.bias ? ['sums = sums + p["bias_ih"] + p["bias_hh"]'] : []),
      ]
    : [`sums = ${product(layer, 'x')} + ${product(layer, 'h')}`];
  return [
    'def step(self, p, x, h):',
    ...indented([...sums, `return (${phi(layer.nonlinearity, clip, 'sums')},)`]),
  ];
}

function gruStep(layer: GruLayer, clip: string | undefined): string[] {
  const { gates, candidate } = cellActivations(layer);
  const H = layer.hiddenSize;
  const chunks = (value: string) => `(${value}).chunk(3, dim=-1)`;
  const body = layer.resetAfter
    ? [
        `rx, zx, nx = ${chunks(product(layer, 'x'))}`,
        `rh, zh, nh = ${chunks(product(layer, 'h'))}`,
        `r = ${phi(gates, clip, 'rx + rh')}`,
        `z = ${phi(gates, clip, 'zx + zh')}`,
        `n = ${phi(candidate, clip, 'nx + r * nh')}`,
      ]
    : gruResetBefore(layer, clip, H);
  return ['def step(self, p, x, h):', ...indented([...body, 'return ((1 - z) * n + z * h,)'])];
}

function gruResetBefore(layer: GruLayer, clip: string | undefined, H: number): string[] {
  if (layer.layerNorm) {
    throw new CannotExpress(layer.name, say`layer_norm with reset_after false`, say`PyTorch as written here`);
  }
  const { gates, candidate } = cellActivations(layer);
  const hidden = (of: string, rows: string) =>
    `F.linear(${of}, p["weight_hh"][${rows}]${layer.bias ? `, p["bias_hh"][${rows}]` : ''})`;
  return [
    `rx, zx, nx = ${product(layer, 'x')}.chunk(3, dim=-1)`,
    `rh, zh = ${hidden('h', `:${2 * H}`)}.chunk(2, dim=-1)`,
    `r = ${phi(gates, clip, 'rx + rh')}`,
    `z = ${phi(gates, clip, 'zx + zh')}`,
    `n = ${phi(candidate, clip, `nx + ${hidden('r * h', `${2 * H}:`)}`)}`,
  ];
}

function lstmStep(layer: LstmLayer, clip: string | undefined): string[] {
  const { gates, candidate, output } = cellActivations(layer);
  const { coupled, peepholes, cellClip, layerNorm } = layer;
  const H = layer.hiddenSize;
  const seen = (gate: string, cell: string) => (peepholes ? ` + p["peephole_${gate}"] * ${cell}` : '');
  const forget = layer.forgetBias ? ` + ${float(layer.forgetBias)}` : '';
  const inputGate = `i = ${phi(gates, clip, `i${seen('i', 'c')}`)}`;
  const forgetGate = `f = ${phi(gates, clip, `f${seen('f', 'c')}${forget}`)}`;
  const shown = layerNorm?.cell === 'output' ? normalised(layer, 'c', 'c', H) : 'c';
  const hidden = `o * ${activated(output, shown)}`;
  return [
    'def step(self, p, x, h, c):',
    ...indented([
      `sums = ${product(layer, 'x')} + ${product(layer, 'h')}`,
      'i, f, g, o = sums.chunk(4, dim=-1)',
      coupled === 'forget' ? forgetGate : inputGate,
      coupled === 'forget' ? 'i = 1 - f' : coupled === 'input' ? 'f = 1 - i' : forgetGate,
      `g = ${phi(candidate, clip, 'g')}`,
      `c = f * ${layer.keeps === 'output' ? 'h' : 'c'} + i * g`,
      ...(cellClip === undefined ? [] : [`c = torch.clamp(c, -${float(cellClip)}, ${float(cellClip)})`]),
      ...(layerNorm?.cell === 'state' ? [`c = ${normalised(layer, 'c', 'c', H)}`] : []),
      `o = ${phi(gates, clip, `o${seen('o', 'c')}`)}`,
      `h = ${layer.projSize > 0 ? `F.linear(${hidden}, p["weight_hr"])` : hidden}`,
      'return h, c',
    ]),
  ];
}
