/** Catalogues of words are in the page's language: to be imported before any of them. */
import { speak } from '../src/words/translated';

const element = document.getElementById('sentences');
speak(element ? JSON.parse(element.textContent) : {});
