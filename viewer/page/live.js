// @ts-check

/**
 * What comes in while the page is open.
 * @param {object} on
 * @param {(records: import('../run/record.js').StoredRecord[]) => void} on.records
 * @param {() => void} on.begin the server is another one than before: what it had is gone
 * @param {(isConnected: boolean) => void} on.connection
 */
export function listenToServer({ records, begin, connection }) {
  const source = new EventSource('/events');
  source.addEventListener('begin', ({ data }) => {
    connection(true);
    if (JSON.parse(data).isNew) begin();
  });
  source.addEventListener('message', ({ data }) => records(JSON.parse(data)));
  source.addEventListener('error', () => connection(false));
}
