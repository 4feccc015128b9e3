/** The views of package.json's custom editors. */

export const NATIVE_VIEW = 'gatescope.unrolled';
export const JSON_VIEW = 'gatescope.unrolledJson';
/** What is no text. */
export const BINARY_VIEW = 'gatescope.unrolledBinary';
/** By "Open With…" only: files whose names do not say whether they are models. */
export const OPTION_VIEW = 'gatescope.unrolledBinaryOption';
/** Text that is too large for a text document. */
export const LARGE_VIEW = 'gatescope.unrolledLarge';
