// Opens a real VS Code with an example model: `npm start`. Plain JavaScript, since it may run before anything is
// installed.
const { spawnSync } = require('node:child_process');
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '../..');
// npm writes this file when an installation is complete.
if (!existsSync(join(root, 'node_modules/.package-lock.json'))) {
  console.log('Installing packages (npm ci) …');
  const { status } = spawnSync('npm', ['ci'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(status ?? 1);
}

require('tsx/cjs');
require('./start.ts');
