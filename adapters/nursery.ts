/**
 * Keeps the process small. V8 lets the space for young objects grow to 48 MB under load, most of it
 * air: an adapter keeps little for long. Held at 4 MB a half it costs some percent of time and saves
 * some thirty megabytes, in each of the many adapters that a supplier may run.
 */
import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

const ENOUGH = 4 * 1024 * 1024;

const grow = (factor: number): void => setFlagsFromString(`--semi-space-growth-factor=${factor}`);

const size = (): number =>
  getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ??
  ENOUGH;

/**
 * Holds the space at what it is; to be called before anything large is loaded.
 * @returns lets it grow to what is enough for work
 */
export function holdNursery(): () => void {
  grow(1);
  return () => {
    if (size() >= ENOUGH) return;
    grow(2);
    const observer = new PerformanceObserver(() => {
      if (size() < ENOUGH) return;
      grow(1);
      observer.disconnect();
    });
    observer.observe({ entryTypes: ['gc'] });
  };
}
