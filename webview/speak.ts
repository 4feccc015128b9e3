/** Catalogues of words are in the page's language: to be imported before any of them. */
import { speak, type Sentences } from '../src/words/translated';

const element = document.getElementById('sentences');
speak(document.documentElement.lang, element ? (JSON.parse(element.textContent) as Sentences) : {});
