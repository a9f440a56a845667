/** Which copy of slipring a project uses. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

import { Failure } from '../failure';

/** What Yarn's Plug'n'Play puts beside a project instead of a node_modules. */
interface PnpApi {
  resolveToUnqualified(request: string, issuer: string): string | null;
}

function findUp(name: string, folder: string): string | undefined {
  const file = path.join(folder, name);
  if (existsSync(file)) return file;
  const parent = path.dirname(folder);
  return parent === folder ? undefined : findUp(name, parent);
}

function byPlugAndPlay(file: string, folder: string): string | undefined {
  const pnp = createRequire(file)(file) as PnpApi;
  let copy: string | null;
  try {
    copy = pnp.resolveToUnqualified('slipring', path.join(folder, path.sep));
  } catch {
    return undefined; // it does not depend on slipring
  }
  if (copy?.includes('.zip')) {
    throw new Failure(
      `slipring lies in an archive, ${copy}, where nothing can be compiled. Add to package.json, and run yarn install:\n` +
        '  "dependenciesMeta": { "slipring": { "unplugged": true } }',
    );
  }
  return copy ?? undefined;
}

/** The folder of the slipring that the project in `folder` uses; undefined when it uses none. */
export function copyOf(folder: string): string | undefined {
  const pnp = findUp('.pnp.cjs', folder);
  if (pnp !== undefined) return byPlugAndPlay(pnp, folder);
  try {
    return path.dirname(createRequire(path.join(folder, 'package.json')).resolve('slipring/package.json'));
  } catch {
    return undefined;
  }
}
