/**
 * What is shot at: a broker, a pipeline and a door in a process of their own. Says where it is, and
 * on each line of its standard input how it is.
 */
import { createInterface } from 'node:readline';
import { openFortress } from '../attack/fortress.ts';
import { AGENCIES, OPERATOR } from '../town/agencies.ts';

export interface TargetPlace {
  readonly url: string;
  readonly port: number;
  readonly authorities: readonly string[];
  readonly police: object;
  readonly router: readonly string[];
  readonly crl: string;
}
export interface TargetState {
  readonly rss: number;
  readonly heap: number;
  readonly faults: number;
}

const many = { perSecond: 1_000_000, burst: 1_000_000 };
const fortress = await openFortress({
  door: {
    limits: {
      normal: many,
      urgent: many,
      other: many,
      handshakes: many,
      connectionsPerAddress: 1000,
    },
    times: { headersSeconds: 2, requestSeconds: 5 },
  },
});
const { house } = fortress;
const say = (value: TargetPlace | TargetState) =>
  process.stdout.write(`${JSON.stringify(value)}\n`);

let faults = 0;
const FAULT = /"msg":"(fault|message failed|question failed|receipt failed|parking failed)"/;
/** What was said is looked at and forgotten: a test keeps its lines, and this one runs for long. */
function lookAtLogs(): void {
  for (const line of fortress.log.splice(0)) if (FAULT.test(line)) tell(line);
  for (const line of house.lines.splice(0).map((one) => JSON.stringify(one)))
    if (FAULT.test(line)) tell(line);
}
function tell(line: string): void {
  faults += 1;
  process.stderr.write(`${line}\n`);
}
const timer = setInterval(lookAtLogs, 500);

say({
  url: fortress.door.url,
  port: fortress.door.port,
  authorities: fortress.authorities,
  police: house.keys.identity(AGENCIES.politie.oin),
  router: house.keys.certificates(OPERATOR.oin, 'vertrouwelijkheid'),
  crl: house.keys.authority.trust.crls[0] ?? '',
});
for await (const line of createInterface(process.stdin)) {
  if (line === 'stop') break;
  lookAtLogs();
  const { rss, heapUsed: heap } = process.memoryUsage();
  say({ rss, heap, faults });
}
clearInterval(timer);
await fortress.stop();
process.exit(0);
