/** A process that runs a broker and says its pid, to be killed by a test: `run-broker.js <dir>`. */
import { startServer } from '../../../router/bus/server.ts';

const { pid, ended } = await startServer(process.argv[2] ?? '');
process.stdout.write(`${pid}\n`);
await ended;
