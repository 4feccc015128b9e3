/** The program of a page that stands alone: what stands in for the editor, then the panel, which looks for it at once. */
import '../speak';
import './standIn';
import '../main';

// The controls take the theme's colours when the page has loaded, which it had before this came out of its wrapping.
if (document.readyState === 'complete') window.dispatchEvent(new Event('load'));
