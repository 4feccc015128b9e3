/** Reads whole Keras models: HDF5 files with config and weights, and `.keras` archives. */
import type { ByteSource } from '../../../../files/folder';
import { say } from '../../../../words/say';
import { quote, stringAt } from '../../../json/decode';
import type { JsonNode } from '../../../json/node';
import { parseJson } from '../../../json/parse';
import { START_OF_FILE } from '../../../problem';
import { Report } from '../../../report';
import { TensorFileError } from '../../../tensors/bytes';
import { isHdf5, openHdf5, type Hdf5Group } from '../../../tensors/hdf5';
import { firstMember, openZip, type ZipMember } from '../../../tensors/zip';
import { unreadable, type BinaryDialect, type BinarySource, type Reading } from '../../dialect';
import { attempt } from '../../loading';
import type { KerasArrays, KerasLayerId } from '../arrays';
import { kerasLayerIds } from '../model';
import { readKeras } from '../read';
import { readWeightsAlone } from '../told/read';
import { attachedWeights } from './attach';
import { configBeside } from './beside';
import { arraysIn } from './layerArrays';
import { arraysOf, layersAlone, optionsOf, WEIGHTS_MEMBER } from './open';

export const kerasHdf5: BinaryDialect = {
  id: 'keras',
  label: say`Keras model as HDF5`,
  endings: ['h5', 'hdf5'],
  gateOrders: { gru: 'zrn' },
  takesWeights: true,

  matches: isHdf5,

  async read(source) {
    const report = Report.of('', { schema: false, about: 'structure' });
    const file = await attempt(source.fileName, START_OF_FILE, report, () => openModelFile(source));
    if (!file) return unreadable(report.problems);
    if (file.config !== undefined) return readConfig({ ...file, config: file.config }, source);
    const { fileName, weights } = source;
    if (weights) {
      const message = say`the weights in ${quote(weights.path)} are not used: ${quote(fileName)} holds weights itself, and no config`;
      report.warning(START_OF_FILE, 'weights-not-used', message);
    }
    const stored = await attempt(fileName, START_OF_FILE, report, () => file.layers());
    if (!stored && !report.failed) report.error(START_OF_FILE, 'unknown-dialect', noKerasFile(source));
    if (!stored) return unreadable(report.problems);
    const beside = await configBeside(fileName, source.folder);
    if (beside !== undefined) report.warning(START_OF_FILE, 'weights-only', openInstead(source, beside));
    const { version, backend } = file;
    return readWeightsAlone({ ...stored, version, backend, file: fileName }, source, report);
  },
};

const CONFIG_MEMBER = 'config.json';
const METADATA_MEMBER = 'metadata.json';
const MEMBERS = [METADATA_MEMBER, CONFIG_MEMBER, WEIGHTS_MEMBER, 'model.weights.npz', 'assets/'];

export const kerasArchive: BinaryDialect = {
  id: 'keras',
  label: say`Keras model`,
  endings: ['keras'],
  gateOrders: { gru: 'zrn' },
  takesWeights: true,

  matches(head) {
    const first = firstMember(head);
    return first !== undefined && MEMBERS.some((member) => first.startsWith(member));
  },

  async read(source) {
    const report = Report.of('', { schema: false, about: 'structure' });
    const file = await attempt(source.fileName, START_OF_FILE, report, () => openArchive(source));
    return file ? readConfig(file, source) : unreadable(report.problems);
  },
};

/** What the readers of a whole model have in common. */
interface ModelFile {
  /** JSON text. */
  readonly config: string;
  readonly version?: string;
  readonly backend?: string;
  /** JSON text of what it was compiled with, where that stands apart. */
  readonly training?: string;
  /** The group that holds the weights. Throws `TensorFileError`. */
  weights(): Promise<Hdf5Group>;
}

async function readConfig(file: ModelFile, source: BinarySource): Promise<Reading> {
  const report = Report.within({ about: 'structure' });
  const root = parseJson(file.config, report, 'json');
  if (!root) return unreadable(report.problems);
  const arrays = source.weights
    ? (await attachedWeights(root, source, report)).arrays
    : await ownWeights(file, kerasLayerIds(root), source, report.about('weights'));
  const { version, backend } = file;
  const training = file.training === undefined ? undefined : trainingIn(file.training);
  const more = { ...(training && { training }), ...(arrays && { arrays }) };
  return readKeras({ root, version, backend, ...more }, source, report);
}

/** Undefined where it cannot be read: nothing that runs depends on it. */
function trainingIn(text: string): JsonNode | undefined {
  return parseJson(text, Report.within({ about: 'structure' }), 'json');
}

function ownWeights(
  file: ModelFile,
  layers: readonly KerasLayerId[],
  source: BinarySource,
  report: Report,
): Promise<KerasArrays | undefined> {
  const { fileName } = source;
  return attempt(fileName, START_OF_FILE, report, async () => {
    const warn = (message: string) =>
      report.warning(START_OF_FILE, 'layers-in-order', `${fileName}: ${message}`);
    return arraysIn(await arraysOf(await file.weights(), layers, warn), fileName);
  });
}

async function openModelFile(source: BinarySource) {
  const root = await openHdf5(source.bytes, optionsOf(source));
  const [config] = (await root.strings('model_config')) ?? [];
  const own = await root.group('model_weights');
  return {
    config,
    training: (await root.strings('training_config'))?.[0],
    version: await attribute('keras_version', root, own),
    backend: await attribute('backend', root, own),
    layers: () => layersAlone(root),
    weights: () => Promise.resolve(root),
  };
}

async function attribute(
  name: string,
  ...groups: readonly (Hdf5Group | undefined)[]
): Promise<string | undefined> {
  for (const group of groups) {
    const [value] = (await group?.strings(name)) ?? [];
    if (value !== undefined) return value;
  }
  return undefined;
}

function openInstead({ fileName }: BinarySource, config: string): string {
  return say`${quote(fileName)} holds weights alone; ${quote(config)} beside it says what the layers are: open that, which takes these weights`;
}

function noKerasFile({ fileName }: BinarySource): string {
  return say`${quote(fileName)} is an HDF5 file, but not of Keras: expected the attribute "model_config", or weights under "layer_names" or "layers"`;
}

/** Far more than any config or metadata has. */
const MAX_TEXT_BYTES = 64 << 20;

async function openArchive(source: BinarySource): Promise<ModelFile> {
  const members = await openZip(source.bytes, optionsOf(source));
  const config = await textOf(memberOf(members, CONFIG_MEMBER));
  const metadata = members.get(METADATA_MEMBER);
  return {
    config,
    version: metadata && versionIn(await textOf(metadata)),
    weights: async () => openHdf5(await memberOf(members, WEIGHTS_MEMBER).open(), optionsOf(source)),
  };
}

function memberOf(members: ReadonlyMap<string, ZipMember>, name: string): ZipMember {
  const member = members.get(name);
  if (member) return member;
  const found = [...members.keys()].slice(0, 8).map(quote).join(', ') || say`none`;
  throw new TensorFileError(say`expected the member ${quote(name)} of a .keras archive, found ${found}`);
}

async function textOf(member: ZipMember): Promise<string> {
  if (member.size > MAX_TEXT_BYTES) {
    throw new TensorFileError(
      say`member ${quote(member.name)} has ${member.size} bytes; at most ${MAX_TEXT_BYTES} are read`,
    );
  }
  const bytes: ByteSource = await member.open();
  return new TextDecoder().decode(await bytes.read(0, bytes.size));
}

/** Metadata that cannot be read tells nothing, as if there were none. */
function versionIn(metadata: string): string | undefined {
  const report = Report.within({ about: 'structure' });
  return stringAt(parseJson(metadata, report, 'json'), 'keras_version');
}
