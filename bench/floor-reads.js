// What any JavaScript action has to pay for at least that reads the server's API before it sends: the GETs, one after the other, and the POST.
// @ts-check
import { readFileSync } from 'node:fs';
import { request } from 'node:http';

const [url = '', file = '', ...reads] = process.argv.slice(2);
const body = readFileSync(file);
const headers = {
  'content-type': 'application/json',
  'dd-api-key': process.env['DD_API_KEY'] ?? '',
  'content-length': body.length,
};
for (const read of reads) {
  await new Promise((resolve, reject) => {
    request(read, { headers: { authorization: 'token t0ken-for-api' } }, async (answer) => {
      let text = '';
      for await (const chunk of answer.setEncoding('utf8')) text += chunk;
      resolve(JSON.parse(text));
    })
      .on('error', reject)
      .end();
  });
}
request(url, { method: 'POST', headers }, (answer) => answer.resume()).end(body);
