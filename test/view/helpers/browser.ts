/** A real browser: Debian's, which nothing is downloaded for. */
import { strict as assert } from 'node:assert';
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core';

import { describeWithPackages } from '../../helpers/where';

const PATH = '/usr/bin/chromium';

export const describeInBrowser = describeWithPackages({ chromium: PATH });

/** It asks nobody for anything but what a test opens. */
const ALONE = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface Opened {
  page: Page;
  /** What the page, or the browser, had to object to. */
  problems: string[];
  /** All that was asked for. */
  requests: string[];
}

/** Call it in a `describe`: the browser is there while its tests run. Returns what opens a page, with nothing known of others. */
export function browser(): (url: string, options?: BrowserContextOptions) => Promise<Opened> {
  let running: Browser;
  before(async () => {
    running = await chromium.launch({ executablePath: PATH, headless: true, args: ALONE });
  });
  after(async () => {
    await running.close();
  });
  afterEach(async () => {
    await Promise.all(running.contexts().map((context) => context.close()));
  });
  return async (url, options = {}) => {
    const page = await (await running.newContext(options)).newPage();
    const problems: string[] = [];
    const requests: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(url);
    return { page, problems, requests };
  };
}

/** Waits until an element has this text in it. */
export async function says(page: Page, selector: string, text: string | RegExp): Promise<void> {
  await page.locator(selector).filter({ hasText: text }).first().waitFor();
}

/** What a style of the first element, or of what is `::before` it, is, as the browser has worked it out. */
export function styleOf(page: Page, selector: string, name: string, pseudo = ''): Promise<string> {
  const [found, which, property] = [selector, pseudo, name].map((text) => JSON.stringify(text));
  return page.evaluate(`getComputedStyle(document.querySelector(${found}), ${which}).getPropertyValue(${property})`);
}

/** Waits until it has the focus. */
export async function focused(element: Locator): Promise<void> {
  await element.and(element.page().locator(':focus')).waitFor();
}

/** How bright a colour is, 0 to 1: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(color: string): number {
  const parts = [...color.matchAll(/[\d.]+/g)].slice(0, 3).map(([part]) => Number(part) / 255);
  assert.equal(parts.length, 3, color);
  const [red = 0, green = 0, blue = 0] = parts.map((part) =>
    part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** 1 to 21. Text needs 4.5. */
export function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}
