/** PyTorch's own files, `.pt` and `.pth`: pickles, which run as programs when they are read. They are not. */
import { failedReading, type BinaryDialect } from '../dialect';
import { pytorchSafetensors } from './read';

const ZIP = [0x50, 0x4b, 0x03, 0x04];
/** The opcode PROTO and its argument. */
const PROTOCOL = 0x80;
const MAX_PROTOCOL = 5;
/** Of a zip archive's first entry: where the length of its name stands, and where the name begins. */
const NAME_LENGTH_AT = 26;
const NAME_AT = 30;

export const pytorchPickle: BinaryDialect = {
  id: 'pytorch',
  label: 'PyTorch pickle',

  matches(head, source) {
    // The length with which a safetensors file begins may have these two bytes too.
    if (head[0] === PROTOCOL && head[1] <= MAX_PROTOCOL) return !pytorchSafetensors.matches(head, source);
    return (
      ZIP.every((byte, k) => head[k] === byte) &&
      /(^|\/)(data\.pkl|version|byteorder|\.format_version)$/.test(firstEntry(head))
    );
  },

  async read({ fileName }) {
    const name = JSON.stringify(fileName);
    const target = JSON.stringify(fileName.replace(/\.[^.]*$/, '') + '.safetensors');
    const lines = [
      'import torch, safetensors.torch',
      `state = torch.load(${name}, map_location="cpu", weights_only=True)`,
      `safetensors.torch.save_file({k: v.contiguous() for k, v in state.items()}, ${target})`,
    ];
    return failedReading(
      'pickle',
      `${name} is a PyTorch pickle, a program that is not run here; save its tensors as safetensors, and open that file: ${lines.join('; ')}`,
    );
  },
};

function firstEntry(head: Uint8Array): string {
  if (head.byteLength < NAME_AT) return '';
  const length = head[NAME_LENGTH_AT] | (head[NAME_LENGTH_AT + 1] << 8);
  return new TextDecoder().decode(head.subarray(NAME_AT, NAME_AT + length));
}
