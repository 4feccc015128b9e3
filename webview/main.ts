import './styles/panel.css';
import { startPanel } from './panel';
import { Host } from './vscode';

startPanel(document.getElementById('root')!, new Host());
