// @ts-check

/** @typedef {import('./details.js').Tab} Tab */

/**
 * @typedef {object} State
 * @property {string | undefined} runId
 * @property {string | undefined} partKey
 * @property {Tab} tab
 * @property {string} runFilter
 * @property {string} filter what rows have to hold
 * @property {Map<string, boolean>} toggled rows that were opened or closed
 * @property {boolean} onlyPath
 * @property {boolean} isProblemsOpen
 * @property {string | undefined} zoomKey
 */

/**
 * What the user chose. The run and the row stand in the address, so that a link or a reload shows the same.
 * @param {() => void} onChange
 */
export function createState(onChange) {
  /** @type {State} */
  const state = {
    runId: undefined,
    partKey: undefined,
    tab: 'overview',
    runFilter: '',
    filter: '',
    toggled: new Map(),
    onlyPath: false,
    isProblemsOpen: true,
    zoomKey: undefined,
  };

  /** @param {Partial<State>} changes */
  const change = (changes) => {
    Object.assign(state, changes);
    onChange();
  };

  const read = () => {
    const params = new URLSearchParams(location.hash.slice(1));
    const runId = params.get('run') ?? undefined;
    const isOther = runId !== state.runId;
    change({
      runId,
      partKey: params.get('part') ?? undefined,
      ...(isOther ? { zoomKey: undefined, filter: '', onlyPath: false } : {}),
    });
  };
  window.addEventListener('hashchange', read);
  queueMicrotask(read);

  return {
    state,
    change,
    /** @param {Tab} tab */
    openTab: (tab) => change({ tab }),
    /**
     * A row of a run; the way back leads to another run, not to every row.
     * @param {string | undefined} runId
     * @param {string} key
     */
    select(runId, key) {
      history.replaceState(undefined, '', toHash(runId, key));
      change({ runId, partKey: key });
    },
    /**
     * @param {string} key
     * @param {boolean} isOpen
     */
    toggle(key, isOpen) {
      state.toggled.set(key, isOpen);
      onChange();
    },
    /** @param {string | undefined} key none for the whole run; the same again too */
    zoom: (key) => change({ zoomKey: key === state.zoomKey ? undefined : key }),
    switchPath: () => change({ onlyPath: !state.onlyPath }),
  };
}

/**
 * @param {string | undefined} runId
 * @param {string} [key]
 */
export const toHash = (runId, key) =>
  `#${new URLSearchParams({ ...(runId === undefined ? {} : { run: runId }), ...(key === undefined ? {} : { part: key }) })}`;
