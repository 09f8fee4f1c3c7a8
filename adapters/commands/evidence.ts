import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from '../../schemas/command.ts';
import { findApi, type LocalApi, textOf, WHERE } from './local-api.ts';

interface Piece {
  readonly digest: string;
  readonly soort: string;
  readonly op: string;
  readonly code: string;
  readonly afzender?: string;
  readonly bericht?: string;
}

export const evidence: Command = {
  name: 'adapter evidence',
  summary: 'what came in, was refused, and is kept as proof of what somebody sent',
  options: [
    ['--out <folder>', 'write each piece there, byte for byte as it came: <digest>.txt'],
    ...WHERE,
  ],
  example: 'ketenpost adapter evidence --config adapter.yaml',
  async run(_args, options) {
    const api = await findApi(options);
    const found = await api.get<{ bewijzen: Piece[] }>('/v1/bewijzen?aantal=200');
    const out = textOf(options, 'out');
    if (out !== undefined) await writePieces(api, found.bewijzen, out);
    const many = found.bewijzen.length;
    return {
      json: found,
      text: out === undefined ? `${many} pieces, the newest first` : `${many} written to ${out}`,
      table: {
        head: ['came', 'kind', 'refused with', 'sender', 'message', 'digest'],
        rows: found.bewijzen.map((one) => [
          ...[one.op, one.soort, one.code, one.afzender ?? '', one.bericht ?? '', one.digest],
        ]),
      },
    };
  },
};

async function writePieces(api: LocalApi, pieces: readonly Piece[], folder: string): Promise<void> {
  for (const { digest } of pieces) {
    const { stuk } = await api.get<{ stuk: string }>(`/v1/bewijzen/${digest}`);
    writeFileSync(join(folder, `${digest}.txt`), stuk, { mode: 0o600 });
  }
}
