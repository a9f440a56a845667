/** `slipring init-source`: writes a plugin project. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

import type { Arguments } from '../arguments';
import { print } from '../output';
import { checkName } from './project-name';
import { projectFiles, type Language } from './template';
import { writeProject } from './write-project';

const LANGUAGES = new Map<string, Language>([
  ['c', 'c'],
  ['c++', 'cpp'],
  ['cpp', 'cpp'],
]);

function languageOf(args: Arguments): Language {
  const lang = args.text('lang');
  const language = LANGUAGES.get(lang ?? (args.has('cpp') ? 'c++' : 'c')) as Language;
  if (args.has('cpp') && language !== 'cpp') throw args.wrong(`--cpp and --lang ${lang} contradict each other.`);
  return language;
}

/** The version of slipring, on which the project is to depend. */
function ownVersion(): string {
  const file = path.join(__dirname, '..', '..', '..', 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

/** @throws Failure when nothing was written */
export function initSource(args: Arguments): number {
  const language = languageOf(args);
  const [given, ...more] = args.operands;
  if (given === undefined) throw args.wrong('Name the folder to write the project into.');
  if (more.length > 0) throw args.wrong(`One folder at a time: "${given}" or "${more.join('", "')}".`);

  const folder = path.resolve(given);
  const name = path.basename(folder);
  checkName(name);
  const files = projectFiles(language, { name, version: ownVersion() });
  writeProject(folder, files);
  const where = path.relative(process.cwd(), folder);
  const list = [...files.keys()].map((file) => `  ${path.join(where, file)}\n`).join('');
  const enter = where === '' ? '' : `  cd ${/^[\w./\\-]+$/.test(where) ? where : `"${where}"`}\n`;
  print(`Written:\n${list}\nNext:\n${enter}  npm install\n  npm test\n`);
  return 0;
}
