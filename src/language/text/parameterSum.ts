/** How many parameters a layer has, as the sum that it is: `4 × (64 × 36 + 64 × 64 + 64 + 64)`. */
import { isRecurrent, type Layer } from '../../model/network';
import { GATES, layerParameters, type Parameter } from '../../model/parameters';

/** Tensors that stack a block of rows for each of a cell's sums. */
const STACKED = /^(weight_ih|weight_hh|bias_ih|bias_hh|norm_(ih|hh|sum)_(weight|bias))$/;

/** Empty for a layer without parameters. */
export function parameterSum(layer: Layer): string {
  const counted = layerParameters(layer).filter(({ kind }) => !layer.fixed?.includes(kind));
  const blocks = isRecurrent(layer) ? GATES[layer.type] : 1;
  return grouped(counted)
    .map((group) => sumOf(group, blocks))
    .reduce<{ sum: string; times: number }[]>((sums, sum) => {
      const last = sums.at(-1);
      return last?.sum === sum
        ? [...sums.slice(0, -1), { sum, times: last.times + 1 }]
        : [...sums, { sum, times: 1 }];
    }, [])
    .map(({ sum, times }) => (times === 1 ? sum : `${times} × (${sum})`))
    .join(' + ');
}

/** Level by level and direction by direction. */
function grouped(parameters: readonly Parameter[]): Parameter[][] {
  const groups = new Map<string, Parameter[]>();
  for (const parameter of parameters) {
    const { name, kind, layer } = parameter;
    const suffix = name.slice(layer.name.length + 1 + kind.length);
    groups.set(suffix, [...(groups.get(suffix) ?? []), parameter]);
  }
  return [...groups.values()];
}

function sumOf(parameters: readonly Parameter[], blocks: number): string {
  const stacked = blocks > 1 ? parameters.filter(({ kind }) => STACKED.test(kind)) : [];
  const others = parameters.filter((parameter) => !stacked.includes(parameter));
  const perBlock = stacked.map(({ shape: [rows, ...rest] }) => product([rows / blocks, ...rest])).join(' + ');
  const whole = others.map(({ shape }) => product(shape));
  const block = stacked.length === 1 ? perBlock : `(${perBlock})`;
  return [...(stacked.length > 0 ? [`${blocks} × ${block}`] : []), ...whole].join(' + ');
}

function product(shape: readonly number[]): string {
  return shape.join(' × ');
}
