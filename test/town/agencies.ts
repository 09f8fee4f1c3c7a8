/** The made-up agencies of the town. OINs have the test prefix 00000099; nobody real is meant. */
import type { Registratie } from '../../schemas/generated/wire.ts';
import { type Oin, parseOin } from '../../schemas/ids.ts';

export interface TownAgency {
  readonly oin: Oin;
  readonly naam: string;
  /** As a table calls it. */
  readonly kort: string;
  readonly rollen: readonly string[];
  readonly werkgebied?: Registratie['werkgebied'];
  readonly abonnementen?: Registratie['abonnementen'];
  /** Made up: nobody answers. */
  readonly telefoon?: string;
  readonly openingstijden?: Registratie['openingstijden'];
}

export const OPERATOR: TownAgency = {
  oin: parseOin('00000099000000001000'),
  naam: 'Ketenpost (beheerder van de router)',
  kort: 'router',
  rollen: ['router'],
};

/** Signs the register; an agency of its own, so that the operator cannot register anybody. */
export const REGISTRAR: TownAgency = {
  oin: parseOin('00000099000000002000'),
  naam: 'Registrar van de keten',
  kort: 'registrar',
  rollen: [],
};

const WEEK = ['ma', 'di', 'wo', 'do', 'vr', 'za', 'zo'] as const;

export const AGENCIES = {
  politie: {
    oin: parseOin('00000099000000010000'),
    naam: 'Politie eenheid Oost-Brabant',
    kort: 'Politie OB',
    telefoon: '088-00000001',
    rollen: ['politie'],
    werkgebied: { politieEenheid: 'Oost-Brabant' },
  },
  politieZwb: {
    oin: parseOin('00000099000000011000'),
    naam: 'Politie eenheid Zeeland-West-Brabant',
    kort: 'Politie ZWB',
    telefoon: '088-00000002',
    rollen: ['politie'],
    werkgebied: { politieEenheid: 'Zeeland-West-Brabant' },
  },
  vt: {
    oin: parseOin('00000099000000020000'),
    naam: 'Veilig Thuis Midden-Brabant',
    kort: 'VT MB',
    telefoon: '088-00000003',
    openingstijden: [{ dagen: [...WEEK, 'feestdag'], van: '00:00', tot: '24:00' }],
    rollen: ['vt'],
    werkgebied: { vtRegio: 'VT15' },
  },
  halt: {
    oin: parseOin('00000099000000030000'),
    naam: 'Halt',
    kort: 'Halt',
    telefoon: '088-00000004',
    rollen: ['halt'],
  },
  om: {
    oin: parseOin('00000099000000040000'),
    naam: 'Arrondissementsparket Oost-Brabant (ZSM)',
    kort: 'ZSM OB',
    telefoon: '088-00000005',
    rollen: ['om'],
    werkgebied: { arrondissement: 'Oost-Brabant', parket: 'Oost-Brabant' },
  },
  reclassering: {
    oin: parseOin('00000099000000050000'),
    naam: 'Reclassering',
    kort: 'Reclassering',
    telefoon: '088-00000006',
    openingstijden: [
      { dagen: ['ma', 'di', 'wo', 'do', 'vr'], van: '08:30', tot: '22:00' },
      { dagen: ['za', 'zo'], van: '09:00', tot: '17:00' },
    ],
    rollen: ['reclassering'],
  },
  rvdk: {
    oin: parseOin('00000099000000060000'),
    naam: 'Raad voor de Kinderbescherming',
    kort: 'RvdK',
    telefoon: '088-00000007',
    rollen: ['rvdk'],
    abonnementen: [{ berichttype: 'zaak-gebeurtenis', grondslag: 'wmo-4.1.1.2.e' }],
  },
} as const satisfies Record<string, TownAgency>;

export type AgencyName = keyof typeof AGENCIES;
export const AGENCY_NAMES = Object.keys(AGENCIES) as AgencyName[];

/** The six that the demo runs; the seventh is there for tests. */
export const SIX: readonly AgencyName[] = AGENCY_NAMES.filter((name) => name !== 'politieZwb');
