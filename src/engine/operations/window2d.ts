import type { Conv2dLayer, Pool2dLayer } from '../../model/network';
import { activate } from '../activations';
import type { DenseEdge } from '../edge';
import { rowByRow, type Work } from '../slices';
import { throughActivation } from './activation';
import type { InputTerm, Operation, TensorOf } from './operation';

/** A place of the kernel, and the offset of what lies under it, from the beginning of a channel's column. */
type Visit = (kernelHeight: number, kernelStep: number, column: number, height: number) => void;

/** Calls `visit` for all that the window at row r and output height h sees. */
function windowAt(
  { kernel, stride, dilation, padding }: Conv2dLayer | Pool2dLayer,
  rows: number,
  height: number,
): (r: number, h: number, visit: Visit) => void {
  return (r, h, visit) => {
    for (let s = 0; s < kernel.steps; s++) {
      const column = r * stride.steps + s * dilation.steps - padding.before;
      if (column < 0 || column >= rows) continue;
      for (let k = 0; k < kernel.height; k++) {
        const at = h * stride.height + k * dilation.height - padding.top;
        if (at >= 0 && at < height) visit(k, s, column, at);
      }
    }
  };
}

/**
 * y_{o,h,r} = φ(b_o + Σ_{i,k,s} W_{o,i,k,s} x_{i, h·stride + k·dilation − top, r·stride + s·dilation − before}), as PyTorch's
 * nn.Conv2d computes it of images channels × height × rows.
 */
export function conv2d(layer: Conv2dLayer, input: DenseEdge, tensor: TensorOf): Operation {
  const { channels, outChannels, groups, kernel, outputSize: out } = layer;
  const { values: x, rows, width } = input;
  const weight = tensor('weight')!;
  const bias = tensor('bias') ?? new Float32Array(outChannels);
  const height = width / channels;
  const outHeight = out / outChannels;
  const [inGroup, outGroup] = [channels / groups, outChannels / groups];
  const window = windowAt(layer, rows, height);
  const cost = out * inGroup * kernel.height * kernel.steps;
  const weightAt = (o: number, i: number, k: number, s: number) =>
    ((o * inGroup + i) * kernel.height + k) * kernel.steps + s;

  return {
    forward: (y) =>
      rowByRow(y.length / out, cost, (r) => {
        for (let o = 0; o < outChannels; o++) {
          const first = Math.floor(o / outGroup) * inGroup;
          for (let h = 0; h < outHeight; h++) {
            let sum = bias[o];
            window(r, h, (k, s, column, at) => {
              for (let i = 0; i < inGroup; i++)
                sum += weight[weightAt(o, i, k, s)] * x[column * width + (first + i) * height + at];
            });
            y[r * out + o * outHeight + h] = sum;
          }
        }
        activate(layer.activation, y, r * out, out);
      }),
    *backward(y, dy, [into], parameter) {
      const da = throughActivation(layer.activation, y, out, dy);
      const [dWeight, dBias] = [parameter('weight'), parameter('bias')];
      yield* rowByRow(da.length / out, 2 * cost, (r) => {
        for (let o = 0; o < outChannels; o++) {
          const first = Math.floor(o / outGroup) * inGroup;
          for (let h = 0; h < outHeight; h++) {
            const slope = da[r * out + o * outHeight + h];
            if (dBias) dBias[o] += slope;
            window(r, h, (k, s, column, at) => {
              for (let i = 0; i < inGroup; i++) {
                const from = column * width + (first + i) * height + at;
                const of = weightAt(o, i, k, s);
                if (into) into[from] += slope * weight[of];
                if (dWeight) dWeight[of] += slope * x[from];
              }
            });
          }
        }
      });
    },
    terms(row, unit) {
      const [o, h] = [Math.floor(unit / outHeight), unit % outHeight];
      const first = Math.floor(o / outGroup) * inGroup;
      const inputs: InputTerm[] = [];
      window(row, h, (k, s, column, at) => {
        for (let i = 0; i < inGroup; i++) {
          const from = (first + i) * height + at;
          inputs.push({ input: 0, row: column, unit: from, weight: weight[weightAt(o, i, k, s)] });
        }
      });
      const biases = layer.bias ? [{ name: 'bias', weight: bias[o] }] : [];
      return { activation: layer.activation, biases, inputs };
    },
  };
}

/** Of each channel by itself; padding is never the largest and does not count in the mean. */
export function pool2d(layer: Pool2dLayer, input: DenseEdge): Operation {
  const { channels, mode, outputSize: out } = layer;
  const { values: x, rows, width } = input;
  const height = width / channels;
  const outHeight = out / channels;
  const window = windowAt(layer, rows, height);
  const cost = out * layer.kernel.height * layer.kernel.steps;

  /** Places in x that one number of the output is made of. */
  function seen(r: number, c: number, h: number): number[] {
    const places: number[] = [];
    window(r, h, (_k, _s, column, at) => places.push(column * width + c * height + at));
    return places;
  }

  const largest = (places: readonly number[]) =>
    places.reduce((best, place) => (x[place] > x[best] || Number.isNaN(x[place]) ? place : best), places[0]);

  function each(visit: (place: number, seen: readonly number[]) => void, length: number): Work<void> {
    return rowByRow(length / out, cost, (r) => {
      for (let c = 0; c < channels; c++) {
        for (let h = 0; h < outHeight; h++) visit(r * out + c * outHeight + h, seen(r, c, h));
      }
    });
  }

  return {
    forward: (y) =>
      each((place, places) => {
        const sum = () => places.reduce((total, one) => total + x[one], 0);
        y[place] = mode === 'max' ? x[largest(places)] : sum() / places.length;
      }, y.length),
    *backward(_y, dy, [into]) {
      if (!into) return;
      yield* each((place, places) => {
        if (mode === 'max') into[largest(places)] += dy[place];
        else for (const one of places) into[one] += dy[place] / places.length;
      }, dy.length);
    },
    terms(row, unit) {
      const places = seen(row, Math.floor(unit / outHeight), unit % outHeight);
      const of = mode === 'max' ? [largest(places)] : places;
      return {
        inputs: of.map((place) => ({
          ...{ input: 0, row: Math.floor(place / width), unit: place % width },
          weight: 1 / of.length,
        })),
      };
    },
  };
}
