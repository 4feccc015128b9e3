import './speak';
import './shell/page.css';
import { startPanel } from './panel';
import { Host } from './vscode';

startPanel(document.getElementById('root')!, new Host());
