/**
 * Preloaded into the processes of the path (`NODE_OPTIONS=--import …`): SIGUSR2 begins a CPU profile
 * of the main thread, a second one ends it and writes it. Node 20 does not take --cpu-prof from
 * NODE_OPTIONS, and would profile the start and the end of the process too.
 */
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { join } from 'node:path';

const folder = process.env['KETENPOST_PROFILES'];
const MICROSECONDS = 500;

if (folder !== undefined) {
  const session = new Session();
  session.connect();
  let running = false;
  process.on('SIGUSR2', () => {
    if (running) stop(session, join(folder, `${process.pid}.cpuprofile`));
    else start(session);
    running = !running;
  });
}

function start(session: Session): void {
  session.post('Profiler.enable');
  session.post('Profiler.setSamplingInterval', { interval: MICROSECONDS });
  session.post('Profiler.start');
}

function stop(session: Session, file: string): void {
  session.post('Profiler.stop', (error, result) => {
    if (error === null) writeFileSync(file, JSON.stringify(result.profile));
  });
}
