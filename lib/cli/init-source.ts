/** `slipring init-source`: writes a plugin project. */
import path from 'node:path';
import { parseArgs } from 'node:util';

import { usage } from './failure';
import { checkName } from './project-name';
import { projectFiles, type Language } from './template';
import { writeProject } from './write-project';

const COMMAND = 'slipring init-source';
const HELP = `Usage: ${COMMAND} <folder> [options]

Writes a plugin project into a new folder: a source in C or C++, a script that compiles it, the JavaScript that makes a
stream of it, its test and its README. The folder's name becomes the project's.

Options:
  --lang <c|c++>  the language of the source (default: c)
  --cpp           the same as --lang c++
  -h, --help      shows this
`;

const LANGUAGES = new Map<string, Language>([
  ['c', 'c'],
  ['c++', 'cpp'],
  ['cpp', 'cpp'],
]);

function parse(args: string[]): { help: boolean; cpp: boolean; lang: string | undefined; folders: string[] } {
  try {
    const { values, positionals: folders } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        lang: { type: 'string' },
        cpp: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    return { ...values, lang: values.lang, folders };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code?.startsWith('ERR_PARSE_ARGS_')) throw usage(message, COMMAND);
    throw error;
  }
}

function languageOf(lang: string | undefined, cpp: boolean): Language {
  const language = LANGUAGES.get(lang ?? (cpp ? 'c++' : 'c'));
  if (language === undefined) throw usage(`--lang is c or c++, and not "${lang}".`, COMMAND);
  if (cpp && language !== 'cpp') throw usage(`--cpp and --lang ${lang} contradict each other.`, COMMAND);
  return language;
}

/**
 * Does it, and returns what to tell the user. `version` is that of slipring, on which the project is to depend.
 * @throws Failure when nothing was written
 */
export function initSource(args: string[], version: string): string {
  const { help, cpp, lang, folders } = parse(args);
  if (help) return HELP;
  const language = languageOf(lang, cpp);
  const [given, ...more] = folders;
  if (given === undefined) throw usage('Name the folder to write the project into.', COMMAND);
  if (more.length > 0) throw usage(`One folder at a time: "${given}" or "${more.join('", "')}".`, COMMAND);

  const folder = path.resolve(given);
  const name = path.basename(folder);
  checkName(name);
  const files = projectFiles(language, { name, version });
  writeProject(folder, files);
  const where = path.relative(process.cwd(), folder);
  const list = [...files.keys()].map((file) => `  ${path.join(where, file)}\n`).join('');
  const enter = where === '' ? '' : `  cd ${/^[\w./\\-]+$/.test(where) ? where : `"${where}"`}\n`;
  return `Written:\n${list}\nNext:\n${enter}  npm install\n  npm test\n`;
}
