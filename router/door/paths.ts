/** Paths as OpenAPI writes them, as Fastify wants them, and whether an address fits one. */
import { ROOT, type Route } from './route.ts';

/** `/berichten/{jti}` as `/v1/berichten/:jti`. */
export const toPattern = (path: string): string =>
  ROOT + path.replaceAll(/\{(\w+)\}/g, (_, name: string) => `:${name}`);

const toRegExp = (path: string): RegExp =>
  new RegExp(`^${ROOT}${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`);

/** The methods that the path of this URL does take; empty when there is no such path. */
export function methodsOf(routes: readonly Route[], url: string): string[] {
  const [path = ''] = url.split('?');
  return routes.filter((route) => toRegExp(route.path).test(path)).map(({ method }) => method);
}
