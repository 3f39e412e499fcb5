/**
 * Takes every mail that the local services send, so that nothing leaves the machine, and shows it: `/` a page,
 * `/messages` JSON (newest first; `?to=` filters, `?limit=`), `/messages/{id}` one with its text and HTML,
 * `/messages/{id}/source` as it came, DELETE `/messages` forgets all. Usage: main.js SMTP-PORT HTTP-PORT FOLDER
 * [HOST]; listens on the loopback interface unless told otherwise
 */
import { createServer } from 'node:http';
import { SMTPServer } from 'smtp-server';
import { Mailbox } from './mailbox.js';
import { indexPage, messagePage } from './pages.js';

const [smtpPort, httpPort, folder, host = '127.0.0.1'] = process.argv.slice(2);
const mailbox = await Mailbox.open(String(folder));

const smtp = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  disableReverseLookup: true,
  size: 26_214_400,
  onAuth: (auth, _session, done) => done(null, { user: auth.username ?? 'anybody' }),
  onData: (stream, session, done) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk) => chunks.push(chunk));
    stream.on('end', () => {
      const recipients = session.envelope.rcptTo.map((address) => address.address);
      mailbox.add(Buffer.concat(chunks), recipients).then((id) => done(null, `kept as ${id}`), done);
    });
  },
});
smtp.on('error', (error) => console.error(error));

const http = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const [, collection, id, part] = url.pathname.split('/');
  const answer = (status: number, type: string, body: string | Buffer) =>
    response.writeHead(status, { 'content-type': type }).end(body);
  const json = (body: unknown, status = 200) => answer(status, 'application/json', JSON.stringify(body));
  if (url.pathname === '/') return answer(200, 'text/html; charset=utf-8', indexPage(mailbox.list({ limit: 200 })));
  if (collection === 'messages' && !id && request.method === 'DELETE')
    return void mailbox.clear().then(() => response.writeHead(204).end());
  if (collection === 'messages' && !id)
    return json(
      mailbox.list({
        to: url.searchParams.get('to') ?? undefined,
        limit: Number(url.searchParams.get('limit') ?? 1_000),
      }),
    );
  const mail = collection === 'messages' || collection === 'mail' ? mailbox.get(String(id)) : undefined;
  if (!mail) return json({ error: 'not found' }, 404);
  if (part === 'source') return answer(200, 'message/rfc822', mailbox.source(mail.id));
  if (collection === 'mail') return answer(200, 'text/html; charset=utf-8', messagePage(mail));
  return json(mail);
});

smtp.listen(Number(smtpPort), host, () => http.listen(Number(httpPort), host, () => console.log('ready')));
process.once('SIGTERM', () => process.exit(0));
