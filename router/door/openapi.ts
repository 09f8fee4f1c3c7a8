/**
 * The interface of the door as an OpenAPI 3.1 document, by the NLGov REST API Design Rules 2.2.
 * Bodies are the wire schemas; what can go wrong comes from the table of codes.
 */
import { API_VERSION } from './headers.ts';
import { PATHS } from './openapi/paths.ts';
import { RESPONSE_HEADERS, SCHEMAS } from './openapi/schemas.ts';
import { WEBHOOKS } from './openapi/webhooks.ts';
import { ROOT } from './route.ts';

const DESCRIPTION = `Ketenpost carries signed messages between agencies in the youth-protection and criminal-justice chain.
An agency signs a message, seals it for the router and submits it here; it collects its own mailbox here, too.
The door sees ciphertext only. Every answer that is not a success is a problem (RFC 9457) with a \`code\`.`;

export const openApi = () => ({
  openapi: '3.1.0',
  info: {
    title: 'Ketenpost',
    version: API_VERSION,
    description: DESCRIPTION,
    contact: {
      name: 'Beheer Ketenpost',
      url: 'https://ketenpost.example/beheer',
      email: 'beheer@ketenpost.example',
    },
    license: { name: 'EUPL-1.2', identifier: 'EUPL-1.2' },
  },
  servers: [{ url: ROOT, description: 'This door' }],
  security: [{ clientCertificate: [] }],
  tags: [
    { name: 'berichten', description: 'Submit a message and follow it' },
    { name: 'postbus', description: 'Collect and acknowledge' },
    { name: 'klokken', description: 'Statutory clocks of your own' },
    { name: 'abonnementen', description: 'Case updates that you want to be told of' },
    { name: 'register', description: 'Who takes part, and with which certificates' },
    { name: 'openbaar', description: 'For anybody: the interface and the message types' },
  ],
  paths: PATHS,
  webhooks: WEBHOOKS,
  components: {
    schemas: SCHEMAS,
    headers: RESPONSE_HEADERS,
    securitySchemes: {
      clientCertificate: {
        type: 'mutualTLS',
        description:
          'The TLS certificate (PKIoverheid, OIN in subject.serialNumber) that the register lists for the agency',
      },
      collectionTicket: {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'compact JWS, typ ketenpost-ophaalbewijs+jwt',
        description:
          'A collection ticket of your own mailbox, as `bewijs` of `_ophalen`: good for ten minutes at most',
      },
    },
  },
});
