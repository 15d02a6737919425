import { accessSync, constants, mkdirSync } from 'node:fs';
import path from 'node:path';
import { type BrowserContextOptions, chromium, type Page } from 'playwright-core';

export interface PageCheck {
  /** Where the product listens, such as `http://127.0.0.1:9090`. */
  origin: string;
  /** Folder for a screenshot of every page in every look. */
  screenshotsTo?: string;
  /** How long a page may take until it shows real data, in milliseconds. */
  patienceMs?: number;
}

interface Stop {
  name: string;
  address: string;
  /** What has to be there before the page counts as alive: selectors that only real data bring about. */
  signals: readonly string[];
}

const ready = (panel: string) => `[data-panel="${panel}"][data-state="ready"]`;

const stops: readonly Stop[] = [
  {
    name: 'overview',
    address: '/',
    signals: ['versions', 'traffic', 'errors', 'latency', 'queue'].map(ready),
  },
  { name: 'targets', address: '/targets', signals: ['[data-panel^="pool-"][data-state="ready"]'] },
  { name: 'rules', address: '/alerts', signals: ['[data-panel^="group-"][data-state="ready"]'] },
  {
    name: 'notifications',
    address: '/alerts?tab=notifications',
    signals: [`${ready('notified-group')}, .empty`],
  },
  { name: 'silences', address: '/alerts?tab=silences', signals: [`${ready('silences')}, .empty`] },
  { name: 'silence-form', address: '/alerts?tab=silences&silence={}', signals: [ready('silence-form')] },
  { name: 'history', address: '/history', signals: [ready('history')] },
  { name: 'explore-graph', address: '/explore?query=up', signals: [`${ready('result')} canvas`] },
  { name: 'explore-table', address: '/graph?g0.expr=up&g0.tab=1', signals: [`${ready('result')} table`] },
];

const looks: readonly [name: string, options: BrowserContextOptions][] = [
  ['wide-light-en', { viewport: { width: 1440, height: 900 }, colorScheme: 'light', locale: 'en-US' }],
  ['wide-dark-zh', { viewport: { width: 1440, height: 900 }, colorScheme: 'dark', locale: 'zh-CN' }],
  [
    'phone-light-zh',
    { viewport: { width: 390, height: 844 }, colorScheme: 'light', locale: 'zh-CN', isMobile: true },
  ],
  [
    'phone-dark-en',
    { viewport: { width: 390, height: 844 }, colorScheme: 'dark', locale: 'en-US', isMobile: true },
  ],
];

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The Chromium on PATH, undefined where there is none: callers skip with a line that says so. */
export function findChromium(): string | undefined {
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  return names.flatMap((name) => folders.map((folder) => path.join(folder, name))).find(isExecutable);
}

/**
 * Opens every page of a running product in headless Chromium, in every look, and waits until it shows real data.
 * @throws Error that lists every page that stayed empty, every console message that is a warning or an error, every
 * answer of 400 and above, every request to another origin, and every page wider than its screen.
 */
export async function checkPage({ origin, screenshotsTo, patienceMs = 30_000 }: PageCheck): Promise<void> {
  const executablePath = findChromium();
  if (!executablePath)
    throw new Error('cannot check the page: no Chromium on PATH (apt-get install chromium)');
  if (screenshotsTo) mkdirSync(screenshotsTo, { recursive: true });
  const browser = await chromium.launch({ executablePath, args: quiet });
  const faults: string[] = [];
  try {
    for (const [look, options] of looks) {
      const context = await browser.newContext(options);
      const page = await context.newPage();
      let at = look;
      listen(page, origin, (fault) => faults.push(`${at}: ${fault}`));
      for (const stop of stops) {
        at = `${stop.name} (${look})`;
        faults.push(...(await visit(page, origin, stop, patienceMs)).map((fault) => `${at}: ${fault}`));
        if (screenshotsTo) {
          await page.screenshot({
            path: path.join(screenshotsTo, `${stop.name}-${look}.png`),
            fullPage: true,
          });
        }
      }
      await context.close();
    }
  } finally {
    await browser.close();
  }
  if (faults.length > 0) throw new Error(`cannot pass the page:\n${faults.join('\n')}`);
}

async function visit(page: Page, origin: string, stop: Stop, patienceMs: number): Promise<string[]> {
  const faults: string[] = [];
  await page.goto(new URL(stop.address, origin).href);
  for (const signal of stop.signals) {
    const came = await page
      .locator(signal)
      .first()
      .waitFor({ timeout: patienceMs })
      .then(() => true)
      .catch(() => false);
    if (!came) faults.push(`${signal} did not come; the page says: ${await textOf(page)}`);
  }
  // Not innerWidth: a phone's layout grows with what is too wide for it.
  const width = Number(await page.evaluate('document.documentElement.scrollWidth'));
  const screen = page.viewportSize()!.width;
  if (width > screen) faults.push(`the page is ${width} px wide on a screen of ${screen} px`);
  return faults;
}

function listen(page: Page, origin: string, hear: (fault: string) => void): void {
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) hear(`console ${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => hear(`uncaught ${error.message}`));
  page.on('response', (response) => {
    if (response.status() >= 400) hear(`${response.status()} for ${response.url()}`);
  });
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== new URL(origin).origin)
      hear(`asks another origin: ${request.url()}`);
  });
}

async function textOf(page: Page): Promise<string> {
  const text = await page
    .locator('main')
    .innerText({ timeout: 1000 })
    .catch(() => '(nothing)');
  return text.replaceAll(/\s+/g, ' ').slice(0, 300);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
