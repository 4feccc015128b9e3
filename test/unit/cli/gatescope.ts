import { main } from '../../../src/cli/main';

/** Runs the command line in this process, and hears what it prints. */
export async function gatescope(...args: string[]) {
  const heard = { stdout: '', stderr: '' };
  const streams = ['stdout', 'stderr'] as const;
  const own = streams.map((stream) => process[stream].write);
  const hear = (stream: (typeof streams)[number]) => (text: string | Uint8Array) => {
    heard[stream] += typeof text === 'string' ? text : new TextDecoder().decode(text);
    return true;
  };
  for (const stream of streams) process[stream].write = hear(stream);
  try {
    const status = await main(args);
    return { status, ...heard };
  } finally {
    streams.forEach((stream, k) => (process[stream].write = own[k]));
  }
}
