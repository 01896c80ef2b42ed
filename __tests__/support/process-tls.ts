import { generateKeyPairSync, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { createServer } from 'node:tls';

export interface TlsFront {
  /** https on localhost, by name, as certificates and proxies want it. */
  url: string;
  /** File for NODE_EXTRA_CA_CERTS. */
  certificate: string;
  close(): Promise<void>;
}

/** A server for https that passes everything on to one for http; its certificate goes into `folder`. */
export async function startTlsFront(target: string, folder: string): Promise<TlsFront> {
  const { key, cert } = createCertificate('localhost');
  const sockets = new Set<Socket>();
  const server = createServer({ key, cert }, (client) => {
    const inner = connect(Number(new URL(target).port), '127.0.0.1');
    for (const socket of [client, inner]) sockets.add(socket.on('error', () => undefined));
    client.pipe(inner).pipe(client);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const certificate = join(folder, 'certificate.pem');
  writeFileSync(certificate, cert);
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    certificate,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** A self-signed certificate (X.509, RFC 5280) and its key, made anew each time: none has to be kept, and none expires. */
function createCertificate(host: string): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const algorithm = der(0x30, oid('2a8648ce3d040302'));
  const name = der(0x30, der(0x31, der(0x30, oid('550403'), der(0x0c, Buffer.from(host)))));
  const time = (days: number): Buffer => {
    const digits = new Date(Date.now() + days * 86_400_000).toISOString().replace(/\D/g, '');
    return der(0x18, Buffer.from(`${digits.slice(0, 14)}Z`));
  };
  const alternativeName = der(0x30, oid('551d11'), der(0x04, der(0x30, der(0x82, Buffer.from(host)))));
  const body = der(
    0x30,
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    algorithm,
    name,
    der(0x30, time(-1), time(1)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(0x30, alternativeName)),
  );
  const signature = sign('sha256', body, privateKey);
  const whole = der(0x30, body, algorithm, der(0x03, Buffer.from([0]), signature));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
  };
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'));
}

/** One element of DER: its tag, its length in as many bytes as it takes, its parts. */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
}
