/** The page: one text, which scripts/view-page.mjs has made of view/, and what a browser is told of it. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';

export interface Page {
  text: string;
  headers: Record<string, string>;
}

/** The source of a policy that allows what stands between the tags, and nothing else. */
function hashOf(text: string, tag: string): string {
  const [, content = ''] = new RegExp(`<${tag}>(.*?)</${tag}>`, 's').exec(text) ?? [];
  return `'sha256-${createHash('sha256').update(content).digest('base64')}'`;
}

export function readPage(): Page {
  const text = readFileSync(path.join(__dirname, 'page.html'), 'utf8');
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(text, 'script')}`,
    `style-src ${hashOf(text, 'style')}`,
    'img-src data:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    text,
    headers: { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': policy.join('; ') },
  };
}
