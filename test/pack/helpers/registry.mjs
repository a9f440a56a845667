// A registry of npm packages on the loopback interface, which serves a few tarballs to every package manager.
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const hash = (algorithm, bytes, encoding) => createHash(algorithm).update(bytes).digest(encoding);

/** Long enough ago for the package managers that take nothing new. */
const PUBLISHED = '2020-01-01T00:00:00.000Z';

function manifestOf(tarball) {
  return JSON.parse(execFileSync('tar', ['-xzOf', tarball, 'package/package.json']).toString());
}

/** What the registry says of a package that has one version. */
function packument(manifest, bytes, origin) {
  const { name, version } = manifest;
  const dist = {
    tarball: `${origin}/${name}/-/${name}-${version}.tgz`,
    shasum: hash('sha1', bytes, 'hex'),
    integrity: `sha512-${hash('sha512', bytes, 'base64')}`,
  };
  return {
    name,
    'dist-tags': { latest: version },
    versions: { [version]: { ...manifest, dist } },
    time: { created: PUBLISHED, modified: PUBLISHED, [version]: PUBLISHED },
  };
}

/** Serves the tarballs. Call `close` at the end. */
export async function openRegistry(tarballs) {
  const packages = tarballs.map((file) => ({ manifest: manifestOf(file), bytes: readFileSync(file) }));
  const server = createServer(({ url }, response) => {
    const origin = `http://127.0.0.1:${server.address().port}`;
    const [, name, archive] = /^\/([^/?]+)(\/-\/[^?]+)?/.exec(decodeURIComponent(url)) ?? [];
    const found = packages.find(({ manifest }) => manifest.name === name);
    if (!found) response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":"Not found"}');
    else if (archive) response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(found.bytes);
    else {
      const body = JSON.stringify(packument(found.manifest, found.bytes, origin));
      response.writeHead(200, { 'content-type': 'application/json' }).end(body);
    }
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}
