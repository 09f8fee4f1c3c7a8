import { readCertificate } from '../../certs/certificate.ts';
import { USES } from '../../certs/profile.ts';
import { BadEndpoint, readTarget } from '../../certs/reach/target.ts';
import { whyUnsuitable } from '../../certs/suit.ts';
import type { TrustStore } from '../../certs/truststore.ts';
import type { Registratiecertificaat } from '../../schemas/generated/wire.ts';
import { messageTypes } from '../../schemas/messages.ts';
import { isGrondslag, isRole } from '../../schemas/policy.ts';
import { vtRegion } from '../../schemas/reference.ts';
import { Refusal } from '../../schemas/refusal.ts';
import type { Draft } from './agency-file.ts';

/** Something about an entry that its reader should know. */
export interface Finding {
  readonly oin: string;
  /** With this the entry is not registered. */
  readonly grave: boolean;
  readonly text: string;
}

/** Looks at what is about to be signed as the pipeline will: what could never work is grave. */
export function examine(drafts: readonly Draft[], trust: TrustStore, now: number): Finding[] {
  const known = new Set<string>(drafts.map(({ oin }) => oin));
  return drafts.flatMap((draft) => {
    const grave = (text: string) => ({ oin: draft.oin, grave: true, text });
    const warn = (text: string) => ({ oin: draft.oin, grave: false, text });
    const without = (use: string) =>
      !draft.certificaten.some(({ gebruik, der }) => gebruik === use && isValid(der, now));
    const region = draft.werkgebied?.vtRegio;
    return [
      ...draft.rollen.filter((role) => !isRole(role)).map((role) => grave(`no role ${role}`)),
      ...(region !== undefined && !vtRegion(region) ? [grave(`no VT region ${region}`)] : []),
      ...whyNotBrought(draft.bezorgadres).map((why) => grave(`bezorgadres: ${why}`)),
      ...whyNotBrought(dataAddressOf(draft)).map((why) => grave(`gegevensadres: ${why}`)),
      ...draft.mandaten
        .filter((oin) => !known.has(oin))
        .map((oin) => warn(`mandate of ${oin}, who is not registered`)),
      ...draft.abonnementen
        .filter(isOdd)
        .map((one) => grave(`no subscription to ${one.berichttype} on the basis ${one.grondslag}`)),
      ...draft.certificaten.flatMap((one) => examineCertificate(draft, one, trust, now)),
      ...USES.filter(without).map((use) => warn(`no certificate for ${use} is valid now`)),
    ];
  });
}

/** What an endpoint can never be; where its name leads to is seen at each connection. */
function whyNotBrought(endpoint: Draft['bezorgadres']): string[] {
  try {
    if (endpoint !== undefined) readTarget(endpoint.url, endpoint.intern === true);
    return [];
  } catch (error) {
    if (error instanceof BadEndpoint) return [error.message];
    throw error;
  }
}

/** Whether its host is inside is for each who fetches there to say. */
const dataAddressOf = ({ gegevensadres: url }: Draft): Draft['bezorgadres'] =>
  url === undefined ? undefined : { url, intern: true };

const isOdd = ({ berichttype, grondslag }: Draft['abonnementen'][number]): boolean =>
  !isGrondslag(grondslag) || !messageTypes().some(({ type }) => type === berichttype);

function isValid(der: string, now: number): boolean {
  const { notBefore, notAfter } = readCertificate(Buffer.from(der, 'base64'));
  return notBefore <= now && now <= notAfter;
}

/** Old certificates may be past their dates: what they signed must stay verifiable. */
function examineCertificate(
  { oin }: Draft,
  { gebruik, der, x5t }: Registratiecertificaat,
  trust: TrustStore,
  now: number,
): Finding[] {
  const certificate = readCertificate(Buffer.from(der, 'base64'));
  const name = `certificate ${x5t.slice(0, 12)} for ${gebruik}`;
  if (certificate.oin !== oin) return [{ oin, grave: true, text: `${name} is of another OIN` }];
  const reason = whyUnsuitable(certificate, gebruik);
  if (reason !== undefined) return [{ oin, grave: true, text: `${name}: ${reason}` }];
  try {
    trust.judge(certificate, { use: gebruik, at: now, now });
    return [];
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const passes = ['certificate-expired', 'certificate-revoked', 'revocation-unknown'];
    const text = `${name}: ${error.message.replace(/\.$/, '')}`;
    return [{ oin, grave: !passes.includes(error.code), text }];
  }
}
