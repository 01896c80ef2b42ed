import * as http from 'node:http';
import * as https from 'node:https';
import { isIPv6 } from 'node:net';
import * as tls from 'node:tls';
import { directTransport, KEPT } from './direct.js';
import { createTransport, toAddress, type Transport } from './transport.js';

/**
 * Through a proxy for each scheme, but directly to the hosts in `except`, all as in environment variables; throws on a
 * proxy that is no URL.
 */
export function proxyTransport(proxies: { http: string; https: string; except: string }): Transport {
  const direct = directTransport();
  const plain = proxies.http ? forwarded(toProxy(proxies.http)) : direct;
  const secure = tunnelled(toProxy(proxies.https || proxies.http));
  return {
    send: (outgoing) => {
      const { url } = outgoing;
      const through = url.protocol === 'https:' ? secure : plain;
      return (isExcept(url, proxies.except) ? direct : through).send(outgoing);
    },
    close: () => [direct, plain, secure].forEach(({ close }) => close()),
  };
}

interface Proxy {
  url: string;
  request: typeof http.request;
  /** With user and password, where the URL has them. */
  headers: Record<string, string>;
}

function toProxy(text: string): Proxy {
  const { protocol, origin, username, password } = new URL(text);
  if (!/^https?:$/.test(protocol)) throw new Error('its URL is neither http nor https');
  const user = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
  return {
    url: origin,
    request: protocol === 'https:' ? https.request : http.request,
    headers: username ? { 'proxy-authorization': `Basic ${user}` } : {},
  };
}

/** Plain http goes to a proxy in the absolute form, as curl does it; many proxies refuse to tunnel to port 80. */
function forwarded(proxy: Proxy): Transport {
  const agent = new (proxy.request === https.request ? https : http).Agent(KEPT);
  const { send, close } = createTransport(
    ({ url, headers }) => ({
      request: proxy.request,
      agent,
      url: proxy.url,
      options: { path: toAddress(url), headers: { ...headers, host: url.host, ...proxy.headers } },
    }),
    [agent],
  );
  return {
    send: async (outgoing) => {
      const answer = await send(outgoing);
      if (answer.status === 407) throw toRefusal(407);
      return answer;
    },
    close,
  };
}

/** https goes through a tunnel that the proxy is asked for (RFC 9110, 9.3.6). */
function tunnelled({ url, request, headers }: Proxy): Transport {
  const open = new Set<http.ClientRequest>();
  const createConnection = (
    options: https.RequestOptions,
    done: (error: Error | null, socket?: tls.TLSSocket) => void,
  ): void => {
    const host = `${options.host?.includes(':') ? `[${options.host}]` : options.host}:${options.port}`;
    const asked = request(url, { method: 'CONNECT', path: host, headers: { ...headers, host }, agent: false });
    open.add(asked);
    asked
      .on('connect', ({ statusCode = 0 }, socket) => {
        if (statusCode === 200) return done(null, tls.connect({ ...(options as tls.ConnectionOptions), socket }));
        socket.destroy();
        done(toRefusal(statusCode));
      })
      .on('error', done)
      .on('close', () => open.delete(asked))
      .end();
  };
  const agent = Object.assign(new https.Agent(KEPT), { createConnection });
  const transport = createTransport(({ url }) => ({ request: https.request, agent, url: toAddress(url) }), [agent]);
  return {
    ...transport,
    close: () => {
      transport.close();
      open.forEach((asked) => asked.destroy());
    },
  };
}

function toRefusal(status: number): Error {
  return new Error(`the proxy answered ${status}${status === 407 ? ', it wants another user or password' : ''}`);
}

/** As curl reads `NO_PROXY`: a name is also of all below it, a port narrows it, `*` is every host. */
function isExcept({ protocol, hostname, port }: URL, except: string): boolean {
  const own = port || (protocol === 'https:' ? '443' : '80');
  return except.split(/[\s,]+/).some((entry) => {
    const host = isIPv6(entry) ? `[${entry}]` : entry.toLowerCase();
    const [, name = '', only = own] = /^(?:\*?\.)?(.*?)(?::(\d+))?$/.exec(host) ?? [];
    return entry === '*' || (name !== '' && only === own && (hostname === name || hostname.endsWith(`.${name}`)));
  });
}
