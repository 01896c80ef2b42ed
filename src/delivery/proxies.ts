// A few files of undici instead of its index: that would load fetch, WebSocket and caches too, 40 ms more.
import connect from 'undici/lib/api/api-connect.js';
import requestOf from 'undici/lib/api/api-request.js';
import Dispatcher from 'undici/lib/dispatcher/dispatcher.js';
import EnvHttpProxyAgent from 'undici/lib/dispatcher/env-http-proxy-agent.js';
import type { Transport } from './transport.js';

// As undici's index does; proxies tunnel with it.
Dispatcher.prototype.connect = connect;

/**
 * Through a proxy for each scheme, but directly to the hosts in `except`; all as environment variables have them.
 * Throws on one that is no URL.
 */
export function proxyTransport(proxies: { http: string; https: string; except: string }): Transport {
  const agent = new EnvHttpProxyAgent({
    httpProxy: proxies.http,
    httpsProxy: proxies.https,
    noProxy: proxies.except,
    // Plain http goes to a proxy in the absolute form, as curl does it; many proxies refuse to tunnel to port 80.
    proxyTunnel: false,
  });
  return {
    send: async (request) => {
      // The signal is the one limit.
      const { statusCode, headers, body } = await requestOf.call(agent, {
        ...request,
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      return { status: statusCode, headers, body };
    },
    close: () => agent.destroy(),
  };
}
