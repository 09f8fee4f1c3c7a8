/** The local port, the metrics and the log: what an operator sees, and what nobody should. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openLocalPort } from '../../router/health.ts';
import { describeFault, openLog } from '../../router/log.ts';
import { createMetrics, METRICS } from '../../router/metrics.ts';

const metrics = createMetrics();
const port = await openLocalPort({ host: '127.0.0.1', port: 0, metrics });
test.after(port.stop);
const get = async (path: string, method = 'GET') => {
  const answer = await fetch(`${port.url}${path}`, { method });
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
};

test('alive is not ready: ready is when every part says so, and never before one does', async () => {
  assert.is((await get('/healthz')).status, 200);
  assert.is((await get('/readyz')).status, 503);
  let holds = true;
  port.add({ name: 'door', holds: () => holds });
  assert.is((await get('/readyz')).status, 200);
  port.add({ name: 'pipeline', holds: async () => Promise.reject(new Error('no')) });
  const { status, text } = await get('/readyz');
  assert.is(status, 503);
  assert.equal(JSON.parse(text), { ready: false, checks: { door: true, pipeline: false } });
  holds = false;
  assert.is((await get('/healthz')).status, 200);
});

test('there is nothing else', async () => {
  assert.is((await get('/')).status, 404);
  assert.is((await get('/constructor')).status, 404);
  assert.is((await get('/metrics', 'POST')).status, 404);
});

test('every metric of the table is there, under its help text', async () => {
  metrics.observeRequest('GET /v1/openapi.json', 200, 0.01);
  metrics.moveRequests('poll', 1);
  metrics.countLimited('normaal');
  metrics.observeAsk('route', 0.02);
  metrics.countUnanswered('peer');
  metrics.observeStage('verify', 0.001);
  metrics.countMessage('spoed', 'accepted');
  metrics.moveMessages(1);
  metrics.countRefusal('stale');
  metrics.countFault('door');
  metrics.countCrowded('address');
  metrics.countParked('ours');
  metrics.setMailboxes(1, 1, 1);
  metrics.setDeadlines(1);
  metrics.countDeadline('bericht');
  metrics.countAlarm('aanvaard');
  metrics.countPush('given');
  const certificate = { x5t: 'x' as never, name: '', notAfter: 1.5 * 86_400_000 };
  metrics.showCertificates([{ whose: 'own', use: 'tls', certificate }], 0);
  const { text, headers } = await get('/metrics');
  assert.match(headers.get('content-type') ?? '', 'text/plain');
  for (const [name, { kind, help }] of Object.entries(METRICS)) {
    assert.ok(text.includes(`# HELP ${name} ${help}\n# TYPE ${name} ${kind}\n`), name);
    assert.match(text, new RegExp(`^${name}(_count)?({.*})? 1$`, 'm'));
  }
});

test('labels are words of our own: no label could hold an agency, a person or a message', () => {
  const labels = new Set(Object.values(METRICS).flatMap((one): readonly string[] => one.labels));
  const known = [
    ...['route', 'status', 'lane', 'question', 'stage', 'prio', 'verdict', 'code', 'part'],
    ...['why', 'pile', 'kind', 'late', 'outcome', 'whose', 'use'],
  ];
  assert.equal([...labels].sort(), known.sort());
});

test('a log line tells where an error came from, and never what it quotes', () => {
  const lines: string[] = [];
  const log = openLog('info', 'door', { write: (line) => void lines.push(line) });
  const cause = new SyntaxError('Unexpected token in {"bsn":"999990019"}');
  const error = Object.assign(new Error('Jan Jansen', { cause }), { code: 'E_ODD' });
  log.error({ err: error }, 'fault');
  log.error({ err: 'Jan Jansen' }, 'fault');
  const line = JSON.parse(lines[0] ?? '');
  assert.is(line.level, 50);
  assert.match(line.time, /^\d{4}-\d\d-\d\dT.*Z$/);
  assert.is(line.err.code, 'E_ODD');
  assert.is(line.err.cause.name, 'SyntaxError');
  assert.match(line.err.at[0], /health\.test/);
  assert.not.match(lines.join(), /Jansen|999990019/);
  assert.equal(describeFault(undefined), { name: 'undefined' });
});

test.run();
