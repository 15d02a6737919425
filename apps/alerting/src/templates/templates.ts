import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  alertmanagerFunctions,
  type FunctionTable,
  type Library,
  parseLibrary,
  parseTemplate,
  type Template,
} from '@paddlewatch/template';
import type { Notification } from '../notify/notification.ts';
import { TemplateData } from '../notify/template-data.ts';

const defaults = new URL('./default.tmpl', import.meta.url);
/** Distinct texts in one configuration are few; this bounds what templated header values and the like could add. */
const cacheLimit = 1000;

/** The templates of a configuration: ours, and over them the files of `templates:`. */
export class Templates {
  readonly #functions: FunctionTable;
  readonly #library: Library;
  readonly #parsed = new Map<string, Template>();

  /** @throws TemplateError naming the file and line; Error where a pattern without wildcards names no file. */
  constructor(patterns: readonly string[], folder: string, now: () => number) {
    this.#functions = alertmanagerFunctions({ now });
    const files = [
      { name: 'default.tmpl', text: readFileSync(defaults, 'utf8') },
      ...readAll(patterns, folder),
    ];
    this.#library = parseLibrary(files, this.#functions);
  }

  /** Reads a text ahead of its use, so that a fault shows when the configuration is loaded. @throws TemplateError */
  check(text: string): void {
    this.#template(text, 'none');
  }

  render(text: string, notification: Notification): string {
    return this.#template(text, 'none').execute(dataOf(notification));
  }

  /** As `render`, what actions print being escaped for HTML. */
  renderHtml(text: string, notification: Notification): string {
    return this.#template(text, 'html').execute(dataOf(notification));
  }

  #template(text: string, escaping: 'none' | 'html'): Template {
    const key = `${escaping} ${text}`;
    const known = this.#parsed.get(key);
    if (known) return known;
    const template = parseTemplate(text, this.#functions, {
      name: '',
      library: this.#library,
      escape: escaping,
    });
    if (this.#parsed.size >= cacheLimit) this.#parsed.clear();
    this.#parsed.set(key, template);
    return template;
  }
}

const built = new WeakMap<Notification, TemplateData>();

/** A notification goes to several channels, each of which renders several texts: its data is built once. */
function dataOf(notification: Notification): TemplateData {
  const data = built.get(notification) ?? new TemplateData(notification);
  built.set(notification, data);
  return data;
}

function readAll(patterns: readonly string[], folder: string): { name: string; text: string }[] {
  return patterns.flatMap((pattern) => {
    const files = globSync(pattern, { cwd: folder }).sort();
    if (files.length === 0 && !/[*?[]/.test(pattern))
      throw new Error(`cannot read template file ${pattern}: it is not there`);
    return files.map((file) => ({
      name: path.basename(file),
      text: readFileSync(path.resolve(folder, file), 'utf8'),
    }));
  });
}
