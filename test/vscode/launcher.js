#!/usr/bin/env node
// Stands in for the desktop program where only the server build of VS Code can be had.
require('tsx/cjs');
require('./launcher.ts');
