/** The library itself, which makes the globals `mocha` and `Mocha`. */
declare module 'mocha/mocha.js';
/** Made by esbuild.js: imports every test of the suite. */
declare module 'all-tests';
