/**
 * The files of a project, made from those in templates/init-source: `common`, and a folder for each language.
 *
 * The template is a project called my-source. Its name, and the words that begin with THE_, are replaced.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { pascalCase } from './project-name';

export type Language = 'c' | 'cpp';

const templates = path.join(__dirname, '..', '..', '..', 'templates', 'init-source');

/** npm packs no .gitignore, and tools take every package.json for that of a package. */
const NAMES = new Map([
  ['gitignore.template', '.gitignore'],
  ['package.template.json', 'package.json'],
]);

/** What differs from language to language. */
const LANGUAGE_WORDS = {
  c: {
    THE_LANGUAGE: 'C',
    THE_STANDARD: 'gnu11',
    THE_COMPILER: 'cc',
    THE_COMPILER_VARIABLE: 'CC',
    THE_FLAGS_VARIABLE: 'CFLAGS',
    THE_COMPILER_PACKAGE: 'gcc',
  },
  cpp: {
    THE_LANGUAGE: 'C++',
    THE_STANDARD: 'c++17',
    THE_COMPILER: 'c++',
    THE_COMPILER_VARIABLE: 'CXX',
    THE_FLAGS_VARIABLE: 'CXXFLAGS',
    THE_COMPILER_PACKAGE: 'g++',
  },
};

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
}

/** Every file of the project, by its path in the project's folder, sorted: the text to write. */
export function projectFiles(language: Language, project: { name: string; version: string }): Map<string, string> {
  const words: Record<string, string> = {
    ...LANGUAGE_WORDS[language],
    THE_SLIPRING_VERSION: project.version,
    THE_SOURCE: `src/${project.name}${language === 'c' ? '.c' : '.cc'}`,
    'my-source': project.name,
    MySource: pascalCase(project.name),
  };
  const fill = (text: string): string =>
    text.replace(/THE_[A-Z_]+|my-source|MySource/g, (word) => {
      const value = words[word];
      if (value === undefined) throw new Error(`A template says ${word}, which means nothing.`);
      return value;
    });
  const files = ['common', language].flatMap((part) => {
    const folder = path.join(templates, part);
    return filesIn(folder).map((file): [string, string] => [
      NAMES.get(file) ?? fill(file),
      fill(readFileSync(path.join(folder, file), 'utf8')),
    ]);
  });
  return new Map(files.sort(([a], [b]) => (a < b ? -1 : 1)));
}
