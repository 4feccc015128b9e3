/** PyTorch's archives since 1.6: a ZIP archive of a pickle and a record for each storage (caffe2/serialize/inline_container.h). */
import type { ByteSource } from '../../../files/folder';
import { say } from '../../../words/say';
import { TensorFileError } from '../bytes';
import { firstMember, openZip, type ZipMember, type ZipOptions } from '../zip';
import type { Records } from './records';

export interface Archive {
  readonly pickle: ByteSource;
  readonly records: Records;
  /** Written by `torch.jit.save`: a program with its parameters. */
  readonly script: boolean;
}

/** Within the folder that all members are in. */
const PICKLE = 'data.pkl';
const BYTE_ORDER = 'byteorder';
const SCRIPT = 'constants.pkl';
const FIRST =
  /^(.*\/)?(data\.pkl|version|byteorder|\.format_version|\.storage_alignment|constants\.pkl|data\/\d+|(code|extra|constants|tensors)\/.*|model\.json)$/s;
const MAX_BYTE_ORDER = 16;

/** Whether a file that starts with `head` seems to be one. */
export function isArchive(head: Uint8Array): boolean {
  return FIRST.test(firstMember(head) ?? '');
}

/** Throws `TensorFileError`. */
export async function openArchive(file: ByteSource, options: ZipOptions): Promise<Archive> {
  const members = await openZip(file, options);
  const main = mainPickle([...members.keys()]);
  if (main === undefined) {
    throw new TensorFileError(
      say`expected a member ${PICKLE}, found none${members.has('model.json') ? say`: it is of a version before PyTorch 1.2` : ''}`,
    );
  }
  const folder = main.slice(0, -PICKLE.length);
  return {
    pickle: await members.get(main)!.open(),
    records: {
      bigEndian: await isBigEndian(members.get(folder + BYTE_ORDER)),
      open: async (key) => members.get(`${folder}data/${key}`)?.open(),
    },
    script: members.has(folder + SCRIPT),
  };
}

/** The one in the outermost folder. */
function mainPickle(names: readonly string[]): string | undefined {
  const found = names.filter((name) => name === PICKLE || name.endsWith(`/${PICKLE}`));
  return found.sort((a, b) => a.length - b.length)[0];
}

async function isBigEndian(member: ZipMember | undefined): Promise<boolean> {
  if (!member || member.size > MAX_BYTE_ORDER) return false;
  const record = await member.open();
  return new TextDecoder().decode(await record.read(0, record.size)) === 'big';
}
