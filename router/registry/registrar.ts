import { readFile } from 'node:fs/promises';
import { type Certificate, readCertificate } from '../../certs/certificate.ts';
import { CommandError } from '../../schemas/command.ts';
import type { RegistrarConfig } from '../config.ts';

/** The pinned certificates of whoever signs the register. @throws CommandError */
export async function readRegistrar({
  oin,
  certificates,
}: RegistrarConfig): Promise<Certificate[]> {
  return Promise.all(
    certificates.map(async (file) => {
      const certificate = await readFile(file, 'utf8')
        .then(readCertificate)
        .catch(() => undefined);
      if (certificate?.oin === oin) return certificate;
      throw new CommandError(
        'usage',
        `${file} holds no certificate of registrar ${oin}`,
        'Name PEM files with certificates for authenticity of the registrar.',
      );
    }),
  );
}
