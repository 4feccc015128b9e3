/** What a file that is no model seems to be, where that is plain, and what helps then. */
import { say } from '../words/say';
import { quote } from './json/decode';
import type { JsonNode } from './json/node';
import { inUnits } from './limits';

export interface OtherFile {
  /** Goes on from `FILE is `: `a Core ML model`. */
  readonly what: string;
  /** What a user can do instead, where there is something. */
  readonly help?: string;
}

/** `a Core ML model; …`: what goes on from `FILE is `. */
export function inWords({ what, help }: OtherFile): string {
  return help === undefined ? what : `${what}; ${help}`;
}

const ITS_SOURCE = say`open what it was made from: Keras saves it by model.save("model.keras"), PyTorch by torch.onnx.export(model, x, "model.onnx")`;
const LOAD_AND_SAVE = say`it is a program that is not run here; load it in Python, and save what it holds: a Keras model by model.save("model.keras"), PyTorch tensors by safetensors.torch.save_file(tensors, "model.safetensors")`;
const PYTORCH: OtherFile = {
  what: say`a PyTorch file, as torch.save writes it`,
  help: say`PyTorch saves tensors by safetensors.torch.save_file(model.state_dict(), "model.safetensors")`,
};
const UNPACK = say`unpack it first`;

/** Of a file's beginning, a character a byte, and of its name in lower case. */
interface Rule extends OtherFile {
  readonly begins: RegExp;
  /** Where the beginning alone does not tell. */
  readonly named?: RegExp;
}

/**
 * Most are listed in the "magic" files of file(1). Protocol buffers have no magic: Core ML's Model (1: version, 2:
 * description {1: feature {1: name}}), TensorFlow's GraphDef (1: node {1: name, 2: op}), Paddle's ProgramDesc (1: block {1:
 * index 0, 2: parent}) and Caffe's NetParameter (1: name, then 2 or 100: layer) are told by their first fields.
 */
const RULES: readonly Rule[] = [
  {
    begins: /^/,
    named: /\.data-\d{5}-of-\d{5}$/,
    what: say`the values of a TensorFlow checkpoint, without their names and shapes`,
    help: say`open the file beside it that ends in ".index", or "saved_model.pb" in the folder above`,
  },
  {
    begins: /^model_checkpoint_path: "/,
    what: say`the list of the checkpoints in its folder`,
    help: say`open one of those that it names, by its ".index"`,
  },
  { begins: /^\x89PNG/, what: say`a PNG image` },
  { begins: /^\xff\xd8\xff/, what: say`a JPEG image` },
  { begins: /^GIF8/, what: say`a GIF image` },
  { begins: /^%PDF/, what: say`a PDF document` },
  { begins: /^RIFF/, what: say`a RIFF file, such as WAV sound` },
  { begins: /^\x7fELF/, what: say`an ELF program` },
  { begins: /^MZ/, what: say`a Windows program` },
  { begins: /^\x1f\x8b/, what: say`a gzip archive`, help: UNPACK },
  { begins: /^BZh[1-9]/, what: say`a bzip2 archive`, help: UNPACK },
  { begins: /^\xfd7zXZ\0/, what: say`an xz archive`, help: UNPACK },
  { begins: /^\x28\xb5\x2f\xfd/, what: say`a Zstandard archive`, help: UNPACK },
  { begins: /^7z\xbc\xaf/, what: say`a 7-Zip archive`, help: UNPACK },
  { begins: /^Rar!\x1a\x07/, what: say`a RAR archive`, help: UNPACK },
  { begins: /^.{257}ustar/s, what: say`a tar archive`, help: UNPACK },
  { begins: /^PK\x05\x06/, what: say`an empty ZIP archive` },
  {
    begins: /^PK\x03\x04.{22}[^]{4}?.{0,200}?\.npy/s,
    what: say`NumPy arrays (.npz) without a network around them`,
    help: say`arrays of a state dict open as safetensors.numpy.save_file(dict(numpy.load("arrays.npz")), "model.safetensors"); a Keras model takes them by model.set_weights, and is saved by model.save("model.keras")`,
  },
  { begins: /^PK\x03\x04.{26}.{0,100}?(data\.pkl|version|byteorder|\.format_version)/s, ...PYTORCH },
  { begins: /^\x80\x02\x8a\x0a\x6c\xfc\x9c\x46/, ...PYTORCH },
  {
    begins: /^PK\x03\x04.{26}(config\.json|metadata\.json|model\.weights\.h5)/s,
    what: say`a .keras archive`,
  },
  { begins: /^PK\x03\x04/, what: say`a ZIP archive, but none of Keras` },
  { begins: /^\x89HDF\r\n\x1a\n/, what: say`an HDF5 file` },
  {
    begins: /^\x93NUMPY/,
    what: say`a single NumPy array (.npy) without a network around it`,
    help: say`a sequence of feature vectors can be run as CSV: numpy.savetxt("sequence.csv", array, delimiter=",")`,
  },
  {
    begins: /^MATLAB [57]\.\d MAT-file/,
    what: say`a MATLAB file (.mat)`,
    help: say`MATLAB saves its networks by exportONNXNetwork(net, "model.onnx"), and a sequence for CSV by writematrix(x, "sequence.csv")`,
  },
  { begins: /^.{4}TFL3/s, what: say`a TensorFlow Lite model`, help: ITS_SOURCE },
  { begins: /^.{4}ET\d\d/s, what: say`an ExecuTorch program`, help: ITS_SOURCE },
  {
    begins: /^GGUF/,
    what: say`a GGUF file, in which llama.cpp keeps language models`,
    help: say`open the safetensors file that it was made from`,
  },
  {
    begins: /^\x08[\x01-\x3f]\x12.{1,5}?\x0a.{1,2}?\x0a.[ -~]/s,
    what: say`a Core ML model`,
    help: ITS_SOURCE,
  },
  { begins: /^\x08[\x01-\x3f]\x12/, named: /\.mlmodel$/, what: say`a Core ML model`, help: ITS_SOURCE },
  { begins: /^program\(\d\.\d\)/, what: say`a compiled Core ML program (.mil)`, help: ITS_SOURCE },
  {
    begins: /^/,
    named: /^coremldata\.bin$/,
    what: say`a part of a compiled Core ML model`,
    help: ITS_SOURCE,
  },
  {
    begins: /^\x0a.{1,5}?\x08\0\x10/s,
    what: say`a Paddle program`,
    help: say`paddle2onnx --model_dir . --model_filename model.pdmodel --params_filename model.pdiparams --save_file model.onnx writes ONNX`,
  },
  {
    begins: /^/,
    named: /\.pd(iparams|params|opt|model)$/,
    what: say`Paddle's weights or program`,
    help: say`paddle2onnx --model_dir . --model_filename model.pdmodel --params_filename model.pdiparams --save_file model.onnx writes ONNX`,
  },
  {
    begins: /^\x0a.{1,3}?\x0a.[ -~]+\x12.[A-Z_]\w+/s,
    what: say`a frozen TensorFlow graph (GraphDef)`,
    help: say`python -m tf2onnx.convert --graphdef graph.pb --inputs x:0 --outputs y:0 --output model.onnx writes ONNX; a Keras model saves itself by model.save("model.keras")`,
  },
  {
    begins: /^node \{\s+name: "/,
    what: say`a TensorFlow graph as text (GraphDef)`,
    help: say`a Keras model saves itself by model.save("model.keras")`,
  },
  {
    begins: /^\x0a.[ -~]*(\x12.|\xa2\x06)/s,
    named: /\.caffemodel$/,
    what: say`a Caffe model`,
    help: say`export its network as ONNX from a program that reads Caffe`,
  },
  {
    begins: /^\s*(#[^\n]*\s+)*(name:\s*"[^"]*"\s*)?(input:|layers?\s*\{)/,
    what: say`a Caffe network as text (.prototxt)`,
    help: say`export it as ONNX from a program that reads Caffe`,
  },
  {
    begins: /^\x12\x01\0{6}/,
    what: say`MXNet's weights (.params)`,
    help: say`mxnet.onnx.export_model("model-symbol.json", "model-0000.params", [shape], "float32", "model.onnx") writes ONNX`,
  },
  {
    begins: /^\x80[\0-\x05].*(joblib\.numpy_pickle|NumpyArrayWrapper)/s,
    what: say`a joblib pickle`,
    help: LOAD_AND_SAVE,
  },
  {
    begins: /^(\x78[\x01\x5e\x9c\xda]|ZF)/,
    named: /\.(joblib|pkl|pickle|z)$/,
    what: say`a compressed joblib pickle`,
    help: LOAD_AND_SAVE,
  },
  { begins: /^\x80[\0-\x05].*\bc?sklearn\./s, what: say`a pickle of scikit-learn`, help: LOAD_AND_SAVE },
  { begins: /^\x80[\0-\x05]/, what: say`a Python pickle`, help: LOAD_AND_SAVE },
  { begins: /^SQLite format 3/, what: say`an SQLite database` },
  { begins: /^(\xff\xfe|\xfe\xff)/, what: say`text in UTF-16`, help: say`save it as UTF-8` },
];

/** What stands where the file itself should: text that a tool or a web site gave in its place. */
const STAND_INS: readonly ((text: string) => OtherFile | undefined)[] = [lfsPointer, webPage];

/** Of a file's first bytes; undefined where they tell nothing. `fileName` without its folders. */
export function otherFile(head: Uint8Array, fileName: string): OtherFile | undefined {
  const text = latin1(head);
  const name = fileName.toLowerCase();
  const rule = RULES.find(({ begins, named }) => begins.test(text) && (named?.test(name) ?? true));
  return standIn(head) ?? rule;
}

/** A Git LFS pointer, or a web page: as likely in place of a file of raw numbers, which other kinds could be like. */
export function standIn(head: Uint8Array): OtherFile | undefined {
  const text = latin1(head);
  return STAND_INS.map((of) => of(text)).find(Boolean);
}

/** Enough to tell what a file is, a tar archive included. */
export const KIND_BYTES = 512;

function latin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}

const SHOWN_OID = 8;

/** github.com/git-lfs/git-lfs, docs/spec.md. */
function lfsPointer(text: string): OtherFile | undefined {
  if (!/^version https:\/\/(git-lfs|hawser)\.github\.com\/spec\/v1/.test(text)) return undefined;
  const size = /^size (\d+)$/m.exec(text)?.[1];
  const oid = /^oid (\w+):([0-9a-f]+)$/m.exec(text);
  const of = [
    ...(size === undefined ? [] : [inUnits(Number(size))]),
    ...(oid ? [`${oid[1]} ${oid[2].slice(0, SHOWN_OID)}…`] : []),
  ];
  const what = say`a Git LFS pointer, which stands for a file that was not fetched`;
  return {
    what: of.length > 0 ? `${what} (${of.join(', ')})` : what,
    help: say`run "git lfs pull" in its repository`,
  };
}

function webPage(text: string): OtherFile | undefined {
  if (!/^(\xef\xbb\xbf)?\s*(<!--.*?-->\s*)?<(!doctype html|html)\b/is.test(text)) return undefined;
  return {
    what: say`a web page, saved in place of the file that it shows`,
    help: say`download the file itself; on GitHub that is the button "Download raw file"`,
  };
}

const LISTED_KEYS = 5;

/** Formats of other programs that are JSON, by keys that they have. */
const JSON_RULES: readonly (OtherFile & { readonly keys: readonly string[] })[] = [
  {
    keys: ['fileFormatVersion', 'itemInfoEntries', 'rootModelIdentifier'],
    what: say`the manifest of a Core ML package (.mlpackage)`,
    help: ITS_SOURCE,
  },
  {
    keys: ['nodes', 'arg_nodes', 'heads'],
    what: say`an MXNet network (symbol.json)`,
    help: say`mxnet.onnx.export_model("model-symbol.json", "model-0000.params", [shape], "float32", "model.onnx") writes ONNX`,
  },
  {
    keys: ['base_code', 'program'],
    what: say`a Paddle program`,
    help: say`paddle2onnx --model_dir . --model_filename model.json --params_filename model.pdiparams --save_file model.onnx writes ONNX`,
  },
];

/** What JSON is that is of another program; undefined where that is not plain. */
export function otherJson(root: JsonNode): OtherFile | undefined {
  const compiled = root.type === 'array' ? root.children?.[0] : undefined;
  if (compiled && keysOf(compiled).includes('metadataOutputVersion')) {
    return { what: say`the description of a compiled Core ML model (.mlmodelc)`, help: ITS_SOURCE };
  }
  const keys = keysOf(root);
  return JSON_RULES.find((rule) => rule.keys.every((key) => keys.includes(key)));
}

function keysOf({ type, children = [] }: JsonNode): string[] {
  return type === 'object' ? children.map((property) => String(property.children?.[0].value)) : [];
}

export function kindOfJson(root: JsonNode): string {
  const { type } = root;
  if (type === 'array') return say`a list`;
  if (type !== 'object') return say`a single ${type}`;
  const keys = keysOf(root);
  if (keys.length === 0) return say`an empty object`;
  if (
    keys.includes('name') &&
    ['dependencies', 'devDependencies', 'scripts'].some((key) => keys.includes(key))
  )
    return say`a package.json of npm`;
  const more = keys.length > LISTED_KEYS ? ', …' : '';
  return say`an object with ${keys.slice(0, LISTED_KEYS).map(quote).join(', ')}${more}`;
}
