/** What the command line says, in the words of a tool, which has arguments in place of options. */

/** Arguments that are called otherwise than the option. */
const ARGUMENTS: Readonly<Record<string, string>> = { signal: 'signals' };

/** What is said of options that tools have not. */
const PHRASES: readonly (readonly [RegExp, (has: (name: string) => boolean) => string])[] = [
  [
    /; --json has all(, and every gate)?/g,
    (has) => (has('signals') ? '; with signals (such as output), from and steps it gives them' : ''),
  ],
  [/run a part: --from STEP --steps N/g, () => 'take a shorter sequence'],
  [/ \(--memory MB\)/g, () => ''],
  [
    /compare takes a second model, --against, or --set: /g,
    () => 'compare takes another model (other), against, or set: ',
  ],
  [/with --input ([^\s=]+)=FILE/g, () => 'with input: a JSON file {"input": …, "$1": …}'],
];

const OPTION = /(?<![\w-])--([a-z][a-z-]*)(?: (?:FILE|VALUE|NAME|TEXT)\b)?/g;

/** @param names of the tool's arguments. */
export function inArguments(text: string, names: readonly string[]): string {
  const has = (name: string) => names.includes(name);
  const said = PHRASES.reduce((all, [phrase, words]) => all.replace(phrase, words(has)), text);
  return said.replace(OPTION, (whole: string, option: string) => {
    const argument = ARGUMENTS[option] ?? option;
    return has(argument) ? argument : whole;
  });
}
