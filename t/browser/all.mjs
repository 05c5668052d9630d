// All tests of the pages, in one process: they share a browser, and a Redis that some of them stop.
import './texts.mjs';
import './serving.mjs';
import './self-service.mjs';
import './states.mjs';
import './help-desk.mjs';
import './beside-am.mjs';
