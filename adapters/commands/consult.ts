import { systemClock } from '../../schemas/clock.ts';
import type { Command } from '../../schemas/command.ts';
import type { Withdrawn } from '../consult/close.ts';
import type { Partner } from '../consult/partners.ts';
import { linesTable } from '../consult/words.ts';
import { BY, who } from './employee.ts';
import { allConsultations, findConsultation, oneAt } from './find-consultation.ts';
import { findApi, textOf, WHERE } from './local-api.ts';

export const list: Command = {
  name: 'consult list',
  summary: 'consultations of yours, running ones first',
  options: WHERE,
  example: 'ketenpost consult list --config adapter.yaml',
  async run(_args, options) {
    const api = await findApi(options);
    const raadplegingen = await allConsultations(api);
    const running = raadplegingen.filter(({ staat }) => staat === 'loopt').length;
    return {
      json: { raadplegingen },
      text: `${running} running, ${raadplegingen.length - running} ended`,
      table: linesTable(raadplegingen, systemClock.now()),
    };
  },
};

export const consult: Command = {
  ...list,
  name: 'consult',
  example: 'ketenpost consult --config adapter.yaml',
};

export const close: Command = {
  name: 'consult close <conversation>',
  summary: 'withdraw what was asked from those who have not answered; it is recorded who did',
  options: [
    ['--reden <code>', 'code of redenenIntrekking; anders when absent'],
    ['--toelichting <text>', 'goes to the partners, sealed'],
    BY,
    ...WHERE,
  ],
  example: 'ketenpost consult close 0192f0c1-7d3e-7abc-8def-0123456789ab --config adapter.yaml',
  async run([conversation = ''], options) {
    const api = await findApi(options);
    const [reden, toelichting] = [textOf(options, 'reden'), textOf(options, 'toelichting')];
    const path = oneAt(await findConsultation(api, conversation), '/_sluit');
    const done = await api.post<{ ingetrokken: Withdrawn[] }>(path, {
      medewerker: who(options),
      ...(reden !== undefined && { reden }),
      ...(toelichting !== undefined && { toelichting }),
    });
    const partners = new Set(done.ingetrokken.flatMap(({ van }) => van));
    const known = await api.get<{ partners: Partner[] }>('/v1/partners');
    const names = new Map(known.partners.map(({ oin, naam }) => [oin, naam]));
    const named = [...partners].map((oin) => [names.get(oin), oin].filter(Boolean).join(' '));
    return { json: done, text: `withdrawn from ${named.join(', ')}` };
  },
};
