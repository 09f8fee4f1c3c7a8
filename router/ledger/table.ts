/** The events of the ledger as the table in docs/ledger.md, which a test holds equal to this. */
import { EVENTS } from './events.ts';

export function eventsTable(): string {
  const rows = Object.entries(EVENTS).map(([kind, { means, fields }]) => {
    const names = Object.entries(fields).map(([name, field]) =>
      field.endsWith('?') ? `\`${name}?\` ${field.slice(0, -1)}` : `\`${name}\` ${field}`,
    );
    return `| \`${kind}\` | ${means} | ${names.join(', ')} |`;
  });
  return ['| kind | means | fields |', '|---|---|---|', ...rows].join('\n');
}
